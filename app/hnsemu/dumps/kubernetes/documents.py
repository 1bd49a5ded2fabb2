"""What an import of a cluster answers."""

from collections.abc import Iterable

from pydantic import BaseModel, Field

from hnsemu.dumps.kubernetes.cluster import Item
from hnsemu.dumps.kubernetes.importing import ClusterImport
from hnsemu.dumps.kubernetes.options import Options, PolicyStyle
from hnsemu.schema.host.definition import HostRecord, host_record

_POLICIES = {
    PolicyStyle.CALICO: "Felix of Calico for Windows, which skips named ports and except",
    PolicyStyle.KUBERNETES: "a plugin that does all that Kubernetes says of NetworkPolicies",
}


class ClusterObject(BaseModel):
    """An object of the cluster."""

    kind: str = Field(examples=["Pod"])
    namespace: str = ""
    name: str = Field(examples=["web-0"])
    reason: str = Field("", description="Why it is not taken, or only in part.")


class Models(BaseModel):
    """Which programs of a cluster made what the hosts have, had they run there."""

    networks: str = Field(description="Of networks and endpoints.")
    load_balancers: str
    policies: str = Field(description="Of ACLs.")


class ClusterRecord(BaseModel):
    """The new hosts, what of the cluster they have, and what they do not have."""

    hosts: tuple[HostRecord, ...]
    taken: tuple[ClusterObject, ...]
    left: tuple[ClusterObject, ...]
    made_as: Models


def cluster_record(done: ClusterImport, options: Options) -> ClusterRecord:
    """Return what an import did."""
    return ClusterRecord(
        hosts=tuple(host_record(machine) for machine in done.hosts),
        taken=_objects(done.taken),
        left=_objects(done.left),
        made_as=_models(options, has_ipv6=done.has_ipv6),
    )


def _models(options: Options, *, has_ipv6: bool) -> Models:
    dsr = "with" if options.has_dsr else "without"
    both = "; of IPv6 sdnbridge of windows-container-networking" if has_ipv6 else ""
    return Models(
        networks=f"Calico's CNI plugin for Windows, {options.network}{both}",
        load_balancers=f"kube-proxy in kernelspace mode, {dsr} --enable-dsr",
        policies=_POLICIES[options.policies],
    )


def _objects(items: Iterable[Item]) -> tuple[ClusterObject, ...]:
    return tuple(
        ClusterObject(kind=item.kind, namespace=item.namespace, name=item.name, reason=item.reason)
        for item in items
    )
