"""What changing and deleting namespaces reads and writes: one visit each."""

from collections.abc import Sequence

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.namespace_changes import NamespaceChange, NamespaceDeletion
from hnsemu.domain.namespaces import Namespace
from hnsemu.storage import endpoint_changes, endpoints, host_numbers, namespaces
from hnsemu.storage.transaction import Transaction


def members(tx: Transaction, endpoint_ids: Sequence[str]) -> list[Endpoint]:
    """Return those of the endpoints that exist, in this order."""
    found = (endpoints.find(tx, endpoint_id) for endpoint_id in endpoint_ids)
    return [endpoint for endpoint in found if endpoint is not None]


def write(tx: Transaction, change: NamespaceChange, documents: Sequence[str]) -> Namespace:
    """Keep what changed; return the namespace. documents: the HCN 2 answers of its endpoints.

    With a refusal only the compartment and what was plugged until then is kept.
    """
    before, after, request = change.before, change.namespace, change.request
    if after.compartment_id != before.compartment_id:
        host_numbers.note_compartment(tx, after.compartment_id)
    for endpoint, document in zip(change.endpoints, documents, strict=True):
        endpoint_changes.write(tx, endpoint, document)
    namespaces.save(tx, after)
    if change.refusal is None and change.member is not None:
        move = namespaces.add_endpoint if request.adds else namespaces.remove_endpoint
        move(tx, before.key, change.member.key)
    if change.refusal is None and change.member is None:
        move_container = namespaces.add_container if request.adds else namespaces.remove_container
        move_container(tx, before.key, request.id)
    return after


def remove(tx: Transaction, deletion: NamespaceDeletion, documents: Sequence[str]) -> None:
    """Delete the namespace; its endpoints stay. documents: the HCN 2 answers of these."""
    for endpoint, document in zip(deletion.endpoints, documents, strict=True):
        endpoint_changes.write(tx, endpoint, document)
    namespaces.remove(tx, deletion.namespace)
    tx.notify(*deletion.notifications)
