"""What a document would do: its rules, and who reaches whom after it. Nothing of it stays."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from hnsemu.domain.dataplane import PlumbedEndpoint
from hnsemu.domain.tracing.matrix import Matrix, MatrixQuestion, Member
from hnsemu.domain.tracing.matrix_words import decided_by, sign
from hnsemu.domain.tracing.walks import Service
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.host.pasted import Pasted
from hnsemu.schema.host.trace import as_address
from hnsemu.schema.v2.query import EVERYTHING, HostComputeQuery
from hnsemu.services import loadbalancers
from hnsemu.services.dataplane.compiled import (
    Compilation,
    compile_endpoint,
    compile_list,
    compile_network,
)
from hnsemu.services.dataplane.fabric import StoredFabric
from hnsemu.services.dataplane.parties import found_endpoint
from hnsemu.services.dataplane.reachability import (
    MatrixPage,
    MatrixWindow,
    matrix_of,
    page_of,
)
from hnsemu.services.endpoints.modification import modify as modify_endpoint
from hnsemu.services.endpoints.queries import ids_of
from hnsemu.services.hosts.snapshots import go_back
from hnsemu.services.networks.modification import modify as modify_network
from hnsemu.storage.transaction import Transaction, tries

MOST_PEERS = 1000
"""Endpoints that are compared with the one that changes, or with new services."""

_MOST_OF_NETWORK = 100  # on each side, when every endpoint of a network may change
_MOST_PORTS = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to try. endpoint: id or name of the one that gets the policies, "" where none does.

    replaces: whether they come in the place of those that it has. service: the port to look at.
    among: selects the endpoints that are compared.
    """

    pasted: Pasted
    endpoint: str
    replaces: bool
    service: Service
    among: HostComputeQuery = EVERYTHING


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A cell of the matrix that is another after the change: its sign, and what decides."""

    service: Service
    source: Member
    target: Member
    before: tuple[str, str]
    after: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a document would do: to the cells of the matrix that it can change.

    looked_at: number of cells that were compared. endpoints: how many endpoints they are of.
    is_all: whether these are all endpoints that were to be compared.
    """

    compilation: Compilation
    changed: tuple[ChangedCell, ...]
    looked_at: int
    endpoints: int
    is_all: bool


@dataclass(frozen=True, slots=True)
class _Scope:
    """The parts of the matrix that a change can change, and how many endpoints they are of."""

    questions: tuple[MatrixQuestion, ...]
    endpoints: int
    is_all: bool


@tries
def try_document(tx: Transaction, proposal: Proposal) -> Trial:
    """Return what a document would do.

    Raises: E_INVALIDARG without an endpoint for policies; what the change itself raises.
    """
    scope = _scope(tx, proposal)
    before = _matrices(tx, scope)
    compilation = carry_out(tx, proposal.pasted, proposal.endpoint, replaces=proposal.replaces)
    pairs = list(zip(before, _matrices(tx, scope), strict=True))
    changed = tuple(cell for old, new in pairs for cell in changed_cells(old, new))
    cells = sum(len(old.sources) * len(old.targets) * len(old.services) for old in before)
    return Trial(compilation, changed, cells, scope.endpoints, scope.is_all)


@tries
def reachability_since(
    tx: Transaction, window: MatrixWindow, service: Service, snapshot: str
) -> tuple[MatrixPage, Sequence[ChangedCell]]:
    """Return a part of the matrix, and its cells that were others in a snapshot.

    The host goes back to the snapshot for a moment, and nothing of that stays. Endpoints that were
    not there have no cells to compare.
    Raises: E_ELEMENT_NOT_FOUND for an unknown snapshot; what `reachability_page` raises.
    """
    page = page_of(tx, window, service)
    go_back(tx, snapshot)
    host = StoredFabric(tx).host(tx.host.name)
    there = {
        member.id
        for member in (*page.matrix.sources, *page.matrix.targets)
        if host.endpoint(member.id) is not None
    }
    now = _only(page.matrix, there)
    ids = [tuple(member.id for member in members) for members in (now.sources, now.targets)]
    before = matrix_of(tx, MatrixQuestion(ids[0], ids[1], (), (service,)))
    return page, changed_cells(before, now)


def _only(matrix: Matrix, ids: Collection[str]) -> Matrix:
    """Return the rows and columns of these endpoints."""
    rows = [number for number, member in enumerate(matrix.sources) if member.id in ids]
    columns = [number for number, member in enumerate(matrix.targets) if member.id in ids]
    return replace(
        matrix,
        sources=tuple(matrix.sources[row] for row in rows),
        targets=tuple(matrix.targets[column] for column in columns),
        indices=[[[part[row][column] for column in columns] for row in rows]
                 for part in matrix.indices],
    )  # fmt: skip


def _matrices(tx: Transaction, scope: _Scope) -> list[Matrix]:
    fabric = StoredFabric(tx)
    return [matrix_of(tx, question, fabric) for question in scope.questions]


