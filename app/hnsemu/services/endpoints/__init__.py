"""What can be done with endpoints: HcnCreateEndpoint and its kin, one function a transaction."""

from hnsemu.services.endpoints.attachment import attach_endpoint, detach_endpoint
from hnsemu.services.endpoints.creation import create_endpoint, create_endpoint_document
from hnsemu.services.endpoints.deletion import delete_endpoint
from hnsemu.services.endpoints.modification import modify_endpoint, update_endpoint
from hnsemu.services.endpoints.queries import (
    endpoint_stats,
    get_endpoint,
    get_endpoint_document,
    list_endpoint_documents,
    list_endpoint_ids,
    list_endpoints,
)

__all__ = [
    "attach_endpoint",
    "create_endpoint",
    "create_endpoint_document",
    "delete_endpoint",
    "detach_endpoint",
    "endpoint_stats",
    "get_endpoint",
    "get_endpoint_document",
    "list_endpoint_documents",
    "list_endpoint_ids",
    "list_endpoints",
    "modify_endpoint",
    "update_endpoint",
]
