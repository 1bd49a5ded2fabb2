"""Parts of the OpenAPI document, for clients that want one dialect and not all of it."""

from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]

PARTS = ("v1", "v2", "emulator")
"""HNS 1, HCN 2, and the rest: views of the host, traces, hosts, health."""

_REF = "#/components/"


def part(document: Mapping[str, Any], name: str) -> Json:
    """Return the document with the paths of one part and the components that they lead to.

    What no path of the whole leads to (settings of policies, documents inside texts) belongs to v2.
    """
    paths = {path: each for path, each in document["paths"].items() if _part_of(path) == name}
    components: Mapping[str, Json] = document["components"]
    kept = _reached(paths, components)
    if name == "v2":
        by_name = _names(components) - _reached(document["paths"], components)
        kept |= by_name | _reached([components[kind][each] for kind, each in by_name], components)
    tags = {tag for each in paths.values() for method in each.values() for tag in method["tags"]}
    return {
        **document,
        "paths": paths,
        "tags": [tag for tag in document["tags"] if tag["name"] in tags],
        "components": {
            kind: {
                each: value
                for each, value in named.items()
                if kind == "securitySchemes" or (kind, each) in kept
            }
            for kind, named in components.items()
        },
    }


def _part_of(path: str) -> str:
    first = path.split("/")[1]
    return first if first in PARTS else "emulator"


def _names(components: Mapping[str, Json]) -> set[tuple[str, str]]:
    return {
        (kind, name)
        for kind, named in components.items()
        for name in named
        if kind != "securitySchemes"
    }


def _reached(start: object, components: Mapping[str, Json]) -> set[tuple[str, str]]:
    """Return the kinds and names of all components that references lead to, directly or not."""
    found: set[tuple[str, str]] = set()
    left = list(_references(start))
    while left:
        each = left.pop()
        if each not in found:
            found.add(each)
            kind, name = each
            left += _references(components[kind][name])
    return found


def _references(node: object) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str):
            kind, _, name = reference.removeprefix(_REF).partition("/")
            yield kind, name
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)
