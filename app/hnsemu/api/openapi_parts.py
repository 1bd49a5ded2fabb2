"""Parts of the OpenAPI document, for clients that need one dialect only."""

from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]

PARTS = ("v1", "v2", "emulator")
"""HNS 1, HCN 2, and the rest: views of the host, traces, hosts, health."""

_REF = "#/components/"


def part(document: Mapping[str, Any], name: str) -> Json:
    """Return the document with the paths of one part and the components that they need.

    Components that no path needs (settings of policies, documents inside texts) belong to v2.
    """
    paths = {
        path: operations for path, operations in document["paths"].items() if _part_of(path) == name
    }
    components: Mapping[str, Json] = document["components"]
    kept = _reached(paths, components)
    if name == "v2":
        by_name = _names(components) - _reached(document["paths"], components)
        start = [components[kind][component] for kind, component in by_name]
        kept |= by_name | _reached(start, components)
    tags = {
        tag
        for operations in paths.values()
        for operation in operations.values()
        for tag in operation["tags"]
    }
    return {
        **document,
        "paths": paths,
        "tags": [tag for tag in document["tags"] if tag["name"] in tags],
        "components": {
            kind: {
                component: value
                for component, value in named.items()
                if kind == "securitySchemes" or (kind, component) in kept
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
    """Return the kinds and names of all components that are referred to, directly or not."""
    found: set[tuple[str, str]] = set()
    left = list(_references(start))
    while left:
        reference = left.pop()
        if reference not in found:
            found.add(reference)
            kind, name = reference
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
