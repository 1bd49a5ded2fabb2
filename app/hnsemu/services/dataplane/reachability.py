"""Who can reach whom: the matrix over the endpoints of a host."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from hnsemu.domain.dataplane import PlumbedEndpoint
from hnsemu.domain.tracing.matrix import Matrix, MatrixInRows, MatrixQuestion, Member
from hnsemu.domain.tracing.reachability import Reachability, Target
from hnsemu.domain.tracing.verdicts import Cell
from hnsemu.domain.tracing.walks import Service
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.query import HostComputeQuery
from hnsemu.services.dataplane.fabric import StoredFabric, StoredHost
from hnsemu.services.dataplane.parties import found_endpoint
from hnsemu.services.endpoints.queries import ids_of
from hnsemu.storage import endpoints
from hnsemu.storage.transaction import Transaction, reads

T = TypeVar("T")

_MOST_CELLS = 5_000_000
_MOST_ENDPOINTS = 100_000  # each is read whole


@reads
def reachability(tx: Transaction, question: MatrixQuestion) -> Matrix:
    """Return how a packet from each source to each target on each port ends.

    Raises: HCN_E_ENDPOINT_NOT_FOUND; E_INVALIDARG for a name that is ambiguous, or too many cells.
    """
    return matrix_of(tx, question)


@reads
def reachability_in_rows(
    tx: Transaction, question: MatrixQuestion, read: Callable[[MatrixInRows], T]
) -> T:
    """Return what `read` makes of the matrix, which is never in memory as a whole.

    Raises: what `reachability` raises.
    """
    return read(_in_rows(tx, question, StoredFabric(tx)))


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """A part of the matrix of a host. next_source, next_target: where the next begin, "" for none.

    Both are the last endpoint of this part, for `MatrixWindow`.
    """

    matrix: Matrix
    next_source: str
    next_target: str


@dataclass(frozen=True, slots=True)
class MatrixWindow:
    """Which part to show: the endpoints that `query` selects, `size` senders and receivers.

    Senders begin behind the endpoint `after_source`, receivers behind `after_target`; None for the
    first ones.
    """

    query: HostComputeQuery
    size: int
    after_source: str | None = None
    after_target: str | None = None


def page_of(tx: Transaction, window: MatrixWindow, service: Service) -> MatrixPage:
    """Return a part of the matrix; senders are on this host, receivers may be remote.

    Raises: E_INVALIDARG when there is no endpoint to begin behind.
    """
    fabric = StoredFabric(tx)
    host = fabric.host(tx.host.name)
    sources, next_source = _part(tx, window, window.after_source)
    targets, next_target = _part(tx, window, window.after_target)
    here = [endpoint.id for endpoint in _endpoints(host, sources) if not endpoint.is_remote]
    matrix = matrix_of(tx, MatrixQuestion(tuple(here), targets, (), (service,)), fabric)
    return MatrixPage(matrix, next_source, next_target)


reachability_page = reads(page_of)


def _part(tx: Transaction, window: MatrixWindow, after: str | None) -> tuple[tuple[str, ...], str]:
    ids = ids_of(tx, window.query, window.size + 1, after)
    last = ids[window.size - 1] if len(ids) > window.size else ""
    return tuple(ids[: window.size]), last


def matrix_of(
    tx: Transaction, question: MatrixQuestion, fabric: StoredFabric | None = None
) -> Matrix:
    """Return the matrix inside another use case.

    Raises: what `reachability` raises.
    """
    found = _in_rows(tx, question, fabric or StoredFabric(tx))
    indices = [list(rows) for rows in found.rows]
    return Matrix(
        found.sources, found.targets, found.services, tuple(found.outcomes), indices, found.owners()
    )


def _in_rows(tx: Transaction, question: MatrixQuestion, fabric: StoredFabric) -> MatrixInRows:
    _check_size(tx, question)
    host = fabric.host(tx.host.name)
    host.read_ahead(dict.fromkeys((*(question.sources or ()), *(question.targets or ()))))
    sources = _endpoints(host, question.sources)
    targets = [_target(endpoint) for endpoint in _endpoints(host, question.targets)]
    targets += [Target(address) for address in question.addresses]
    found = Reachability(fabric, host.name, sources, targets)
    names = {network.id: network.network.name for network in host.networks}
    return MatrixInRows(
        tuple(_member(_target(source), names) for source in sources),
        tuple(_member(target, names) for target in targets),
        question.services,
        (found.rows(service) for service in question.services),
        found.outcomes,
        lambda: names | _endpoint_names(host, found.outcomes),
    )


def _check_size(tx: Transaction, question: MatrixQuestion) -> None:
    """Refuse a question that is too large before any endpoint is read.

    Raises: E_INVALIDARG.
    """
    is_of_all = question.sources is None or question.targets is None
    attached = endpoints.count_attached(tx) if is_of_all else 0
    senders = attached if question.sources is None else len(question.sources)
    receivers = attached if question.targets is None else len(question.targets)
    largest, receivers = max(senders, receivers), receivers + len(question.addresses)
    cells = senders * receivers * len(question.services)
    if cells > _MOST_CELLS or largest > _MOST_ENDPOINTS:
        raise HnsError(
            Hr.E_INVALIDARG,
            f"{senders} senders, {receivers} receivers and {len(question.services)} ports are "
            f"{cells} cells; request at most {_MOST_CELLS} at once, of at most {_MOST_ENDPOINTS} "
            "endpoints: name fewer in From and To",
        )


def _endpoints(host: StoredHost, named: tuple[str, ...] | None) -> Sequence[PlumbedEndpoint]:
    if named is not None:
        return [found_endpoint(host, name) for name in named]
    return [
        endpoint
        for network in host.networks
        for endpoint in host.all_endpoints(network.id)
        if endpoint.endpoint.is_attached
    ]


def _target(endpoint: PlumbedEndpoint) -> Target:
    return Target(endpoint.addresses[0] if endpoint.addresses else None, endpoint)


def _member(target: Target, networks: Mapping[str, str]) -> Member:
    address = str(target.address) if target.address is not None else ""
    if target.endpoint is None:
        return Member("", "", address)
    endpoint = target.endpoint.endpoint
    return Member(
        endpoint.id,
        endpoint.name,
        address,
        networks[endpoint.network_id] or endpoint.network_id,
        is_attached=endpoint.is_attached or endpoint.is_remote,
    )


def _endpoint_names(host: StoredHost, cells: Iterable[Cell]) -> dict[str, str]:
    """Return the names of the endpoints of this host whose policies decided, by id."""
    owners = {cell.policy.owner_id for cell in cells if cell.policy is not None}
    found = (host.endpoint(owner) for owner in sorted(owners))
    return {endpoint.id: endpoint.endpoint.name for endpoint in found if endpoint is not None}
