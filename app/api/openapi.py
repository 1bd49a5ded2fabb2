"""The OpenAPI document: what routes take and give, declared beside them and put together once.

Handlers read bodies themselves, so their schemas are declared with `takes` and `gives`. Generated
clients want integers as int64, no nulls, and one error record on every operation.
"""

import re
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.schema.v2.modify import Response


class ErrorRecord(Response):
    """Windows' error record; Detail says what is wrong and what to mend."""

    detail: str | None = None


_REF = "#/components/schemas/"
_MODELS: set[type[BaseModel]] = {ErrorRecord}

ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "GUID in any case, with or without braces",
    "schema": {"type": "string"},
    "example": "404947ac-fc8f-4229-a4b5-595b9161f3a8",
}
QUERY = {
    "name": "query",
    "in": "query",
    "description": "HostComputeQuery as JSON; its Filter is the JSON text of an object",
    "schema": {"type": "string"},
    "example": '{"SchemaVersion":{"Major":2,"Minor":0},"Filter":"{\\"Name\\":\\"nat\\"}"}',
}
LIST = [
    QUERY,
    {
        "name": "view",
        "in": "query",
        "description": "`ids` answers what HcnEnumerate… returns: an array of GUIDs",
        "schema": {"type": "string", "enum": ["ids"]},
    },
    {
        "name": "limit",
        "in": "query",
        "description": "at most so many objects",
        "schema": {"type": "integer", "format": "int64", "minimum": 1},
    },
    {
        "name": "after",
        "in": "query",
        "description": "start behind the object with this GUID: the last one of the page before",
        "schema": {"type": "string"},
    },
]


def operation(
    *,
    takes: type[BaseModel] | None = None,
    gives: type[BaseModel] | None = None,
    many: bool = False,
    status: int = 200,
    parameters: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return the keyword arguments that tell a route's OpenAPI side.

    takes: the model of the body. gives: the model of the answer, of an array of them if `many`.
    """
    extra: dict[str, Any] = {"parameters": parameters or []}
    if takes is not None:
        extra["requestBody"] = {"required": True, "content": _content(_ref(takes))}
    answer: dict[str, Any] = {"description": "Done."}
    if gives is not None:
        schema = _ref(gives)
        answer["content"] = _content({"type": "array", "items": schema} if many else schema)
    return {
        "status_code": status,
        "responses": {
            status: answer,
            "default": {
                "description": "Refused: Windows' error record.",
                "content": _content(_ref(ErrorRecord)),
            },
        },
        "openapi_extra": extra,
        "response_model": None,
    }


def operation_id(route: APIRoute) -> str:
    """Return the handler's name in camelCase: `list_networks` is `listNetworks`."""
    first, *rest = route.name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def install(app: FastAPI) -> None:
    """Let `app` build its document at the first question for it."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _build(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's own way to replace it


def _build(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
        servers=[
            {
                "url": "http://{address}/hosts/{host}",
                "description": "one emulated host",
                "variables": {
                    "address": {"default": "127.0.0.1:8420"},
                    "host": {"default": "default"},
                },
            }
        ],
    )
    models = sorted(_MODELS, key=lambda model: model.__name__)
    _, definitions = models_json_schema(
        [(model, "validation") for model in models], ref_template=_REF + "{model}"
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(definitions["$defs"])
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    return dict(_tidy(document))


def _ref(model: type[BaseModel]) -> dict[str, str]:
    _MODELS.add(model)
    return {"$ref": _REF + model.__name__}


def _content(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _tidy(node: Any) -> Any:  # noqa: ANN401 (any JSON value)
    """Make integers int64, drop nulls and titles, and unwrap what they leave alone."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _tidy(value) for key, value in node.items()}
    if isinstance(kept.get("anyOf"), list):
        arms = [arm for arm in kept["anyOf"] if arm != {"type": "null"}]
        del kept["anyOf"]
        kept = {**arms[0], **kept} if len(arms) == 1 else {**kept, "anyOf": arms}
    if kept.get("default", 0) is None:
        del kept["default"]
    if isinstance(kept.get("title"), str) and kept.get("type", kept.get("$ref")):
        del kept["title"]
    if kept.get("type") == "integer":
        kept.setdefault("format", "int64")
    if isinstance(kept.get("description"), str):
        kept["description"] = re.sub(r"\s+", " ", kept["description"]).strip()
    return kept
