"""What a document would do: its rules, and who reaches whom after it. Nothing of it stays."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from hnsemu.domain.dataplane import PlumbedEndpoint
from hnsemu.domain.tracing.matrix import Matrix, MatrixQuestion, Member
from hnsemu.domain.tracing.matrix_words import decided_by, sign
from hnsemu.domain.tracing.reachability import Service
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.host.pasted import Pasted
from hnsemu.schema.host.trace import as_address
from hnsemu.schema.v2.query import EVERYTHING
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

_MOST_MEMBERS = 50
_MOST_PORTS = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to try. endpoint: id or name of the one that gets the policies, "" where none does.

    replaces: whether they come in the place of those that it has. service: the port to look at.
    """

    pasted: Pasted
    endpoint: str
    replaces: bool
    service: Service


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
    """What a document would do. looked_at: number of cells that were compared."""

    compilation: Compilation
    changed: tuple[ChangedCell, ...]
    looked_at: int


@tries
def try_document(tx: Transaction, proposal: Proposal) -> Trial:
    """Return what a document would do.

    Raises: E_INVALIDARG without an endpoint for policies; what the change itself raises.
    """
    question = _question(tx, proposal)
    before = matrix_of(tx, question)
    compilation = carry_out(tx, proposal.pasted, proposal.endpoint, replaces=proposal.replaces)
    after = matrix_of(tx, question)
    cells = len(before.sources) * len(before.targets) * len(before.services)
    return Trial(compilation, tuple(changed_cells(before, after)), cells)


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


def _question(tx: Transaction, proposal: Proposal) -> MatrixQuestion:
    """Return who is asked for: the first endpoints, the one that changes, and the VIPs."""
    host = StoredFabric(tx).host(tx.host.name)
    first = ids_of(tx, EVERYTHING, _MOST_MEMBERS, None)
    pasted = proposal.pasted
    services = [proposal.service]
    if pasted.balancer is not None:
        request = pasted.balancer_request()
        mappings = (request.port_mappings or ())[:_MOST_PORTS]
        services += [Service(mapping.protocol or 6, mapping.external_port)
                     for mapping in mappings if mapping.external_port]  # fmt: skip
        vips = [as_address(vip, "FrontendVIPs") for vip in request.frontend_vips or ()]
        members = first
    else:
        vips = []
        target = _endpoint(tx, pasted, proposal.endpoint)
        members = [*(known for known in first if known != target.id), target.id]
    known = [(member, host.endpoint(member)) for member in members]
    senders = [member for member, found in known if found is not None and not found.is_remote]
    return MatrixQuestion(
        tuple(senders), tuple(members), tuple(vips), tuple(dict.fromkeys(services))
    )
