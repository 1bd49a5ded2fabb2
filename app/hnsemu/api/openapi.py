"""The OpenAPI document: what routes take and give, declared beside them and put together once.

Handlers read bodies themselves, so their schemas are declared with `operation`. Generated clients
want integers as int64, no nulls, and one error record on every operation.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from hnsemu.api import openapi_shaping
from hnsemu.api.admission import OPEN_PATHS
from hnsemu.api.examples import EVENTS, REPLIES, REQUESTS
from hnsemu.schema.base import Document
from hnsemu.schema.v2.modify import (
    IPSubnetNetworkRequest,
    NamespaceContainerRequest,
    NamespaceEndpointRequest,
    PolicyEndpointRequest,
    PolicyNetworkRequest,
    Response,
    SubnetNetworkRequest,
    VmEndpointRequest,
)
from hnsemu.schema.v2.policies import (
    ENDPOINT_POLICY_SETTINGS,
    NETWORK_POLICY_SETTINGS,
    SUBNET_POLICY_SETTINGS,
)
from hnsemu.schema.v2.query import HostComputeQuery

Json = dict[str, Any]


class ErrorRecord(Response):
    """Windows' error record; Detail says what is wrong and what to mend."""

    detail: str | None = None


class ServiceStatus(Document):
    """Whether the service lives, or is ready."""

    status: str | None = None
    version: str | None = None


# Documents inside texts and open members: nothing refers to them, clients use them by name.
_BY_NAME: tuple[type[BaseModel], ...] = (
    HostComputeQuery,
    PolicyNetworkRequest,
    SubnetNetworkRequest,
    IPSubnetNetworkRequest,
    PolicyEndpointRequest,
    VmEndpointRequest,
    NamespaceEndpointRequest,
    NamespaceContainerRequest,
    *ENDPOINT_POLICY_SETTINGS.values(),
    *NETWORK_POLICY_SETTINGS.values(),
    *SUBNET_POLICY_SETTINGS.values(),
)

_REF = "#/components/schemas/"
# Filled by the declarations of the routes.
_declared: set[type[BaseModel]] = {ErrorRecord, *_BY_NAME}

_SERVER = {
    "url": "http://{address}/hosts/{host}",
    "description": "One emulated host.",
    "variables": {
        "address": {"default": "127.0.0.1:8420", "description": "Where the service listens."},
        "host": {"default": "default", "description": "Name of the emulated host."},
    },
}

_TOKEN: Json = {
    "type": "http",
    "scheme": "bearer",
    "description": "Wanted where the service was started with HNSEMU_TOKEN; probes go without.",
}

_HEADERS: dict[str, Json] = {
    "Location": {"description": "Path of the new object.", "schema": {"type": "string"}},
    "Link": {
        "description": 'Path of the next page, rel="next" (RFC 8288); absent on the last one.',
        "schema": {"type": "string"},
    },
    "Hns-Result": {
        "description": "The HRESULT that the Windows function returns.",
        "schema": {"type": "string"},
        "example": "0x803b0001",
    },
}

ID: Json = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "GUID in any case, with or without braces.",
    "schema": {"type": "string"},
    "example": "404947ac-fc8f-4229-a4b5-595b9161f3a8",
}
QUERY: Json = {
    "name": "query",
    "in": "query",
    "description": "HostComputeQuery as JSON; its Filter is the JSON text of an object.",
    "schema": {"type": "string"},
    "example": '{"SchemaVersion":{"Major":2,"Minor":0},"Filter":"{\\"Name\\":\\"nat\\"}"}',
}
# Not here: `view=ids`. An answer has one schema; a client that is generated could not read GUIDs.
LIST: list[Json] = [
    QUERY,
    {
        "name": "limit",
        "in": "query",
        "description": "At most so many objects; the header Link names the next page.",
        "schema": {"type": "integer", "minimum": 1, "maximum": 999_999_999},
    },
    {
        "name": "after",
        "in": "query",
        "description": "Start behind the object with this GUID: the last one of the page before.",
        "schema": {"type": "string"},
    },
]


def operation(
    *,
    takes: type[BaseModel] | None = None,
    gives: type[BaseModel] | None = None,
    streams: type[BaseModel] | None = None,
    many: bool = False,
    status: int = 200,
    parameters: list[Json] | None = None,
    refuses: type[BaseModel] = ErrorRecord,
    texts: Sequence[str] = (),
) -> Json:
    """Return the keyword arguments that tell a route's OpenAPI side.

    takes:   the model of the body.
    gives:   the model of the answer, of an array of them if `many`.
    streams: the model of the data of each Server-Sent Event of the answer.
    refuses: the model of the answer to a request that is refused.
    texts:   media types of texts that are answered instead when asked for.
    """
    extra: Json = {"parameters": parameters or []}
    if takes is not None:
        extra["requestBody"] = {"required": True, "content": _content(takes, REQUESTS)}
    return {
        "status_code": status,
        "responses": {
            status: _stream(streams) if streams else _answer(gives, status, many=many, texts=texts),
            "default": {
                "description": "Refused.",
                "headers": _headers("Hns-Result"),
                "content": _content(refuses, {}),
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

    def document() -> Json:
        if app.openapi_schema is None:
            app.openapi_schema = _build(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's own way to replace it


def _build(app: FastAPI) -> Json:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
        servers=[_SERVER],
        license_info=app.license_info,
    )
    _, models = models_json_schema(
        [(model, "validation") for model in sorted(_declared, key=lambda model: model.__name__)],
        ref_template=_REF + "{model}",
    )
    schemas = dict(sorted(models["$defs"].items()))
    openapi_shaping.drop_untold(document["paths"])
    for path in OPEN_PATHS & document["paths"].keys():
        document["paths"][path]["get"]["security"] = []
    openapi_shaping.link(document["paths"])
    openapi_shaping.show_ids(document["paths"])
    openapi_shaping.show_outputs(document["paths"])
    return {
        **document,
        "paths": openapi_shaping.tidy(document["paths"]),
        "components": {
            "schemas": openapi_shaping.opened(openapi_shaping.tidy(schemas)),
            "headers": _HEADERS,
            "securitySchemes": {"token": _TOKEN},
        },
        "security": [{}, {"token": []}],
    }


def _answer(
    model: type[BaseModel] | None, status: int, *, many: bool, texts: Sequence[str] = ()
) -> Json:
    answer: Json = {"description": "Done."}
    if model is not None or texts:
        content = _content(model, REPLIES, many=many) if model is not None else {}
        answer["content"] = content | {each: {"schema": {"type": "string"}} for each in texts}
    if status == 201:  # noqa: PLR2004 (created)
        answer["headers"] = _headers("Location")
    elif many:
        answer["headers"] = _headers("Link")
    return answer


def _stream(model: type[BaseModel]) -> Json:
    """Say that the answer goes on: OpenAPI 3.1 can tell it as a text only."""
    _declared.add(model)
    content: Json = {"schema": {"type": "string"}}
    if model in EVENTS:
        content["example"] = EVENTS[model]
    return {
        "description": f"Server-Sent Events; the data of each is a {model.__name__}.",
        "content": {"text/event-stream": content},
    }


def _content(
    model: type[BaseModel], examples: Mapping[type[BaseModel], Json], *, many: bool = False
) -> Json:
    _declared.add(model)
    schema: Json = {"$ref": _REF + model.__name__}
    content: Json = {"schema": {"type": "array", "items": schema} if many else schema}
    if model in examples:
        content["example"] = [examples[model]] if many else examples[model]
    return {"application/json": content}


def _headers(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
