"""What an import of a cluster answers."""

from collections.abc import Iterable

from pydantic import BaseModel, Field

from hnsemu.dumps.kubernetes.cluster import Item
from hnsemu.dumps.kubernetes.importing import ClusterImport
from hnsemu.schema.host.definition import HostRecord, host_record


class ClusterObject(BaseModel):
    """An object of the cluster."""

    kind: str = Field(examples=["Pod"])
    namespace: str = ""
    name: str = Field(examples=["web-0"])
    reason: str = Field("", description="Why it is not taken, or only in part.")


class ClusterRecord(BaseModel):
    """The new hosts, what of the cluster they have, and what they do not have."""

    hosts: tuple[HostRecord, ...]
    taken: tuple[ClusterObject, ...]
    left: tuple[ClusterObject, ...]


def cluster_record(done: ClusterImport) -> ClusterRecord:
    """Return what an import did."""
    return ClusterRecord(
        hosts=tuple(host_record(machine) for machine in done.hosts),
        taken=_objects(done.taken),
        left=_objects(done.left),
    )


def _objects(items: Iterable[Item]) -> tuple[ClusterObject, ...]:
    return tuple(
        ClusterObject(kind=item.kind, namespace=item.namespace, name=item.name, reason=item.reason)
        for item in items
    )
