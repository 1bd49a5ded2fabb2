"""Who reaches whom on a port: senders down, receivers across, each cell leads to its trace."""

import json
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote, urlencode

from fastapi import Response

from hnsemu.domain.guid import parse_guid
from hnsemu.domain.query import read_conditions
from hnsemu.domain.tracing import matrix_picture
from hnsemu.domain.tracing.matrix import Matrix, MatrixInRows, Member, grouped
from hnsemu.domain.tracing.matrix_words import (
    LEGEND,
    decided_by,
    service_document,
    service_words,
    sign,
)
from hnsemu.domain.tracing.model import Verdict
from hnsemu.domain.tracing.walks import Service
from hnsemu.domain.visible import visible
from hnsemu.errors import HnsError
from hnsemu.pages.objects.nouns import ENDPOINTS, making
from hnsemu.pages.router import PageRouter
from hnsemu.pages.visit import Visit
from hnsemu.schema.base import parse
from hnsemu.schema.host.reachability import ReachabilityPort, reachability_pieces
from hnsemu.schema.v2.query import EVERYTHING, HostComputeQuery
from hnsemu.services.dataplane.reachability import MatrixPage, MatrixWindow, reachability_page
from hnsemu.services.dataplane.trials import ChangedCell, reachability_since
from hnsemu.services.hosts.snapshots import list_snapshots

router = PageRouter(prefix="/ui")

_SIZE = 36  # senders and receivers: as many columns as a window of 1,280 pixels shows
_PORTS = ("80", "443", "53", "udp/53", "icmp")
STYLES = {"+": "yes", "x": "no", "-": "out", "o": "off"}


@dataclass(frozen=True, slots=True)
class Square:
    """A cell: its sign, what it says on hover, and the address of its trace, "" without one."""

    sign: str
    style: str
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Line:
    """The cells of a sender."""

    source: Member
    squares: tuple[Square, ...]


@router.page("/matrix", sees_others=True)
def show_matrix(visit: Visit) -> Response:
    """The matrix of a port."""
    text = visit.asks("port", "80")
    page: MatrixPage | None = None
    changed: Sequence[ChangedCell] = ()
    refusal = ""
    try:
        service = _service(text)
        page, changed = _page(visit, service)
    except HnsError as error:
        refusal = error.detail or error.hr.message
    matrix = grouped(page.matrix) if page is not None else None
    return visit.shown(
        "matrix/matrix.html",
        "Matrix",
        document="" if refusal else f"{visit.path}/matrix/json?{visit.again()}",
        status=400 if refusal else 200,
        port=text,
        ports=_PORTS,
        refusal=refusal,
        matrix=matrix,
        networks=_networks(matrix.targets) if matrix else (),
        groups=_groups(visit, matrix, changed) if matrix else (),
        changed=changed,
        snapshots=[snapshot.name for snapshot in list_snapshots(visit.hns)],
        counts=_counts(matrix) if matrix else {},
        legend={mark: (STYLES[mark], words) for mark, words in LEGEND.items()},
        page=page,
        size=_SIZE,
        picture=f"{visit.here}/matrix/svg?{visit.again()}",
        commands=_commands(visit, matrix, page) if matrix and page else {},
        makes=making(ENDPOINTS, visit.options),
    )


@router.page("/matrix/svg", sees_others=True)
def draw_matrix(visit: Visit) -> Response:
    """The same as a picture."""
    service = _service(visit.asks("port", "80"))
    page = reachability_page(visit.hns, _window(visit), service)
    return Response(matrix_picture.svg(page.matrix), media_type="image/svg+xml")


@router.page("/matrix/json", sees_others=True)
def read_matrix(visit: Visit) -> Response:
    """The same as the API answers: POST /host/reachability."""
    matrix = reachability_page(visit.hns, _window(visit), _service(visit.asks("port", "80"))).matrix
    rows = MatrixInRows(
        matrix.sources,
        matrix.targets,
        matrix.services,
        matrix.indices,
        matrix.outcomes,
        lambda: matrix.owners,
    )
    return Response(b"".join(reachability_pieces(rows)), media_type="application/json")


