"""A topology in the languages of diagrams: DOT, Mermaid and D2."""

from collections.abc import Callable, Iterator, Mapping

from hnsemu.domain.topology.arrangement import walk
from hnsemu.domain.topology.model import Box, Topology
from hnsemu.domain.visible import visible


def dot(topology: Topology) -> str:
    """Return the picture in the language of Graphviz."""
    names = _names(topology)

    def lines(box: Box, indent: str) -> Iterator[str]:
        label = _quoted(_label(box))
        if not box.boxes:
            yield f'{indent}{names[box.key]} [label={label}, class="{box.kind}"];'
            return
        yield f"{indent}subgraph cluster_{names[box.key]} {{"
        yield f'{indent}  label={label}; class="{box.kind}";'
        # A line needs a node at its end, and a cluster is none.
        yield f'{indent}  {names[box.key]} [shape=point, style=invis, label=""];'
        for inner in box.boxes:
            yield from lines(inner, indent + "  ")
        yield f"{indent}}}"

    links = (
        f"  {names[link.source]} -> {names[link.target]}"
        f' [class="{link.relation}", label={_quoted(link.text)}];'
        for link in topology.links
    )
    body = [line for host in topology.hosts for line in lines(host, "  ")]
    head = ["digraph hnsemu {", "  compound=true; rankdir=LR;", "  node [shape=box];"]
    return "\n".join([*head, *body, *links, "}", ""])


def mermaid(topology: Topology) -> str:
    """Return the picture in the language of Mermaid."""
    names = _names(topology)

    def lines(box: Box, indent: str) -> Iterator[str]:
        label = _in_mermaid(_label(box))
        if not box.boxes:
            yield f'{indent}{names[box.key]}["{label}"]'
            return
        yield f'{indent}subgraph {names[box.key]}["{label}"]'
        for inner in box.boxes:
            yield from lines(inner, indent + "  ")
        yield f"{indent}end"

    links = (
        f"  {names[link.source]} -->"
        + (f'|"{_in_mermaid(link.text)}"| ' if link.text else " ")
        + names[link.target]
        for link in topology.links
    )
    body = [line for host in topology.hosts for line in lines(host, "  ")]
    return "\n".join(["flowchart LR", *body, *links, ""])


def d2(topology: Topology) -> str:
    """Return the picture in the language of D2."""
    names = _names(topology)
    paths: dict[str, str] = {}

    def lines(box: Box, indent: str, above: str) -> Iterator[str]:
        paths[box.key] = f"{above}{names[box.key]}"
        if not box.boxes:
            yield f"{indent}{names[box.key]}: {_in_d2(_label(box))}"
            return
        yield f"{indent}{names[box.key]}: {_in_d2(_label(box))} {{"
        for inner in box.boxes:
            yield from lines(inner, indent + "  ", f"{paths[box.key]}.")
        yield f"{indent}}}"

    body = [line for host in topology.hosts for line in lines(host, "", "")]
    links = [
        f"{paths[link.source]} -> {paths[link.target]}"
        + (f": {_in_d2(link.text)}" if link.text else "")
        for link in topology.links
    ]
    return "\n".join([*body, *links, ""])


DIAGRAMS: Mapping[str, Callable[[Topology], str]] = {"dot": dot, "mermaid": mermaid, "d2": d2}
"""The languages by the names that people ask for."""


def _names(topology: Topology) -> Mapping[str, str]:
    """Return a plain word for every box, the same on every run."""
    keys = (box.key for host in topology.hosts for box in walk(host))
    return {key: f"n{number}" for number, key in enumerate(keys)}


def _label(box: Box) -> str:
    detail = f"{box.count} endpoints" if box.count and not box.detail else box.detail
    return visible(f"{box.name} ({detail})" if detail else box.name)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _in_mermaid(text: str) -> str:
    """Return a text with what means something to Mermaid or to HTML as its entity."""
    special = "#&\"'`<>|[]{}()\\;"
    return "".join(f"#{ord(letter)};" if letter in special else letter for letter in text)


def _in_d2(text: str) -> str:
    """Return a text in quotes; `$` would begin a variable."""
    return _quoted(text.replace("$", "\\$")).replace("\\\\$", "\\$")
