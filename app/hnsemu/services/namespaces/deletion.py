"""Deleting namespaces: HcnDeleteNamespace."""

from hnsemu.domain.namespace_changes import Member, NamespaceFacts, namespace_deletion
from hnsemu.schema.v2.render_endpoints import endpoint_text
from hnsemu.services.namespaces.queries import found
from hnsemu.storage import namespace_changes
from hnsemu.storage.transaction import Transaction, writes


@writes
def delete_namespace(tx: Transaction, namespace_id: str) -> None:
    """Take the endpoints out of the namespace and delete it.

    Raises: E_ELEMENT_NOT_FOUND, and what `namespace_deletion` raises.
    """
    namespace = found(tx, namespace_id)
    endpoints = namespace_changes.members(tx, namespace.endpoint_ids)
    members = [Member(endpoint) for endpoint in endpoints]
    deletion = namespace_deletion(NamespaceFacts(namespace, tx.now, members))
    release = tx.host.release
    documents = [endpoint_text(change.endpoint, release) for change in deletion.endpoints]
    namespace_changes.remove(tx, deletion, documents)
