"""The hosts of a plan, made through the services of HNS in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from hnsemu.domain.attachments import Attachment, SystemType
from hnsemu.domain.hosts import Machine
from hnsemu.dumps.kubernetes.cluster import Item
from hnsemu.dumps.kubernetes.nodes import SCHEMA
from hnsemu.dumps.kubernetes.options import Options
from hnsemu.dumps.kubernetes.plan import HostPlan, Json, Made, Plan, planned
from hnsemu.dumps.kubernetes.reading import Resource
from hnsemu.errors import HnsError
from hnsemu.schema.base import parse
from hnsemu.schema.v1.namespaces import HNSNamespaceResource
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.namespaces import HostComputeNamespace
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.services import loadbalancers
from hnsemu.services.endpoints import attachment
from hnsemu.services.endpoints import creation as endpoints
from hnsemu.services.hosts import creation as hosts
from hnsemu.services.namespaces import creation as namespaces
from hnsemu.services.namespaces import modification as namespace_members
from hnsemu.services.networks import creation as networks
from hnsemu.services.networks import deletion as network_deletion
from hnsemu.services.networks import queries as network_queries
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns, Transaction, controls


@dataclass(slots=True)
class ClusterImport:
    """What an import did. hosts: the new ones; taken and left: objects of the cluster."""

    hosts: list[Machine] = field(default_factory=list)
    taken: list[Item] = field(default_factory=list)
    left: list[Item] = field(default_factory=list)
    has_ipv6: bool = False


def import_cluster(hns: Hns, resources: Sequence[Resource], options: Options) -> ClusterImport:
    """Make a host of each Windows node of a cluster, all of them or none.

    Raises: E_INVALIDARG, naming the first wrong member; E_ALREADY_EXISTS for a host that is there.
    """
    return _import(hns, planned(resources, options), hns.database)


@controls
def _import(tx: Transaction, plan: Plan, database: Database) -> ClusterImport:
    """Make the hosts of a plan in the order of their names, so that two imports do not deadlock."""
    definitions = {host.name: host.definition for host in plan.hosts}
    known = {name: tx.on(name) for name in sorted(definitions)}
    machines = {name: hosts.create(own, definitions[name]) for name, own in known.items()}
    done = ClusterImport(
        [machines[host.name] for host in plan.hosts], left=list(plan.left), has_ipv6=plan.has_ipv6
    )
    for host in plan.hosts:
        try:
            taken, left = _fill(known[host.name], host)
        except HnsError as error:
            raise HnsError(error.hr, f"{host.name}: {error.detail}") from error
        done.taken += taken
        done.left += left
    for own in known.values():
        own.publish(database)
    done.taken = list(dict.fromkeys([*done.taken, *plan.taken]))
    return done


def _fill(tx: Transaction, plan: HostPlan) -> tuple[list[Item], list[Item]]:
    """Put on a new host what is to be there; return what of the cluster it has and lacks."""
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
    return taken, left


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