def carry_out(tx: Transaction, pasted: Pasted, endpoint: str, *, replaces: bool) -> Compilation:
    """Do what a document says; return the policies that are new, with their rules.

    Raises: E_INVALIDARG without an endpoint for policies; what the change itself raises.
    """
    if pasted.balancer is not None:
        return compile_list(tx, loadbalancers.create(tx, pasted.balancer_request()).id)
    target = _endpoint(tx, pasted, endpoint).endpoint
    if pasted.is_of_network:
        count = len(compile_network(tx, target.network_id).policies)
        modify_network(tx, target.network_id, pasted.network_request())
        return _new(compile_network(tx, target.network_id), count)
    if replaces:
        modify_endpoint(tx, target.id, pasted.endpoint_request("Reset"))
    modify_endpoint(tx, target.id, pasted.endpoint_request("Add"))
    return _new(compile_endpoint(tx, target.id), 0 if replaces else len(target.policies))


def changed_cells(before: Matrix, after: Matrix) -> Sequence[ChangedCell]:
    """Return the cells of two matrices of the same members that end otherwise."""
    found = []
    for number, service in enumerate(before.services):
        for row, source in enumerate(before.sources):
            for column, target in enumerate(before.targets):
                old = before.outcomes[before.indices[number][row][column]]
                new = after.outcomes[after.indices[number][row][column]]
                if (old.verdict, old.reason) != (new.verdict, new.reason):
                    was = (sign(old, source, target), decided_by(old, before.owners))
                    now = (sign(new, source, target), decided_by(new, after.owners))
                    found.append(ChangedCell(service, source, target, was, now))
    return found


def _new(compilation: Compilation, count: int) -> Compilation:
    """Return the policies behind the first `count`."""
    return Compilation(compilation.policies[count:], compilation.name)


def _endpoint(tx: Transaction, pasted: Pasted, endpoint: str) -> PlumbedEndpoint:
    host = StoredFabric(tx).host(tx.host.name)
    if pasted.endpoint:
        try:
            return found_endpoint(host, pasted.endpoint)
        except HnsError:  # a new one; its policies are tried at another
            if not endpoint:
                raise
    if not endpoint:
        raise HnsError(Hr.E_INVALIDARG, "name the endpoint that gets the policies")
    return found_endpoint(host, endpoint)


def _scope(tx: Transaction, proposal: Proposal) -> _Scope:
    """Return which cells a document can change: of the endpoint, the network, or the VIPs."""
    if proposal.pasted.balancer is not None:
        return _of_balancer(tx, proposal)
    target = _endpoint(tx, proposal.pasted, proposal.endpoint)
    if proposal.pasted.is_of_network:
        return _of_network(tx, proposal, target.endpoint.network_id)
    peers, is_all = _first(tx, proposal.among, MOST_PEERS)
    others = tuple(peer for peer in peers if peer != target.id)
    members = (*others, target.id)
    inward = MatrixQuestion(_senders(tx, members), (target.id,), (), (proposal.service,))
    outward = MatrixQuestion(_senders(tx, (target.id,)), others, (), (proposal.service,))
    return _Scope((inward, outward), len(members), is_all)


def _of_network(tx: Transaction, proposal: Proposal, network_id: str) -> _Scope:
    """Return the cells of which one side is on the network."""
    wanted = {**proposal.among.wanted, "HostComputeNetwork": network_id}
    inside, are_all = _first(tx, HostComputeQuery(filter=json.dumps(wanted)), _MOST_OF_NETWORK)
    peers, is_all = _first(tx, proposal.among, _MOST_OF_NETWORK)
    others = tuple(peer for peer in peers if peer not in set(inside))
    members = (*inside, *others)
    inward = MatrixQuestion(_senders(tx, members), inside, (), (proposal.service,))
    outward = MatrixQuestion(_senders(tx, inside), others, (), (proposal.service,))
    return _Scope((inward, outward), len(members), is_all and are_all)


def _of_balancer(tx: Transaction, proposal: Proposal) -> _Scope:
    """Return the cells of the VIPs."""
    request = proposal.pasted.balancer_request()
    mappings = (request.port_mappings or ())[:_MOST_PORTS]
    services = [Service(mapping.protocol or 6, mapping.external_port)
                for mapping in mappings if mapping.external_port]  # fmt: skip
    vips = tuple(as_address(vip, "FrontendVIPs") for vip in request.frontend_vips or ())
    peers, is_all = _first(tx, proposal.among, MOST_PEERS)
    ports = tuple(dict.fromkeys((proposal.service, *services)))
    return _Scope((MatrixQuestion(_senders(tx, peers), (), vips, ports),), len(peers), is_all)


def _first(tx: Transaction, query: HostComputeQuery, limit: int) -> tuple[tuple[str, ...], bool]:
    """Return the first endpoints that a query selects, and whether these are all."""
    ids = ids_of(tx, query, limit + 1, None)
    return tuple(ids[:limit]), len(ids) <= limit


def _senders(tx: Transaction, members: Sequence[str]) -> tuple[str, ...]:
    """Return those of the endpoints that are on this host."""
    host = StoredFabric(tx).host(tx.host.name)
    host.read_ahead(members)
    known = [(member, host.endpoint(member)) for member in members]
    return tuple(member for member, found in known if found is not None and not found.is_remote)
