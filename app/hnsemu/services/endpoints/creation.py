"""Creating endpoints: HcnCreateEndpoint."""

from collections.abc import Sequence
from dataclasses import replace

from hnsemu.domain.attachments import Attachment
from hnsemu.domain.endpoint_changes import decide_attachment
from hnsemu.domain.endpoint_creation import (
    CreationFacts,
    EndpointRequest,
    NewEndpoint,
    admit,
    decide_creation,
)
from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.source import Source
from hnsemu.policies.endpoint_effects import (
    needs_of,
    new_policies,
    policy_context,
    read_site,
)
from hnsemu.policies.plumbing import unplumbable
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.policies.wire import EndpointPolicy
from hnsemu.schema.v2.read_endpoints import endpoint_request
from hnsemu.schema.v2.render_endpoints import endpoint_text
from hnsemu.storage import endpoint_creation
from hnsemu.storage.transaction import Transaction, writes


@writes
def create_endpoint(
    tx: Transaction,
    network_id: str | None,
    document: HostComputeEndpoint,
    network_name: str = "",
) -> Endpoint:
    """Create an endpoint and return it; see `create_endpoint_document`."""
    return create(tx, network_id, document, network_name)


def create(
    tx: Transaction,
    network_id: str | None,
    document: HostComputeEndpoint,
    network_name: str = "",
) -> Endpoint:
    """Create an endpoint inside another use case; see `create_endpoint_document`."""
    new, _ = _create(tx, network_id, document, network_name)
    return new.endpoint


def create_attached(tx: Transaction, document: HostComputeEndpoint, to: Attachment) -> Endpoint:
    """Create an endpoint plugged in, inside another use case: it is written once, as it is then.

    Raises: see `create_endpoint_document` and `decide_attachment`; nothing is kept then.
    """
    new, _ = _create(tx, None, document, "", to)
    return new.endpoint


@writes
def create_endpoint_document(
    tx: Transaction,
    network_id: str | None,
    document: HostComputeEndpoint,
    network_name: str = "",
) -> tuple[str, str]:
    """Create an endpoint with addresses, MAC, port and policies; return its id and HCN 2 answer.

    network_id:   the network whose handle was given, None for that of the document.
    network_name: for HNS 1 callers that only name it.
    Raises: HCN_E_NETWORK_NOT_FOUND, E_OBJECT_ALREADY_EXISTS for an id, address or MAC that is
            taken, HCN_E_PORT_ALREADY_EXISTS, E_ELEMENT_NOT_FOUND for an unknown namespace and what
            the parts raise.
    """
    new, text = _create(tx, network_id, document, network_name)
    return new.endpoint.id, text


def _create(
    tx: Transaction,
    network_id: str | None,
    document: HostComputeEndpoint,
    network_name: str,
    to: Attachment | None = None,
) -> tuple[NewEndpoint, str]:
    """Create an endpoint, plugged in if wanted; return what was decided, and its HCN 2 answer."""
    request = endpoint_request(document, network_id, network_name)
    requested = document.policies or ()
    facts = endpoint_creation.gather(tx, request, needs_of(requested))
    new = _decide(request, requested, facts, tx.source, tx.now)
    if to is not None:
        new = replace(new, endpoint=_plugged_in(new.endpoint, to, tx.now))
    text = endpoint_text(new.endpoint, facts.host.release)
    endpoint_creation.write(tx, new, text)
    return new, text


def _plugged_in(endpoint: Endpoint, to: Attachment, now: int) -> Endpoint:
    change = decide_attachment(endpoint, to, unplumbable(endpoint.policies), now)
    if change.refusal is not None:
        raise change.refusal
    return change.endpoint


def _decide(
    request: EndpointRequest,
    requested: Sequence[EndpointPolicy],
    facts: CreationFacts,
    source: Source,
    now: int,
) -> NewEndpoint:
    """Return what to write for the endpoint with the requested policies; see the parts."""
    site = read_site(admit(request, facts))
    remote, release, known = request.is_remote, facts.host.release, facts.policies
    context = policy_context(site.mode, release, known, remote=remote)
    plumbs = bool(request.namespace_id)
    policies = new_policies(requested, context, known.ports, source, plumbs=plumbs)
    return decide_creation(request, site, policies, facts, source, now)
