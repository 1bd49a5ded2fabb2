"""Reading namespaces: HcnQueryNamespaceProperties and HcnEnumerateNamespaces."""

from hnsemu.domain.namespaces import Namespace, properties
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.query import HostComputeQuery
from hnsemu.services.listing import selected, wanted_id
from hnsemu.storage import namespaces
from hnsemu.storage.transaction import Transaction, reads


@reads
def get_namespace(tx: Transaction, namespace_id: str) -> Namespace:
    """Return the namespace.

    Raises: E_ELEMENT_NOT_FOUND. Source: hcnerrors_test.go of hcsshim [O].
    """
    return found(tx, namespace_id)


@reads
def list_namespaces(
    tx: Transaction, query: HostComputeQuery, limit: int | None = None, after: str | None = None
) -> list[Namespace]:
    """Return the namespaces that `query` selects, in creation order."""
    wanted = query.wanted
    only_id = wanted_id(wanted) if after is None else None
    if only_id is None:
        return selected(namespaces.all_of(tx), wanted, properties, limit, after)
    namespace = namespaces.find(tx, only_id)
    candidates = [] if namespace is None else [namespace]
    return selected(candidates, wanted, properties, limit, after)


def find(tx: Transaction, namespace_id: str) -> Namespace | None:
    """Return the namespace inside another use case, None if there is none."""
    return namespaces.find(tx, namespace_id)


def found(tx: Transaction, namespace_id: str) -> Namespace:
    """Return the namespace inside another use case.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    namespace = find(tx, namespace_id)
    if namespace is None:
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND,
            f"no namespace has the ID {namespace_id}; list them to see which exist",
        )
    return namespace
