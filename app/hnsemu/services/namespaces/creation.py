"""Creating namespaces: HcnCreateNamespace."""

from hnsemu.domain.identity import IdentityRequest
from hnsemu.domain.namespace_creation import NamespaceRequest, new_namespace
from hnsemu.domain.namespaces import Namespace, NamespaceType
from hnsemu.schema.v2.namespaces import HostComputeNamespace
from hnsemu.schema.v2.read_namespaces import namespace_request
from hnsemu.storage import namespaces
from hnsemu.storage.transaction import Transaction, writes

_DEFAULT = NamespaceRequest(IdentityRequest(), NamespaceType.HOST_DEFAULT, built_in=True)


@writes
def create_namespace(tx: Transaction, document: HostComputeNamespace) -> Namespace:
    """Create an empty namespace; see `create`."""
    return create(tx, document)


def create(tx: Transaction, document: HostComputeNamespace) -> Namespace:
    """Create an empty namespace inside another use case.

    Raises: E_OBJECT_ALREADY_EXISTS when the id is taken.
    """
    return _create(tx, namespace_request(document))


def create_default(tx: Transaction) -> Namespace:
    """Create the default namespace that a fresh host comes with; it cannot be deleted."""
    return _create(tx, _DEFAULT)


def _create(tx: Transaction, request: NamespaceRequest) -> Namespace:
    site = namespaces.site(tx, request)
    new = new_namespace(request, site, tx.source)
    return namespaces.create(tx, new)
