"""Hosts as a picture, and the same as a table."""

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import quote, urlencode

from fastapi import Response

from hnsemu.api.host.topology import read_layers, read_names, read_networks
from hnsemu.domain.query import read_conditions
from hnsemu.domain.topology.arrangement import ALL, SHORT, walk
from hnsemu.domain.topology.layout import NARROW, WIDTH
from hnsemu.domain.topology.model import LAYERS, Box, Kind, Topology, View
from hnsemu.domain.topology.svg import svg
from hnsemu.pages.router import PageRouter
from hnsemu.pages.visit import Visit
from hnsemu.services.topology import show_topology

router = PageRouter(prefix="/ui")

_PAGES = {
    Kind.NETWORK: "networks",
    Kind.ENDPOINT: "endpoints",
    Kind.REMOTE: "endpoints",
    Kind.NAMESPACE: "namespaces",
    Kind.BALANCER: "loadbalancers",
}
_MOST_TWICE = 300  # boxes of a picture that is drawn for narrow windows, too, without being asked
_ENDS = {Kind.ENDPOINT, Kind.REMOTE}  # what sends and receives
_FORMATS = {"SVG": "svg", "DOT": "dot", "Mermaid": "mermaid", "D2": "d2", "JSON": "json"}


@router.page("/topology")
def show_picture(visit: Visit) -> Response:
    """The host, and others beside it, as a picture."""
    asked = {name: visit.asks(name) for name in ("open", "where", "layers", "hosts")}
    given = {name: text for name, text in asked.items() if name in visit.request.query_params}
    view = View(
        read_networks(asked["open"]) if "open" in given else None,
        read_conditions(asked["where"]),
        read_layers(asked["layers"]) if "layers" in given else frozenset(LAYERS),
        grouped=visit.asks("group") != "off",
    )
    topology = show_topology(visit.hns, view, read_names(asked["hosts"]))
    boxes = _all(topology)
    opened = frozenset(box.id for box in boxes if box.kind is Kind.NETWORK and not box.count)
    is_table = visit.asks("as") == "table"
    kept = {name: visit.asks(name) for name in ("pick", "width")}
    hrefs = given | {name: kept[name] for name in kept if name in visit.request.query_params}
    path = f"/hosts/{visit.hns.host_name}/host/topology"
    return visit.shown(
        "topology/topology.html",
        "Topology",
        document=f"{path}?{urlencode(given)}",
        pictures=[]
        if is_table
        else [_picture(visit, topology, hrefs, opened, width) for width in _widths(visit, boxes)],
        sender=_sender(hrefs.get("pick"), boxes),
        rows=[box for box in boxes if box.kind in _PAGES] if is_table else None,
        pages=_PAGES,
        left_out=topology.left_out,
        more_hosts=topology.more_hosts,
        exports={
            word: f"{visit.base}{path}?{urlencode({**given, 'format': name})}"
            for word, name in _FORMATS.items()
        },
        layers=LAYERS,
        drawn=view.layers,
    )


def _widths(visit: Visit, boxes: Sequence[Box]) -> tuple[int, ...]:
    """Return the widths in which a picture is drawn; a large one in the width that is asked for."""
    if visit.asks("width") == "narrow":
        return (NARROW,)
    return (WIDTH, NARROW) if len(boxes) <= _MOST_TWICE else (WIDTH,)


def _sender(pick: str | None, boxes: Sequence[Box]) -> str | None:
    """Return the name of the endpoint that is picked as sender of a packet.

    "" where one is yet to be clicked, None where none is asked for.
    """
    if not pick:
        return pick
    known = (box.name for box in boxes if box.kind in _ENDS and pick == f"{box.host}/{box.id}")
    return next(known, pick)


def _picture(
    visit: Visit,
    topology: Topology,
    given: Mapping[str, str],
    opened: frozenset[str],
    width: int,
) -> str:
    return svg(
        topology,
        href=lambda box: _href(visit, box, given, opened),
        opens=lambda box: box.id in opened if box.kind is Kind.NETWORK else None,
        is_page=True,
        host_width=width,
    )


def _all(topology: Topology) -> list[Box]:
    return [box for host in topology.hosts for box in walk(host)]


def _href(visit: Visit, box: Box, given: Mapping[str, str], opened: frozenset[str]) -> str:
    """Return where a box leads: a network opens, a group is spread, others have a page."""
    if box.kind is Kind.NETWORK and box.count:
        return _again(given, {*opened, box.id})
    if box.kind is Kind.GROUP:
        return _again({**given, "group": "off"}, opened if "open" in given else ())
    if "pick" in given and box.kind in _ENDS:
        return _picked(visit, box, given, opened)
    pages = f"{visit.base}/hosts/{quote(box.host, safe='')}/ui"
    if box.kind is Kind.HOST:
        return pages
    if box.kind is Kind.MORE:
        return f"{pages}/endpoints" if box.host else f"{visit.base}/"
    return f"{pages}/{_PAGES[box.kind]}/{box.id}" if box.kind in _PAGES else ""


def _again(given: Mapping[str, str], opened: Collection[str]) -> str:
    """Return the address of the picture with these networks open, by the short form of their ids.

    It stands in many boxes, and may have many networks.
    """
    if ALL in given.get("open", "").split(",") or not opened:
        return f"?{urlencode(given)}"
    short = ",".join(sorted(id_[:SHORT] for id_ in opened))
    return f"?{urlencode({**given, 'open': short}, safe=',')}"


def _picked(visit: Visit, box: Box, given: Mapping[str, str], opened: frozenset[str]) -> str:
    """Return where an endpoint leads that is clicked as sender, or as receiver after one."""
    if not given["pick"]:
        picked = {**given, "pick": f"{box.host}/{box.id}"}
        return _again(picked, opened if "open" in given else ())
    host, _, sender = given["pick"].rpartition("/")
    asked = urlencode({"from": f"endpoint:{sender}", "to": f"endpoint:{box.id}"})
    return f"{visit.base}/hosts/{quote(host or visit.hns.host_name, safe='')}/ui/trace?{asked}"
