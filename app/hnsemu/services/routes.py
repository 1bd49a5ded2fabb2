"""SDN route use cases: HcnCreateSdnRoute and its kin."""

from hnsemu.domain.policylists import PolicyList, PolicyListKind, SdnRoute
from hnsemu.domain.routes import check_sdn_routes
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.policies.route import SDNRoutePolicySetting
from hnsemu.schema.v2.query import HostComputeQuery
from hnsemu.schema.v2.routes import HostComputeRoute
from hnsemu.services import policylists
from hnsemu.services.identity import identity
from hnsemu.storage.transaction import Transaction, reads, writes

_KIND = PolicyListKind.ROUTE


@writes
def create_sdn_route(tx: Transaction, asked: HostComputeRoute) -> PolicyList:
    """Keep a list of SDN routes; equal ones may exist side by side [I].

    Raises: what `check_sdn_routes` and `policylists.keep` raise.
    """
    routes = PolicyList(
        key=0,
        kind=_KIND,
        network=asked.host_compute_network or "",
        references=asked.host_compute_endpoints or (),
        routes=tuple(_route(each) for each in asked.routes or ()),
        **identity(tx, asked),
    )
    check_sdn_routes(routes)
    return policylists.keep(tx, routes)


@reads
def get_sdn_route(tx: Transaction, sdn_route_id: str) -> PolicyList:
    """Return the list of SDN routes.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    return policylists.found(tx, sdn_route_id, _KIND)


@reads
def list_sdn_routes(
    tx: Transaction, query: HostComputeQuery, limit: int | None = None, after: str | None = None
) -> list[PolicyList]:
    """Return the lists of SDN routes that `query` selects, in creation order."""
    return policylists.chosen(tx, query, limit, after, _KIND)


@writes
def modify_sdn_route(tx: Transaction, sdn_route_id: str) -> PolicyList:
    """Refuse: HcnModifySdnRoute does nothing on any release that was seen.

    Raises: E_NOTIMPL, E_ELEMENT_NOT_FOUND.
    Source: hns-behaviour.md section 3.5: hcsshim deletes and creates [C]; the code [I].
    """
    policylists.found(tx, sdn_route_id, _KIND)
    raise HnsError(
        Hr.E_NOTIMPL, "an SDN route cannot be changed; delete it and create it anew with its ID"
    )


@writes
def delete_sdn_route(tx: Transaction, sdn_route_id: str) -> None:
    """Delete the list of SDN routes.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    policylists.forget(tx, sdn_route_id, _KIND)


def _route(asked: SDNRoutePolicySetting) -> SdnRoute:
    return SdnRoute(
        destination_prefix=asked.destination_prefix or "",
        next_hop=asked.next_hop or "",
        need_encap=asked.need_encap or False,
        automatic_endpoint_monitor=asked.automatic_endpoint_monitor or False,
    )
