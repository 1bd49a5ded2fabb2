"""The hosts of a plan, made through the services of HNS: each in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from hnsemu.domain.attachments import Attachment, SystemType
from hnsemu.domain.hosts import Machine
from hnsemu.dumps.kubernetes.cluster import Item
from hnsemu.dumps.kubernetes.nodes import SCHEMA
from hnsemu.dumps.kubernetes.options import Options
from hnsemu.dumps.kubernetes.plan import HostPlan, Json, Made, planned
from hnsemu.dumps.kubernetes.reading import Resource
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.v1.namespaces import HNSNamespaceResource
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.namespaces import HostComputeNamespace
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.services import hosts, loadbalancers
from hnsemu.services.endpoints import attachment
from hnsemu.services.endpoints import creation as endpoints
from hnsemu.services.hosts import creation as host_creation
from hnsemu.services.namespaces import creation as namespaces
from hnsemu.services.namespaces import modification as namespace_members
from hnsemu.services.networks import creation as networks
from hnsemu.services.networks import deletion as network_deletion
from hnsemu.services.networks import queries as network_queries
from hnsemu.storage.transaction import Hns, Transaction, controls


@dataclass(slots=True)
class ClusterImport:
    """What an import did. hosts: the new ones; taken and left: objects of the cluster."""

    hosts: list[Machine] = field(default_factory=list)
    taken: list[Item] = field(default_factory=list)
    left: list[Item] = field(default_factory=list)


def import_cluster(hns: Hns, resources: Sequence[Resource], options: Options) -> ClusterImport:
    """Make a host of each Windows node of a cluster.

    Raises: E_INVALIDARG, naming the first wrong member; E_ALREADY_EXISTS for a host that is there.
            No new host is left then.
    """
    plan = planned(resources, options)
    known = set(hosts.host_names(hns))
    for host in plan.hosts:
        if host.name in known:
            what = f"host {host.name!r} exists; delete it first, or take the node out of the files"
            raise HnsError(Hr.E_ALREADY_EXISTS, what)
    done = ClusterImport(left=list(plan.left))
    made: list[Hns] = []
    try:
        for host in plan.hosts:
            of_host = replace(hns, host_name=host.name)
            made.append(of_host)
            machine, taken, left = _make(of_host, host)
            done.hosts.append(machine)
            done.taken += taken
            done.left += left
        done.taken = list(dict.fromkeys([*done.taken, *plan.taken]))
    except BaseException as error:
        for of_host in made[: len(done.hosts)]:
            hosts.delete_host(of_host)
        if isinstance(error, HnsError):
            raise HnsError(error.hr, f"{made[-1].host_name}: {error.detail}") from error
        raise
    return done


@controls
def _make(tx: Transaction, plan: HostPlan) -> tuple[Machine, list[Item], list[Item]]:
    """Make a host with everything on it; return it, and what of the cluster it has and lacks."""
    machine, _ = host_creation.define(tx, plan.definition)
    for network in network_queries.everything(tx):
        network_deletion.delete(tx, network)
    networks.create(tx, parse(HostComputeNetwork, plan.network))
    for document in plan.gateways:
        endpoint = endpoints.create(tx, None, parse(HostComputeEndpoint, document))
        attachment.attach(tx, endpoint.id, Attachment(SystemType.HOST, "", 1))
    taken, left = [plan.node], []
    for create, several in (
        (_pod, plan.pods),
        (_remote, plan.remotes),
        (_balancer, plan.balancers),
    ):
        for made in several:
            refusal = _refused(tx, made, create)
            if refusal:
                left.append(replace(made.of, reason=f"on {plan.name}: {refusal}"))
            elif create is not _remote:
                taken.append(made.of)
    return machine, taken, left


def _refused(tx: Transaction, made: Made, create: Callable[[Transaction, Json], object]) -> str:
    """Create what a document says; return why HNS refuses it, "" if it does not."""
    try:
        with tx.attempt():
            create(tx, made.document)
    except HnsError as refusal:
        return refusal.detail or refusal.hr.text
    return ""


def _pod(tx: Transaction, document: Json) -> None:
    """Create a pod's endpoint in a namespace of its own, as a container engine does."""
    endpoint = endpoints.create(tx, None, parse(HostComputeEndpoint, document))
    namespace = namespaces.create(tx, parse(HostComputeNamespace, {"SchemaVersion": SCHEMA}))
    member = HNSNamespaceResource(type="Endpoint", data={"Id": endpoint.id})
    namespace_members.modify(tx, namespace.id, member.to_v2("Add"))


def _remote(tx: Transaction, document: Json) -> None:
    endpoints.create(tx, None, parse(HostComputeEndpoint, document))


def _balancer(tx: Transaction, document: Json) -> None:
    loadbalancers.create(tx, parse(HostComputeLoadBalancer, document))
