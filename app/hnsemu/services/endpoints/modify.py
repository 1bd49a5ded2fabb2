"""Changes to endpoints: policies and ports by request, or the whole document as HNS 1 posts it."""

from dataclasses import replace

from hnsemu.domain.attachments import check_not_degraded
from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.facts import Policy, Port
from hnsemu.domain.guid import ZERO
from hnsemu.domain.network_types import network_type
from hnsemu.domain.policies.plumbing import unplumbable
from hnsemu.domain.stats import EndpointStats
from hnsemu.errors import HnsError, Hr
from hnsemu.policies.endpoint_checks import PolicyContext, accepted
from hnsemu.policies.endpoint_facts import encap_overhead, port_name, port_vlan, vlan
from hnsemu.policies.endpoint_requests import modified
from hnsemu.schema.base import parse
from hnsemu.schema.enums import EndpointResourceType, ModifyRequestType
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.modify import ModifyEndpointSettingRequest, PolicyEndpointRequest
from hnsemu.schema.v2.policies.wire import EndpointPolicy
from hnsemu.services.endpoints import nat as endpoint_nat
from hnsemu.services.endpoints import ports as endpoint_ports
from hnsemu.services.endpoints.attach import change_port
from hnsemu.services.endpoints.policies import context_of
from hnsemu.services.endpoints.records import found, save
from hnsemu.storage import counters, placement, policies
from hnsemu.storage.transaction import Transaction, reads, writes

# Posting an endpoint back replaces these; everything else of it stays.
# Source: clients.md section 10: Felix sends ACLs only and needs the rest to survive [C].
_REPLACED_BY_UPDATE = {"ACL", "L4Proxy", "L4WFPPROXY", "TierAcl"}


def modify(tx: Transaction, endpoint_id: str, asked: ModifyEndpointSettingRequest) -> Endpoint:
    """Do what a ModifyEndpointSettingRequest asks for.

    Raises: HCN_E_ENDPOINT_NOT_FOUND, HCN_E_INVALID_JSON for a request that lacks something,
            HCN_E_DEGRADED_OPERATION, HCN_E_REQUEST_UNSUPPORTED and what the parts raise.
    """
    endpoint = found(tx, endpoint_id)
    if asked.resource_type is None or asked.request_type is None:
        missing = "ResourceType" if asked.resource_type is None else "RequestType"
        raise HnsError(Hr.HCN_E_INVALID_JSON, f"{missing} is missing; say what to change")
    check_not_degraded(endpoint)
    if asked.resource_type is EndpointResourceType.Policy:
        request = parse(PolicyEndpointRequest, asked.settings or {})
        return _change_policies(tx, endpoint, asked.request_type, request.policies or ())
    return change_port(tx, endpoint, asked.request_type, asked.settings or {})


modify_endpoint = writes(modify)


@writes
def update_endpoint(tx: Transaction, endpoint_id: str, asked: HostComputeEndpoint) -> Endpoint:
    """Apply the ACL and proxy policies of a posted endpoint; other members are read-only.

    Raises: HCN_E_ENDPOINT_NOT_FOUND, HCN_E_DEGRADED_OPERATION and what the policies raise.
    """
    endpoint = found(tx, endpoint_id)
    check_not_degraded(endpoint)
    wanted = [each for each in asked.policies or () if str(each.type) in _REPLACED_BY_UPDATE]
    if not wanted and asked.policies is None:
        return endpoint
    kept = accepted(wanted, _context(tx, endpoint))
    types = {each.type for each in kept} or _REPLACED_BY_UPDATE
    after = (*(each for each in endpoint.policies if each.type not in types), *kept)
    return _carry(tx, endpoint, after)


@reads
def endpoint_stats(tx: Transaction, endpoint_id: str) -> EndpointStats:
    """Return the traffic counters of the endpoint.

    Raises: HCN_E_ENDPOINT_NOT_FOUND.
    """
    endpoint = found(tx, endpoint_id)
    return EndpointStats(
        endpoint.id,
        endpoint.port.nic_id if endpoint.port else ZERO,
        counters.traffic(tx, endpoint.key),
    )


def _change_policies(
    tx: Transaction,
    endpoint: Endpoint,
    request: ModifyRequestType,
    asked: tuple[EndpointPolicy, ...],
) -> Endpoint:
    after = modified(request, asked, endpoint.policies, _context(tx, endpoint))
    return _carry(tx, endpoint, endpoint_ports.with_chosen_ports(tx, after))


def _context(tx: Transaction, endpoint: Endpoint) -> PolicyContext:
    return context_of(tx, endpoint.network_mode, endpoint.network_key, remote=endpoint.is_remote)


def _carry(tx: Transaction, endpoint: Endpoint, after: tuple[Policy, ...]) -> Endpoint:
    """Keep the policies and do what they mean: names and VLANs of ports, published ports.

    Raises: HCN_E_INVALID_POLICY when one cannot be plumbed on an endpoint that is plugged in [I].
    """
    broken = unplumbable(after) if endpoint.is_attached else ""
    if broken:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY, f"a policy holds {broken!r}, which is no address prefix"
        )
    changed = replace(
        endpoint,
        policies=after,
        port=_renamed(tx, endpoint, after),
        encap_overhead=encap_overhead(after) or network_type(endpoint.network_mode).encap,
    )
    changed = endpoint_nat.with_block(tx, changed)
    policies.replace(tx, "endpoint", endpoint.key, changed.policies)
    endpoint_ports.republish(tx, changed)
    return save(tx, changed)


def _renamed(tx: Transaction, endpoint: Endpoint, after: tuple[Policy, ...]) -> Port | None:
    """Return the endpoint's port under the name and VLAN that its policies give it."""
    port = endpoint.port
    if port is None:
        return None
    if port_name(after) != port_name(endpoint.policies):
        port = replace(port, friendly_name=port_name(after))
    if vlan(after) != vlan(endpoint.policies):
        place = placement.find(tx, endpoint.network_id)
        if place is not None:
            isolation = port_vlan(after, place, endpoint.ip_configurations)
            port = replace(port, isolation=isolation)
    return port
