"""What can be done with namespaces: HcnCreateNamespace and its kin, one function a transaction."""

from hnsemu.services.namespaces.creation import (
    create_namespace,
    delete_namespace,
    get_namespace,
    list_namespaces,
    modify_namespace,
)

__all__ = [
    "create_namespace",
    "delete_namespace",
    "get_namespace",
    "list_namespaces",
    "modify_namespace",
]
