"""Which containers are on which networks now."""

from dataclasses import dataclass

from sqlalchemy import select, text

from hnsemu.docker.storage.tables import ACTIVE, docker_containers, docker_endpoints
from hnsemu.storage.transaction import Transaction

_e, _c = docker_endpoints.c, docker_containers.c


@dataclass(frozen=True, slots=True)
class ActiveEndpoint:
    """An endpoint of a running container: who has it, and what it has."""

    container_id: str
    name: str
    endpoint_id: str
    mac_address: str
    ip_address: str
    prefix_length: int


def active_on(tx: Transaction, network_id: str) -> list[ActiveEndpoint]:
    """Return the endpoints that there are on a network, in the order of their containers."""
    query = (
        select(_c.id, _c.name, _e.endpoint_id, _e.mac_address, _e.ip_address, _e.prefix_length)
        .join_from(docker_endpoints, docker_containers, _e.container_key == _c.key)
        .where(_e.host_key == tx.host.key, _e.network_id == network_id, text(ACTIVE))
        .order_by(_e.key)
    )
    return [ActiveEndpoint(*row) for row in tx.connection.execute(query)]


def used_networks(tx: Transaction) -> set[str]:
    """Return the ids of the networks that have endpoints now."""
    query = select(_e.network_id).where(_e.host_key == tx.host.key, text(ACTIVE))
    return set(tx.connection.execute(query.distinct()).scalars())
