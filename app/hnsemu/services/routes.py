"""Use cases of SDN routes: HcnCreateSdnRoute and its kin; each is one transaction."""

from hnsemu.domain.identity import new_identity
from hnsemu.domain.policylists import PolicyList, PolicyListKind
from hnsemu.domain.routes import check_sdn_routes
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.query import HostComputeQuery
from hnsemu.schema.v2.read_identity import identity_request
from hnsemu.schema.v2.read_policylists import sdn_routes
from hnsemu.schema.v2.routes import HostComputeRoute
from hnsemu.services.policylists import creation, deletion
from hnsemu.services.policylists.queries import found, list_kind
from hnsemu.storage.transaction import Transaction, reads, writes

_KIND = PolicyListKind.ROUTE


@writes
def create_sdn_route(tx: Transaction, document: HostComputeRoute) -> PolicyList:
    """Create a list of SDN routes; see `create`."""
    return create(tx, document)


def create(tx: Transaction, document: HostComputeRoute) -> PolicyList:
    """Create a list of SDN routes inside another use case; equal ones may exist side by side [I].

    Raises: what `check_sdn_routes` and `place` raise.
    """
    routes = PolicyList(
        key=0,
        kind=_KIND,
        network=document.host_compute_network or "",
        references=document.host_compute_endpoints or (),
        routes=sdn_routes(document),
        **new_identity(identity_request(document), tx.host.release, tx.now, tx.source),
    )
    check_sdn_routes(routes)
    return creation.create(tx, routes)


@reads
def get_sdn_route(tx: Transaction, sdn_route_id: str) -> PolicyList:
    """Return the list of SDN routes.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    return found(tx, sdn_route_id, _KIND)


@reads
def list_sdn_routes(
    tx: Transaction, query: HostComputeQuery, limit: int | None = None, after: str | None = None
) -> list[PolicyList]:
    """Return the lists of SDN routes that `query` selects, in creation order."""
    return list_kind(tx, _KIND, query, limit, after)


@writes
def modify_sdn_route(tx: Transaction, sdn_route_id: str) -> PolicyList:
    """Refuse: HcnModifySdnRoute does nothing on any release that was seen.

    Raises: E_NOTIMPL, E_ELEMENT_NOT_FOUND.
    Source: hns-behaviour.md section 3.5: hcsshim deletes and creates [C]; the code [I].
    """
    found(tx, sdn_route_id, _KIND)
    raise HnsError(
        Hr.E_NOTIMPL, "an SDN route cannot be changed; delete it and create it again with its ID"
    )


@writes
def delete_sdn_route(tx: Transaction, sdn_route_id: str) -> None:
    """Delete the list of SDN routes.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    deletion.delete(tx, sdn_route_id, _KIND)
