"""Use cases of namespaces: HcnCreateNamespace and its kin; each function is one transaction."""

from hnsemu.services.namespaces.creation import create_namespace
from hnsemu.services.namespaces.deletion import delete_namespace
from hnsemu.services.namespaces.modification import modify_namespace
from hnsemu.services.namespaces.queries import get_namespace, list_namespaces

__all__ = [
    "create_namespace",
    "delete_namespace",
    "get_namespace",
    "list_namespaces",
    "modify_namespace",
]
