"""How many objects there are, for those who watch the service."""

from hnsemu.storage import objects
from hnsemu.storage.engine import Session, reads
from hnsemu.storage.objects import ObjectCount

__all__ = ["ObjectCount", "count_objects"]


@reads
def count_objects(session: Session) -> list[ObjectCount]:
    """Return the number of networks, endpoints, namespaces and policy lists of every host."""
    return objects.counts(session.connection)
