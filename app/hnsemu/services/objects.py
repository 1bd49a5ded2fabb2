"""Objects of any kind: how many there are, where an endpoint is, how some are called."""

from collections.abc import Iterable

from hnsemu.storage import objects
from hnsemu.storage.objects import ObjectCount
from hnsemu.storage.transaction import Transaction, reads

__all__ = ["ObjectCount", "count_objects", "existing", "hosts_with_endpoint", "names"]


@reads
def count_objects(tx: Transaction) -> list[ObjectCount]:
    """Return the number of networks, endpoints, namespaces and policy lists of every host."""
    return objects.counts(tx)


@reads
def hosts_with_endpoint(tx: Transaction, name: str, most: int) -> list[str]:
    """Return the names of the hosts that have an endpoint with a name or an id, sorted.

    most: of them that are returned.
    """
    return objects.hosts_with_endpoint(tx, name, most)


@reads
def names(tx: Transaction, kind: str, ids: Iterable[str]) -> dict[str, str]:
    """Return the names of objects by their ids, without those that the host does not have.

    kind: "networks", "endpoints" or "policylists".
    """
    return objects.names(tx, kind, ids)


@reads
def existing(tx: Transaction, kind: str, ids: Iterable[str]) -> set[str]:
    """Return those of the ids that objects of the kind on this host have.

    kind: "networks", "endpoints", "namespaces" or "policylists".
    """
    return objects.existing(tx, kind, ids)
