"""State documents as text: JSON or YAML in, sorted members out.

YAML is written by hand: each text is a JSON string, which is YAML, too, and no value is taken for
another kind. What is read of it: `yaml_values`.
"""

import json
from collections.abc import Iterator
from typing import Any

import orjson

from hnsemu.errors import HnsError, Hr
from hnsemu.schema import bodies
from hnsemu.schema.host.yaml_values import yaml_documents

Json = Any

_MANY_LINES = 256 * 1024  # bytes whose values are counted before they are read


def json_text(document: Json) -> str:
    """Return a document as JSON on one line, members sorted."""
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS).decode()


def yaml_text(document: Json) -> str:
    """Return a document as YAML, members sorted."""
    return "".join(_lines(document, 0)) if document else "{}\n"


def read_document(body: bytes) -> Json:
    """Return the JSON or YAML document in a body; what begins with a brace is JSON.

    A blank body is the document without members, as everywhere.
    Raises: HCN_E_INVALID_JSON, with the position.
    """
    body = body if body.strip() else b"{}"
    if body.lstrip()[:1] in {b"{", b"["} and not _is_flow_of_yaml(body):
        try:
            return bodies.read(body)
        except HnsError as refusal:
            raise (_not_one("several") if _is_of_lines(body) else refusal) from None
    documents = [document for _, document in yaml_documents(body)]
    if len(documents) != 1:
        raise _not_one(str(len(documents)))
    return documents[0]


def _not_one(count: str) -> HnsError:
    return _invalid(
        f"the body has {count} documents; send one; PUT /emulator/state takes several, as "
        "`hnsemu state import --all` does"
    )


def read_documents(body: bytes) -> list[Json]:
    """Return the documents of a stream, at least one: a JSON value a line, or YAML documents.

    Raises: HCN_E_INVALID_JSON, with the line.
    """
    body = body if body.strip() else b"{}"
    if len(body) > _MANY_LINES:
        bodies.check_count(body)
    if body.lstrip()[:1] != b"{":
        documents = [document for _, document in yaml_documents(body)]
        if not documents:
            raise _invalid("the body has no document; without one, no host would be left")
        return documents
    documents = []
    for number, line in enumerate(body.splitlines(), 1):
        if line.strip():
            try:
                documents.append(bodies.read(line))
            except HnsError as refusal:
                raise _invalid(f"line {number}: {refusal.detail}") from refusal
    return documents


def _is_flow_of_yaml(body: bytes) -> bool:
    return body.strip() == b"{}"


def _lines(value: Json, indent: int) -> Iterator[str]:
    """Yield the lines of an object or a list that is not empty."""
    margin = " " * indent
    if isinstance(value, dict):
        for name in sorted(value):
            yield from _entry(f"{margin}{_scalar(name)}:", value[name], indent + 2)
        return
    for item in value:
        if isinstance(item, dict) and item:
            first, *others = _lines(item, indent + 2)
            yield f"{margin}- {first[indent + 2 :]}"
            yield from others
        else:
            yield from _entry(f"{margin}-", item, indent + 2)


def _entry(head: str, value: Json, indent: int) -> Iterator[str]:
    if isinstance(value, (dict, list)):
        if value:
            yield f"{head}\n"
            yield from _lines(value, indent)
        else:
            yield f"{head} {'{}' if isinstance(value, dict) else '[]'}\n"
        return
    yield f"{head} {_scalar(value)}\n"


def _scalar(value: Json) -> str:
    if isinstance(value, str) and value.isidentifier() and value.lower() not in _WORDS:
        return value
    return json.dumps(value)


_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
"""Identifiers that YAML 1.1 does not take for texts."""


def _invalid(what: str) -> HnsError:
    return HnsError(Hr.HCN_E_INVALID_JSON, what)


def documents_with_lines(content: bytes) -> list[tuple[int, Json]]:
    """Return the documents of a text with their lines; lists give their items.

    Raises: HCN_E_INVALID_JSON.
    """
    if content.lstrip()[:1] in {b"{", b"["}:
        return _json_with_lines(content)
    return list(yaml_documents(content, items=True))


def _json_with_lines(content: bytes) -> list[tuple[int, Json]]:
    """Read JSON as JSON; YAML knows the lines of most of it."""
    if b"\n{" in content.strip() and content.lstrip()[:1] == b"{":
        documents = read_documents(content) if _is_of_lines(content) else [bodies.read(content)]
    else:
        value = bodies.read(content)
        documents = value if isinstance(value, list) else [value]
    try:
        lines = [line for line, _ in yaml_documents(content, items=True)]
    except HnsError:
        lines = []
    if len(lines) != len(documents):
        lines = list(range(1, len(documents) + 1)) if _is_of_lines(content) else []
    return [
        (lines[number] if number < len(lines) else 1, document)
        for number, document in enumerate(documents)
    ]


def _is_of_lines(content: bytes) -> bool:
    """Tell whether each line is a document."""
    lines = [line.strip() for line in content.splitlines() if line.strip()]
    return len(lines) > 1 and all(line[:1] == b"{" and line[-1:] == b"}" for line in lines)
