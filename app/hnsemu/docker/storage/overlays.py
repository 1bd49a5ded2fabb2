"""Which hosts a network of a swarm is on, and what is connected there."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import select, text

from hnsemu.docker.domain.networks import OVERLAY
from hnsemu.docker.storage.tables import ACTIVE, docker_endpoints, docker_networks, docker_swarms
from hnsemu.storage.tables import hosts
from hnsemu.storage.transaction import Transaction

_n, _e, _s = docker_networks.c, docker_endpoints.c, docker_swarms.c


@dataclass(frozen=True, slots=True)
class Peer:
    """A host that a network is on. hns_id: of the network there. address: of the node."""

    host_name: str
    hns_id: str
    node_id: str
    address: str


@dataclass(frozen=True, slots=True)
class Connected:
    """An endpoint of a container on a network of a swarm.

    hns_id:    of HNS' endpoint on its own host.
    dns_names: what the container answers to.
    """

    host_name: str
    endpoint_id: str
    hns_id: str
    mac_address: str
    ip_address: str
    dns_names: Sequence[str]


def peers(tx: Transaction, network_id: str) -> list[Peer]:
    """Return the hosts that a network is on, oldest first."""
    query = (
        select(hosts.c.name, _n.hns_id, _s.node_id, _s.address)
        .join_from(docker_networks, hosts, hosts.c.key == _n.host_key)
        .join(docker_swarms, _s.host_key == _n.host_key)
        .where(_n.id == network_id, _n.driver == OVERLAY)
        .order_by(_n.host_key)
    )
    return [Peer(*row) for row in tx.connection.execute(query)]


def connected(tx: Transaction, network_id: str) -> list[Connected]:
    """Return the endpoints on a network, whichever host they are on."""
    query = (
        select(
            hosts.c.name,
            _e.endpoint_id,
            _e.hns_id,
            _e.mac_address,
            _e.ip_address,
            _e.dns_names,
        )
        .join_from(docker_endpoints, hosts, hosts.c.key == _e.host_key)
        .where(_e.network_id == network_id, text(ACTIVE))
        .order_by(_e.key)
    )
    return [
        Connected(*row[:-1], dns_names=orjson.loads(row.dns_names) or ())
        for row in tx.connection.execute(query)
    ]


def networks_here(tx: Transaction) -> list[str]:
    """Return the ids of the networks of a swarm that are on the host."""
    query = select(_n.id).where(_n.host_key == tx.host.key, _n.driver == OVERLAY)
    return list(tx.connection.execute(query.order_by(_n.key)).scalars())
