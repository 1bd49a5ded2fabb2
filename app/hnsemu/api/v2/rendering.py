"""Facts in the form a query names: HCN 2, HNS 1 for schema 1, with more detail on request."""

from collections.abc import Callable, Mapping, Sequence
from typing import Concatenate, ParamSpec, TypeVar

from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.deps import call, call_aside, service
from hnsemu.api.parameters import Listing
from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.guestnetworkservices import GuestNetworkService
from hnsemu.domain.namespaces import Namespace
from hnsemu.domain.networks import Network
from hnsemu.domain.policylists import PolicyList, PolicyListKind
from hnsemu.domain.releases import Release
from hnsemu.schema.v1.dialect import render_v1
from hnsemu.schema.v2.query import EVERYTHING, HostComputeQuery
from hnsemu.schema.v2.render_endpoints import endpoint_document
from hnsemu.schema.v2.render_guestnetworkservices import guest_network_service_document
from hnsemu.schema.v2.render_namespaces import namespace_document
from hnsemu.schema.v2.render_networks import network_document
from hnsemu.schema.v2.render_policylists import (
    load_balancer_document,
    policy_list_document,
    sdn_route_document,
)
from hnsemu.services import hosts
from hnsemu.storage.transaction import Hns

Fact = Network | Endpoint | Namespace | PolicyList | GuestNetworkService

_POLICY_LISTS = {
    PolicyListKind.LOAD_BALANCER: load_balancer_document,
    PolicyListKind.ROUTE: sdn_route_document,
}

F = TypeVar("F", bound=Fact)
P = ParamSpec("P")


async def show(
    request: Request,
    use_case: Callable[Concatenate[Hns, P], F],
    *args: P.args,
    **kwargs: P.kwargs,
) -> tuple[F, Response]:
    """Run a use case; return the fact it gives and the answer that shows it in HCN 2."""
    return await _show(request, EVERYTHING, use_case, *args, **kwargs)


async def show_queried(
    request: Request,
    query: HostComputeQuery,
    use_case: Callable[[Hns, str], Fact],
    object_id: str,
) -> Response:
    """Answer the object with that id in the form the query names; its Filter is ignored.

    Source: clients.md section 0: clients send the query of their enumeration again [C].
    """
    return (await _show(request, query, use_case, object_id))[1]


async def show_list(
    request: Request,
    use_case: Callable[[Hns, HostComputeQuery, int | None, str | None], Sequence[Fact]],
    listing: Listing,
) -> Response:
    """Answer the objects of a listing."""
    view = _view(request, listing.query)

    def work(hns: Hns) -> tuple[Response, str | None]:
        found = list(use_case(hns, listing.query, listing.read, listing.after))
        facts, has_more = listing.cut(found)
        if listing.ids_only:
            shown: list[object] = [fact.id for fact in facts]
        else:
            release = hosts.release_of_host(hns)
            shown = [view(fact, release) for fact in facts]
        return answers.document(shown), facts[-1].id if has_more else None

    run = call if listing.is_short else call_aside
    answer, last_id = await run(request, work)
    return answers.continued(request, answer, last_id)


def document(fact: Fact, release: Release) -> dict[str, object]:
    """Return the HCN 2 document of `fact`."""
    if isinstance(fact, Network):
        return network_document(fact, release)
    if isinstance(fact, Endpoint):
        return endpoint_document(fact, release)
    if isinstance(fact, Namespace):
        return namespace_document(fact, release)
    if isinstance(fact, GuestNetworkService):
        return guest_network_service_document(fact)
    return _POLICY_LISTS.get(fact.kind, policy_list_document)(fact, release)


async def _show(
    request: Request,
    query: HostComputeQuery,
    use_case: Callable[Concatenate[Hns, P], F],
    *args: P.args,
    **kwargs: P.kwargs,
) -> tuple[F, Response]:
    view = _view(request, query)

    def work(hns: Hns) -> tuple[F, Response]:
        fact = use_case(hns, *args, **kwargs)
        return fact, answers.document(view(fact, hosts.release_of_host(hns)))

    return await call(request, work)


def _view(
    request: Request, query: HostComputeQuery
) -> Callable[[Fact, Release], Mapping[str, object]]:
    """Return the function that shows a fact in the form the query names."""
    if not query.in_schema_1:
        return document
    case = service(request).settings.guid_case

    def in_schema_1(fact: Fact, release: Release) -> Mapping[str, object]:
        if isinstance(fact, GuestNetworkService):  # HNS 1 has no shape for it [I]
            return document(fact, release)
        return render_v1(fact, release, case, detailed=query.detailed)

    return in_schema_1
