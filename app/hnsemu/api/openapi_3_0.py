"""The OpenAPI document in version 3.0, for generators that do not read 3.1, such as progenitor.

Only what the document uses is translated. A test validates the result, so that a keyword of 3.1
that comes in later is noticed. Source: the specification 3.0.3, sections 4.7.4, 4.7.23 and 4.7.24.
"""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

VERSION = "3.0.3"

_EXAMPLES = ("example", "examples")


def as_3_0(document: Mapping[str, Any]) -> Json:
    """Return a document of version 3.1 in version 3.0: the same paths, names and schemas."""
    older: Json = _part(document)
    licence = {"name": older["info"]["license"]["name"]}  # `identifier` is new in 3.1
    return {**older, "openapi": VERSION, "info": {**older["info"], "license": licence}}


def _part(node: Any) -> Any:  # noqa: ANN401 (any part of the document)
    """Return a part outside schemas, with the schemas in it translated."""
    if isinstance(node, list):
        return [_part(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    return {key: _member(key, value) for key, value in node.items()}


def _member(key: str, value: Any) -> Any:  # noqa: ANN401 (any part of the document)
    if key in _EXAMPLES:
        return value
    if key == "schema":
        return _schema(value)
    if key == "responses":
        return _responses(_part(value))
    if key == "schemas":
        return {name: _schema(schema) for name, schema in value.items()}
    return _part(value)


def _responses(responses: Json) -> Json:
    """Return responses with `default` as the ranges of errors.

    progenitor takes `default` for a success, too, and fails when its schema is not that of 200.
    """
    ranges = (
        {"4XX": responses["default"], "5XX": responses["default"]} if "default" in responses else {}
    )
    return {code: answer for code, answer in responses.items() if code != "default"} | ranges


def _schema(schema: Any) -> Any:  # noqa: ANN401 (`additionalProperties` may be true)
    """Return a schema with one example, and with nothing beside a reference, as 3.0 ignores it."""
    if not isinstance(schema, Mapping):
        return schema
    older: Json = {}
    for key, value in schema.items():
        if key == "examples":
            older["example"] = value[0]
        elif key == "properties":
            older[key] = {name: _schema(member) for name, member in value.items()}
        elif key in ("items", "additionalProperties"):
            older[key] = _schema(value)
        else:
            older[key] = value
    if "$ref" in older and len(older) > 1:
        return {"allOf": [{"$ref": older.pop("$ref")}], **older}
    return older
