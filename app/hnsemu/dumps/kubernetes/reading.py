"""Kubernetes objects in a text: YAML documents, or JSON values one behind the other.

Lists, as `kubectl get` prints them, are opened. What is read here is a kind, a name and members;
each subject reads its own members of them.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hnsemu.dumps.kubernetes.members import Members
from hnsemu.dumps.reading import value_at
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.bodies import check_count
from hnsemu.schema.host.state_text import documents_with_lines

Json = Any

_LARGE = 256 * 1024  # characters; less holds few values
_MARK = "---"
_LIST = "List"
_REMEDY = "take it again with kubectl get -o yaml"


@dataclass(frozen=True, slots=True)
class Resource:
    """An object of the cluster. namespace: "" for one of the cluster; line: of its document."""

    kind: str
    namespace: str
    name: str
    members: Members
    line: int

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what tells it from every other object."""
        return self.kind, self.namespace, self.name


def read_resources(text: str) -> list[Resource]:
    """Return the objects in a text, in its order; the last of several with one name counts.

    Raises: as `resources_in`; E_INVALIDARG for a text without any object.
    """
    found = resources_in(text)
    if not found:
        what = "the text has no object; take them with kubectl get nodes,pods,services -A -o yaml"
        raise HnsError(Hr.E_INVALIDARG, what)
    return found


def resources_in(text: str) -> list[Resource]:
    """Return the objects in a text, [] without any.

    Raises: HCN_E_INVALID_JSON for a text that is no YAML or JSON, with the line; E_INVALIDARG for a
            document that is no object of Kubernetes.
    """
    found: dict[tuple[str, str, str], Resource] = {}
    for line, value in _values(text):
        for resource in _opened(value, line):
            found[resource.key] = resource
    return list(found.values())


def _values(text: str) -> Iterator[tuple[int, Json]]:
    """Yield the documents of a text with their lines; empty ones are nothing."""
    is_yaml = _is_yaml(text)
    if not is_yaml and len(text) > _LARGE:
        check_count(text.encode())
    values = _yaml_values(text) if is_yaml else _json_values(text)
    return ((line, value) for line, value in values if value not in (None, {}))


def _is_yaml(text: str) -> bool:
    """Tell whether a document between the marks begins with something else than JSON."""
    between = text.removeprefix("\ufeff").split(f"\n{_MARK}")
    return any(part.lstrip("-").strip()[:1] not in {"{", "[", ""} for part in between)


def _yaml_values(text: str) -> Iterator[tuple[int, Json]]:
    """Read YAML; the mark says that a text which begins with JSON goes on as YAML."""
    is_json_first = text.lstrip()[:1] in {"{", "["}
    yield from documents_with_lines((f"{_MARK} {text}" if is_json_first else text).encode())


def _json_values(text: str) -> Iterator[tuple[int, Json]]:
    at, end, line = 0, 0, 1
    while (at := _next_value(text, end)) < len(text):
        line += text.count("\n", end, at)
        try:
            value, end = value_at(text, at)
        except json.JSONDecodeError as error:
            line += text.count("\n", at, error.pos)
            what = f"line {line}: the document is not complete JSON; {_REMEDY}"
            raise HnsError(Hr.HCN_E_INVALID_JSON, what) from error
        except RecursionError as error:
            what = f"line {line}: the document is nested too deep; {_REMEDY}"
            raise HnsError(Hr.HCN_E_INVALID_JSON, what) from error
        yield line, value
        line += text.count("\n", at, end)


def _next_value(text: str, at: int) -> int:
    """Return where the next value begins, behind blanks, marks and an encoding mark."""
    while at < len(text):
        if text[at].isspace() or text[at] == "\ufeff":
            at += 1
        elif text.startswith(_MARK, at):
            at += len(_MARK)
        else:
            break
    return at


def _opened(value: Json, line: int) -> Iterator[Resource]:
    """Yield the objects of a document: itself, or those of a list of them."""
    document = Members.of(value, f"line {line}", ": ")
    kind = document.text("kind")
    if not kind:
        raise document.wrong("kind", f"is missing, so this is no object of Kubernetes; {_REMEDY}")
    if not kind.endswith(_LIST) or "items" not in document:
        yield _resource(document, kind, line)
        return
    of_all = kind.removesuffix(_LIST)
    for item in document.list_of("items"):
        if not (own := item.text("kind", of_all)):
            raise item.wrong("kind", f"is missing, so this is no object of Kubernetes; {_REMEDY}")
        yield _resource(item, own, line)


def _resource(document: Members, kind: str, line: int) -> Resource:
    metadata = document.members("metadata")
    name = metadata.text("name")
    if not name:
        raise metadata.wrong("name", "is missing, and objects are known by their names")
    namespace = metadata.text("namespace")
    called = f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}"
    return Resource(kind, namespace, name, Members(document.values, called, " "), line)


def labels_of(resource: Resource) -> Mapping[str, str]:
    """Return the labels of an object."""
    return resource.members.members("metadata").texts_by_name("labels")


def annotations_of(resource: Resource) -> Mapping[str, str]:
    """Return the annotations of an object."""
    return resource.members.members("metadata").texts_by_name("annotations")
