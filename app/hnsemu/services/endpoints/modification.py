"""Changes to endpoints: policies and ports by request, or the whole document as HNS 1 posts it."""

from dataclasses import replace

from hnsemu.domain.attachments import Attachment, SystemType, check_attachable, check_not_degraded
from hnsemu.domain.endpoint_changes import (
    ChangeFacts,
    EndpointChange,
    MachinePort,
    changed_at,
    decide_attachment,
    decide_detachment,
    decide_policies,
)
from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.facts import Policy
from hnsemu.errors import HnsError, Hr
from hnsemu.policies.endpoint_effects import (
    changed_policies,
    needs_of,
    policy_context,
    read_policies,
    read_site,
)
from hnsemu.policies.model import PolicyContext
from hnsemu.policies.plumbing import unplumbable
from hnsemu.policies.requests import replaced_by_update, updated_on_endpoint
from hnsemu.schema.base import parse
from hnsemu.schema.enums import EndpointResourceType, ModifyRequestType
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.modify import (
    ModifyEndpointSettingRequest,
    PolicyEndpointRequest,
    VmEndpointRequest,
)
from hnsemu.schema.v2.policies.wire import EndpointPolicy
from hnsemu.services.endpoint_records import existing, keep
from hnsemu.storage import endpoint_changes
from hnsemu.storage.transaction import Transaction, writes


def modify(tx: Transaction, endpoint_id: str, request: ModifyEndpointSettingRequest) -> Endpoint:
    """Do what a ModifyEndpointSettingRequest says, inside another use case.

    Raises: HCN_E_ENDPOINT_NOT_FOUND, HCN_E_INVALID_JSON for a request that lacks something,
            HCN_E_DEGRADED_OPERATION, HCN_E_REQUEST_UNSUPPORTED and what the parts raise.
    """
    policies = _requested_policies(request)
    readable = () if isinstance(policies, HnsError) else policies
    facts = endpoint_changes.gather(tx, endpoint_id, needs_of(readable))
    change = _decide(tx, existing(facts.endpoint, endpoint_id), request, policies, facts)
    return keep(tx, change)


modify_endpoint = writes(modify)


@writes
def update_endpoint(tx: Transaction, endpoint_id: str, document: HostComputeEndpoint) -> Endpoint:
    """Apply the ACL and proxy policies of a posted endpoint; other members are read-only.

    Raises: HCN_E_ENDPOINT_NOT_FOUND, HCN_E_DEGRADED_OPERATION and what the policies raise.
    """
    posted = replaced_by_update(document.policies or ())
    facts = endpoint_changes.gather(tx, endpoint_id, needs_of(posted))
    endpoint = existing(facts.endpoint, endpoint_id)
    check_not_degraded(endpoint)
    if document.policies is None:
        return endpoint
    after = updated_on_endpoint(posted, endpoint.policies, _context(tx, endpoint, facts))
    change = _decide_policies(endpoint, after, facts, tx.now)
    return keep(tx, change)


def _requested_policies(
    request: ModifyEndpointSettingRequest,
) -> tuple[EndpointPolicy, ...] | HnsError:
    """Return the policies of a Policy request, or their refusal: others come before it."""
    if request.resource_type is not EndpointResourceType.Policy:
        return ()
    try:
        return parse(PolicyEndpointRequest, request.settings or {}).policies or ()
    except HnsError as refusal:
        return refusal


def _decide(
    tx: Transaction,
    endpoint: Endpoint,
    request: ModifyEndpointSettingRequest,
    policies: tuple[EndpointPolicy, ...] | HnsError,
    facts: ChangeFacts,
) -> EndpointChange:
    if request.resource_type is None or request.request_type is None:
        missing = "ResourceType" if request.resource_type is None else "RequestType"
        raise HnsError(Hr.HCN_E_INVALID_JSON, f"{missing} is missing; say what to change")
    check_not_degraded(endpoint)
    if request.resource_type is not EndpointResourceType.Policy:
        return _decide_port(endpoint, request.request_type, request.settings or {}, tx.now)
    if isinstance(policies, HnsError):
        raise policies
    context, ports = _context(tx, endpoint, facts), facts.policies.ports
    after = changed_policies(
        request.request_type, policies, endpoint.policies, context, ports, tx.source
    )
    return _decide_policies(endpoint, after, facts, tx.now)


def _decide_policies(
    endpoint: Endpoint, after: tuple[Policy, ...], facts: ChangeFacts, now: int
) -> EndpointChange:
    before = read_policies(endpoint.policies, plumbs=False)
    read = read_policies(after, plumbs=endpoint.is_attached)
    site = None if facts.site is None else read_site(facts.site)
    return decide_policies(endpoint, before, read, replace(facts, site=site), now)


def _decide_port(
    endpoint: Endpoint, request: ModifyRequestType, settings: object, now: int
) -> EndpointChange:
    """Return the endpoint with a virtual machine plugged in or out; Refresh plumbs it once more.

    Raises: HCN_E_REQUEST_UNSUPPORTED, HCN_E_ENDPOINT_NOT_ATTACHED and what the parts raise.
    Source: hns-behaviour.md section 3.5 [D]; Refresh as WSL sends it, clients.md section 20 [C].
    """
    check_attachable(endpoint)
    if request is ModifyRequestType.Refresh:
        return changed_at(endpoint, endpoint, now)
    if request is ModifyRequestType.Remove:
        return decide_detachment(endpoint, "", now)
    if request is not ModifyRequestType.Add:
        raise HnsError(
            Hr.HCN_E_REQUEST_UNSUPPORTED, f"{request} does not apply to a port; use Add or Remove"
        )
    wanted = parse(VmEndpointRequest, settings)
    machine = wanted.virtual_machine_id or wanted.virtual_nic_name or ""
    to = Attachment(SystemType.VIRTUAL_MACHINE, machine)
    port = MachinePort(wanted.port_id or "", wanted.virtual_nic_name or "")
    return decide_attachment(endpoint, to, unplumbable(endpoint.policies), now, port)


def _context(tx: Transaction, endpoint: Endpoint, facts: ChangeFacts) -> PolicyContext:
    return policy_context(
        endpoint.network_mode, tx.host.release, facts.policies, remote=endpoint.is_remote
    )
