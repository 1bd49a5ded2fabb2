"""The OpenAPI document, put together from what the routes declare (`api/router.py`)."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from hnsemu.api.component_schemas import component_schemas
from hnsemu.api.openapi_links import link
from hnsemu.api.openapi_operations import describe, used_models
from hnsemu.policies.catalogue import CATALOGUE
from hnsemu.schema.host.state import HostState
from hnsemu.schema.v2.modify import (
    IPSubnetNetworkRequest,
    NamespaceContainerRequest,
    NamespaceEndpointRequest,
    PolicyEndpointRequest,
    PolicyNetworkRequest,
    SubnetNetworkRequest,
    VmEndpointRequest,
)
from hnsemu.schema.v2.query import HostComputeQuery
from hnsemu.services.hosts.state import document_schema

Json = dict[str, Any]

# Documents inside texts and open members. No operation refers to them; clients use the names.
_BY_NAME: frozenset[type[BaseModel]] = frozenset(
    (
        HostComputeQuery,
        PolicyNetworkRequest,
        SubnetNetworkRequest,
        IPSubnetNetworkRequest,
        PolicyEndpointRequest,
        VmEndpointRequest,
        NamespaceEndpointRequest,
        NamespaceContainerRequest,
        *(row.settings for row in CATALOGUE),
    )
)

_SERVER = {
    "url": "http://{address}/hosts/{host}",
    "description": "One emulated host.",
    "variables": {
        "address": {"default": "127.0.0.1:8420", "description": "Address and port of the service."},
        "host": {"default": "default", "description": "Name of the emulated host."},
    },
}

_TOKEN: Json = {
    "type": "http",
    "scheme": "bearer",
    "description": "Required when the service was started with HNSEMU_TOKEN; probes need none.",
}

_HEADERS: dict[str, Json] = {
    "Location": {"description": "Path of the new object.", "schema": {"type": "string"}},
    "Link": {
        "description": 'Path of the next page, rel="next" (RFC 8288). Not on the last page.',
        "schema": {"type": "string"},
    },
    "Hns-Result": {
        "description": "The HRESULT that the Windows function returns.",
        "schema": {"type": "string"},
        "example": "0x803b0001",
    },
}


def build(app: FastAPI, modules: Sequence[str]) -> Json:
    """Return the document of the routers of some modules, in this order."""
    routes = [route for module in modules for route in import_module(module).router.routes]
    describe()
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=routes,
        tags=app.openapi_tags,
        servers=[_SERVER],
        license_info=app.license_info,
    )
    link(document["paths"])
    return {
        **document,
        "components": {
            "schemas": component_schemas(
                used_models | _BY_NAME,
                {HostState.__name__: document_schema(app.state.service.clients)},
            ),
            "headers": _HEADERS,
            "securitySchemes": {"token": _TOKEN},
        },
        "security": [{}, {"token": []}],
    }
