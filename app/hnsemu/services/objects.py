"""How many objects there are, for those who watch the service."""

from hnsemu.storage import objects
from hnsemu.storage.objects import ObjectCount
from hnsemu.storage.transaction import Transaction, reads

__all__ = ["ObjectCount", "count_objects"]


@reads
def count_objects(tx: Transaction) -> list[ObjectCount]:
    """Return the number of networks, endpoints, namespaces and policy lists of every host."""
    return objects.counts(tx)
