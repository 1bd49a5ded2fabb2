"""Facts as the answer a query asks for: HCN 2, HNS 1 for schema 1, more when detailed."""

from fastapi import Request

from app.api.deps import call, service
from app.domain.endpoints import Endpoint
from app.domain.namespaces import Namespace
from app.domain.networks import Network
from app.domain.policylists import PolicyList, PolicyListKind
from app.domain.releases import Release
from app.schema.v1 import dialect
from app.schema.v2.query import EVERYTHING, HostComputeQuery
from app.schema.v2.render_endpoints import endpoint_document
from app.schema.v2.render_namespaces import namespace_document
from app.schema.v2.render_networks import network_document
from app.schema.v2.render_policylists import (
    load_balancer_document,
    policy_list_document,
    sdn_route_document,
)
from app.services import hosts

Fact = Network | Endpoint | Namespace | PolicyList


async def render(
    request: Request, fact: Fact, wanted: HostComputeQuery = EVERYTHING
) -> dict[str, object]:
    """Return the document of `fact` on the release of the request's host."""
    release = await release_of(request)
    if wanted.in_schema_1:
        case = service(request).settings.guid_case
        return dialect.render_v1(fact, release, case, detailed=wanted.detailed)
    return document(fact, release)


async def release_of(request: Request) -> Release:
    """Return the release of the request's host; it is asked for once per request."""
    known: Release | None = getattr(request.state, "release", None)
    if known is None:
        known = await call(request, hosts.release_of_host)
        request.state.release = known
    return known


def document(fact: Fact, release: Release) -> dict[str, object]:
    """Return the HCN 2 document of `fact`."""
    if isinstance(fact, Network):
        return network_document(fact, release)
    if isinstance(fact, Endpoint):
        return endpoint_document(fact, release)
    if isinstance(fact, Namespace):
        return namespace_document(fact, release)
    if fact.kind is PolicyListKind.LOAD_BALANCER:
        return load_balancer_document(fact, release)
    if fact.kind is PolicyListKind.ROUTE:
        return sdn_route_document(fact, release)
    return policy_list_document(fact, release)
