"""The life of the daemon: how it stands, and its start."""

from hnsemu.docker.domain.ids import new_id
from hnsemu.docker.domain.networks import (
    ANY_SUBNET,
    HNS_ID,
    HNS_NAME,
    HNS_OWNED,
    NULL,
    DockerNetwork,
    Ipam,
    Pool,
)
from hnsemu.docker.schema.hns import default_nat_document
from hnsemu.docker.services import hns
from hnsemu.docker.storage import daemons, networks
from hnsemu.docker.storage.daemons import Standing
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import Network
from hnsemu.schema.v1.spelling import spell_ids
from hnsemu.storage import networks as hns_networks
from hnsemu.storage.transaction import Transaction, reads, writes

_NOT_ADOPTED = {Mode.INTERNAL, Mode.PRIVATE}


@reads
def standing_of(tx: Transaction) -> Standing:
    """Return how the daemon of the host stands.

    Raises: E_ELEMENT_NOT_FOUND without the host.
    """
    found = daemons.standing(tx)
    return found or Standing(tx.host.release, "")


@writes
def start_at_first_request(tx: Transaction) -> Standing:
    """Start the daemon of a host that was not driven by Docker; HNS' endpoints stay."""
    if daemons.start(tx):
        _make_networks(tx)
    return daemons.standing(tx) or Standing(tx.host.release, "")


def _make_networks(tx: Transaction) -> None:
    """Make none, adopt what HNS has, and make nat unless there is one."""
    none = DockerNetwork(
        new_id(tx.source), "none", NULL, created=tx.now, ipam=Ipam("default", None, None)
    )
    networks.create(tx, none)
    for network in hns_networks.all_of(tx):
        if network.mode not in _NOT_ADOPTED:
            _adopt(tx, network)
    if networks.named(tx, "nat") is None:
        created = hns.create_network(tx, default_nat_document())
        _keep(tx, created, "nat", {HNS_ID: _spelled(tx, created), HNS_NAME: "nat"})


def _adopt(tx: Transaction, network: Network) -> None:
    is_first_nat = network.mode is Mode.NAT and networks.named(tx, "nat") is None
    name = "nat" if is_first_nat else network.name
    if networks.named(tx, name) is None:
        options = {HNS_ID: _spelled(tx, network), HNS_NAME: network.name, HNS_OWNED: "true"}
        _keep(tx, network, name, options)


def _keep(tx: Transaction, network: Network, name: str, options: dict[str, str]) -> None:
    pools = tuple(Pool(subnet.prefix, "", subnet.gateway) for subnet in network.subnets)
    networks.create(
        tx,
        DockerNetwork(
            new_id(tx.source),
            name,
            network.type_text.lower(),
            hns_id=network.id,
            created=tx.now,
            ipam=Ipam("windows", None, pools or (Pool(ANY_SUBNET),)),
            options=options,
        ),
    )


def _spelled(tx: Transaction, network: Network) -> str:
    return spell_ids(tx.host.release, "friendly")(network.id)
