"""Rows of Docker's networks."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, insert, or_, select, update

from hnsemu.docker.domain.networks import DockerNetwork, Ipam, Pool
from hnsemu.docker.storage.tables import docker_networks
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.transaction import Transaction

_n = docker_networks.c
_OF_HOST = select(docker_networks).where(_n.host_key == bindparam("host"))
_WITH_NAME = Prepared(_OF_HOST.where(_n.name == bindparam("wanted")))
_INTERNAL = Prepared(select(_n.id).where(_n.host_key == bindparam("host"), _n.internal.is_(True)))
_WITH_ID = Prepared(_OF_HOST.where(_n.id == bindparam("wanted")))
_MEANT = Prepared(_OF_HOST.where(or_(_n.id == bindparam("wanted"), _n.name == bindparam("wanted"))))


def all_of(tx: Transaction) -> list[DockerNetwork]:
    """Return the networks of the daemon, oldest first."""
    query = (
        select(docker_networks)
        .where(docker_networks.c.host_key == tx.host.key)
        .order_by(docker_networks.c.key)
    )
    return [_network(row) for row in tx.connection.execute(query)]


def named(tx: Transaction, name: str) -> DockerNetwork | None:
    """Return the network of a full name, None without it."""
    return _first(tx, _WITH_NAME, name)


def with_id(tx: Transaction, network_id: str) -> DockerNetwork | None:
    """Return the network of a full id, None without it."""
    return _first(tx, _WITH_ID, network_id)


def meant(tx: Transaction, reference: str) -> DockerNetwork | None:
    """Return the network of a full id, else that of a full name, None without either."""
    rows = _MEANT.rows(tx.connection, {"host": tx.host.key, "wanted": reference})
    row = min(rows, key=lambda row: row.id != reference, default=None)
    return None if row is None else _network(row)


def with_prefix(tx: Transaction, prefix: str) -> list[DockerNetwork]:
    """Return the networks whose ids begin with `prefix`, hexadecimal digits only."""
    query = select(docker_networks).where(
        docker_networks.c.host_key == tx.host.key,
        docker_networks.c.id.startswith(prefix, autoescape=True),
    )
    return [_network(row) for row in tx.connection.execute(query.order_by(docker_networks.c.key))]


def internal_ids(tx: Transaction) -> set[str]:
    """Return the ids of the networks on which nothing is published."""
    return {row.id for row in _INTERNAL.rows(tx.connection, {"host": tx.host.key})}


def create(tx: Transaction, network: DockerNetwork) -> None:
    """Keep a new network that a call made."""
    tx.note_created("docker network", network.id)
    keep(tx, network)


def keep(tx: Transaction, network: DockerNetwork) -> None:
    """Keep a network that the daemon has by itself, whatever call it was that started it."""
    tx.connection.execute(
        insert(docker_networks).values(host_key=tx.host.key, **_columns_of(network))
    )


def save(tx: Transaction, network: DockerNetwork) -> None:
    """Keep a network as it is from now on."""
    tx.connection.execute(
        update(docker_networks)
        .where(docker_networks.c.key == network.key)
        .values(_columns_of(network))
    )


def remove(tx: Transaction, network: DockerNetwork) -> None:
    """Forget a network."""
    tx.note_removed("docker network", network.id)
    tx.connection.execute(delete(docker_networks).where(docker_networks.c.key == network.key))


def _first(tx: Transaction, statement: Prepared, wanted: str) -> DockerNetwork | None:
    row = statement.row(tx.connection, {"host": tx.host.key, "wanted": wanted})
    return None if row is None else _network(row)


def _columns_of(network: DockerNetwork) -> dict[str, object]:
    return {
        "id": network.id,
        "name": network.name,
        "driver": network.driver,
        "hns_id": network.hns_id,
        "created": network.created,
        "internal": network.internal,
        "attachable": network.attachable,
        "config_only": network.config_only,
        "config_from": network.config_from,
        "ipam": json.dumps(asdict(network.ipam)),
        "options": json.dumps(dict(network.options)),
        "labels": json.dumps(dict(network.labels)),
    }


def _network(row: Any) -> DockerNetwork:  # noqa: ANN401 (a row of either kind)
    return DockerNetwork(
        key=row.key,
        id=row.id,
        name=row.name,
        driver=row.driver,
        hns_id=row.hns_id,
        created=row.created,
        internal=bool(row.internal),
        attachable=bool(row.attachable),
        config_only=bool(row.config_only),
        config_from=row.config_from,
        ipam=_ipam(orjson.loads(row.ipam)),
        options=orjson.loads(row.options),
        labels=orjson.loads(row.labels),
    )


def _ipam(members: Mapping[str, Any]) -> Ipam:
    pools = members["pools"]
    return Ipam(
        members["driver"],
        members["options"],
        None if pools is None else tuple(Pool(**pool) for pool in pools),
        members.get("is_automatic", False),
    )