def _service(text: str) -> Service:
    return parse(ReachabilityPort, service_document(text), strict=True).to_domain()


def _page(visit: Visit, service: Service) -> tuple[MatrixPage, Sequence[ChangedCell]]:
    """Return the part to show, and what has changed in it since a snapshot that is named."""
    since = visit.asks("since")
    if not since:
        return reachability_page(visit.hns, _window(visit), service), ()
    return reachability_since(visit.hns, _window(visit), service, since)


def _window(visit: Visit) -> MatrixWindow:
    wanted = read_conditions(visit.asks("q"))
    query = HostComputeQuery(filter=json.dumps(wanted)) if wanted else EVERYTHING
    after = [parse_guid(visit.asks(name)) if visit.asks(name) else None
             for name in ("senders", "receivers")]  # fmt: skip
    return MatrixWindow(query, _SIZE, *after)


def _networks(members: Sequence[Member]) -> list[tuple[str, int]]:
    """Return the networks of members that stand by them, each with their number."""
    return [
        (network, len(list(group)))
        for network, group in groupby(members, key=lambda member: member.network)
    ]


def _groups(
    visit: Visit, matrix: Matrix, changed: Sequence[ChangedCell]
) -> list[tuple[str, list[Line]]]:
    """Return the lines of each network."""
    before = {(cell.source.id, cell.target.id): cell.before for cell in changed}
    lines = _lines(visit, matrix, before)
    return [
        (network, list(group))
        for network, group in groupby(lines, key=lambda line: line.source.network)
    ]


def _lines(
    visit: Visit, matrix: Matrix, before: Mapping[tuple[str, str], tuple[str, str]]
) -> list[Line]:
    """Return the cells. before: sign and words of those that have changed, by sender, receiver."""
    (service,), (indices,) = matrix.services, matrix.indices
    words = [decided_by(cell, matrix.owners) for cell in matrix.outcomes]
    targets = [(target, visible(target.title), _to(target, service)) for target in matrix.targets]
    protocol = "" if service.port else f"&{urlencode({'protocol': service_words(service)})}"
    found = []
    for source, row in zip(matrix.sources, indices, strict=True):
        name = visible(source.title)
        begin = f"{visit.here}/trace?from={quote(_named(source))}{protocol}&to="
        squares = []
        for (target, receiver, to), index in zip(targets, row, strict=True):
            mark = sign(matrix.outcomes[index], source, target)
            href = f"{begin}{to}" if to and source.address else ""
            about = f"{name} → {receiver}: {words[index]}"
            style = STYLES[mark]
            if was := before.get((source.id, target.id)):
                style, about = f"{style} changed", f"{about}; before: {LEGEND[was[0]]}, {was[1]}"
            squares.append(Square(mark, style, about, href))
        found.append(Line(source, tuple(squares)))
    return found


def _named(member: Member) -> str:
    return f"endpoint:{member.id}"


def _to(target: Member, service: Service) -> str:
    """Return how a trace names the receiver, "" for one without an address."""
    port = f":{service.port}" if service.port else ""
    return quote(f"{_named(target)}{port}") if target.address else ""


def _counts(matrix: Matrix) -> Counter[Verdict]:
    (indices,) = matrix.indices
    return Counter(matrix.outcomes[index].verdict for row in indices for index in row)


def _commands(visit: Visit, matrix: Matrix, page: MatrixPage) -> dict[str, str]:
    """Return how the same is asked elsewhere."""
    port = visit.asks("port", "80")
    senders = [source.id for source in matrix.sources]
    receivers = [target.id for target in matrix.targets]
    document = {"From": senders, "To": receivers, "Ports": [service_document(port)]}
    words = ["hnsemu", "reachability", "--port", port]
    asks = any(visit.asks(name) for name in ("q", "senders", "receivers"))
    if asks or page.next_source or page.next_target:  # the command shows all unless some are named
        words += [word for sender in senders for word in ("--from", sender)]
        words += [word for receiver in receivers for word in ("--to", receiver)]
    asked = ["curl", "-s", f"{visit.address}/host/reachability", "-d", json.dumps(document)]
    return {
        "Command line": f"{shlex.join(words)} {visit.options}",
        "curl": shlex.join(asked),
    }
