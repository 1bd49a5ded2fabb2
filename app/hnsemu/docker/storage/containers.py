"""Rows of Docker's containers and of their connections to networks."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import orjson
from sqlalchemy import ColumnElement, bindparam, delete, insert, select, update

from hnsemu.docker.domain.containers import DockerContainer, DockerEndpoint, Status
from hnsemu.docker.domain.ports import Port, Published
from hnsemu.docker.storage.tables import docker_containers, docker_endpoints, docker_networks
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.transaction import Transaction

_c, _e = docker_containers.c, docker_endpoints.c

_COLUMNS = (
    "id", "name", "created", "image", "image_id", "config", "host_config", "status", "exit_code",
    "error", "pid", "started", "finished", "restarts", "stopped_by_hand", "ports",
)  # fmt: skip
_COLUMNS_OF_ENDPOINT = (
    "position", "network", "network_id", "settings", "endpoint_id", "hns_id", "mac_address",
    "ip_address", "prefix_length", "gateway", "dns_names", "ports",
)  # fmt: skip

_OF_HOST = select(docker_containers).where(_c.host_key == bindparam("host"))
_WITH_ID = Prepared(_OF_HOST.where(_c.id == bindparam("wanted")))
_WITH_NAME = Prepared(_OF_HOST.where(_c.name == bindparam("wanted")))
_ALL = Prepared(_OF_HOST.order_by(_c.key.desc()))
_CONNECTIONS_OF_HOST = Prepared(
    select(docker_endpoints)
    .where(_e.host_key == bindparam("host"))
    .order_by(_e.container_key, _e.position)
)
_CONNECTIONS = Prepared(
    select(docker_endpoints)
    .where(_e.host_key == bindparam("host"), _e.container_key == bindparam("container"))
    .order_by(_e.position)
)
_SAVE = Prepared(update(docker_containers).where(_c.key == bindparam("container")), _COLUMNS)
_SAVE_CONNECTION = Prepared(
    update(docker_endpoints).where(_e.key == bindparam("endpoint")), _COLUMNS_OF_ENDPOINT
)


def all_of(tx: Transaction, *, running: bool = False) -> list[DockerContainer]:
    """Return the containers of the host, newest first; only those that run, if wanted."""
    if running:
        return _found(tx, _c.status == Status.RUNNING)
    return _with_connections(tx, _ALL.rows(tx.connection, {"host": tx.host.key}))


def with_id(tx: Transaction, container_id: str) -> DockerContainer | None:
    """Return the container of a full id, None without it."""
    return _one(tx, _WITH_ID, container_id)


def named(tx: Transaction, name: str) -> DockerContainer | None:
    """Return the container of a name, None without it."""
    return _one(tx, _WITH_NAME, name)


def with_prefix(tx: Transaction, prefix: str) -> list[DockerContainer]:
    """Return the containers whose ids begin with `prefix`."""
    return _found(tx, _c.id.startswith(prefix, autoescape=True))


def of_image(tx: Transaction, image_id: str) -> list[DockerContainer]:
    """Return the containers that were created of an image."""
    return _found(tx, _c.image_id == image_id)


def on_network(tx: Transaction, network_id: str) -> list[DockerContainer]:
    """Return the containers that have an endpoint on a network now."""
    keys = select(_e.container_key).where(
        _e.host_key == tx.host.key, _e.network_id == network_id, _e.endpoint_id != ""
    )
    return _found(tx, _c.key.in_(keys))


def held_ports(tx: Transaction, drivers: Iterable[str]) -> set[tuple[str, int]]:
    """Return protocols and host ports that are published on networks of these drivers."""
    query = (
        select(_e.ports)
        .join(
            docker_networks,
            (docker_networks.c.host_key == _e.host_key) & (docker_networks.c.id == _e.network_id),
        )
        .where(
            _e.host_key == tx.host.key,
            _e.endpoint_id != "",
            docker_networks.c.driver.in_(sorted(drivers)),
        )
    )
    return {
        (entry.port.protocol, entry.host_port)
        for row in tx.connection.execute(query)
        for entry in _published(row.ports)
    }


def create(tx: Transaction, container: DockerContainer) -> None:
    """Keep a new container and its connections."""
    key = tx.connection.execute(
        insert(docker_containers)
        .values(host_key=tx.host.key, **_columns_of(container))
        .returning(_c.key)
    ).scalar_one()
    _insert(tx, key, container.endpoints, 0)


def save(tx: Transaction, container: DockerContainer) -> None:
    """Keep a container as it is from now on, with its connections."""
    _SAVE.run(tx.connection, {"container": container.key, **_columns_of(container)})
    kept = {endpoint.key for endpoint in container.endpoints if endpoint.key}
    gone = {row.key for row in _connections(tx, container.key)} - kept
    if gone:
        tx.connection.execute(delete(docker_endpoints).where(_e.key.in_(sorted(gone))))
    for position, endpoint in enumerate(container.endpoints):
        if endpoint.key:
            columns = _columns_of_endpoint(endpoint, position)
            _SAVE_CONNECTION.run(tx.connection, {"endpoint": endpoint.key, **columns})
        else:
            _insert(tx, container.key, [endpoint], position)


def remove(tx: Transaction, container: DockerContainer) -> None:
    """Forget a container, its connections, commands and log."""
    tx.connection.execute(delete(docker_containers).where(_c.key == container.key))


def _one(tx: Transaction, statement: Prepared, wanted: str) -> DockerContainer | None:
    row = statement.row(tx.connection, {"host": tx.host.key, "wanted": wanted})
    if row is None:
        return None
    return _container(row, [_endpoint(connection) for connection in _connections(tx, row.key)])


def _connections(tx: Transaction, container_key: int) -> list[Any]:
    parameters = {"host": tx.host.key, "container": container_key}
    return _CONNECTIONS.rows(tx.connection, parameters)


def _found(tx: Transaction, *conditions: ColumnElement[bool]) -> list[DockerContainer]:
    query = (
        select(docker_containers)
        .where(_c.host_key == tx.host.key, *conditions)
        .order_by(_c.key.desc())
    )
    return _with_connections(tx, tx.connection.execute(query).all())


def _with_connections(tx: Transaction, rows: Sequence[Any]) -> list[DockerContainer]:
    if not rows:
        return []
    if len(rows) == 1:
        connections = _connections(tx, rows[0].key)
    else:
        connections = _CONNECTIONS_OF_HOST.rows(tx.connection, {"host": tx.host.key})
    by_container = defaultdict[int, list[DockerEndpoint]](list)
    for row in connections:
        by_container[row.container_key].append(_endpoint(row))
    return [_container(row, by_container[row.key]) for row in rows]


def _insert(
    tx: Transaction, container_key: int, endpoints: Sequence[DockerEndpoint], position: int
) -> None:
    if endpoints:
        tx.connection.execute(
            insert(docker_endpoints),
            [
                {
                    "host_key": tx.host.key,
                    "container_key": container_key,
                    **_columns_of_endpoint(endpoint, place),
                }
                for place, endpoint in enumerate(endpoints, position)
            ],
        )


def _columns_of(container: DockerContainer) -> dict[str, object]:
    return {
        "id": container.id,
        "name": container.name,
        "created": container.created,
        "image": container.image,
        "image_id": container.image_id,
        "config": json.dumps(container.config),
        "host_config": json.dumps(container.host_config),
        "status": container.status,
        "exit_code": container.exit_code,
        "error": container.error,
        "pid": container.pid,
        "started": container.started,
        "finished": container.finished,
        "restarts": container.restarts,
        "stopped_by_hand": container.stopped_by_hand,
        "ports": json.dumps(dict(container.ports)),
    }


def _columns_of_endpoint(endpoint: DockerEndpoint, position: int) -> dict[str, object]:
    return {
        "position": position,
        "network": endpoint.network,
        "network_id": endpoint.network_id,
        "settings": json.dumps(endpoint.settings),
        "endpoint_id": endpoint.endpoint_id,
        "hns_id": endpoint.hns_id,
        "mac_address": endpoint.mac_address,
        "ip_address": endpoint.ip_address,
        "prefix_length": endpoint.prefix_length,
        "gateway": endpoint.gateway,
        "dns_names": json.dumps(endpoint.dns_names),
        "ports": json.dumps([asdict(entry) for entry in endpoint.ports]),
    }


def _container(row: Any, endpoints: Sequence[DockerEndpoint]) -> DockerContainer:  # noqa: ANN401 (a row of either kind)
    return DockerContainer(
        key=row.key,
        id=row.id,
        name=row.name,
        created=row.created,
        image=row.image,
        image_id=row.image_id,
        config=orjson.loads(row.config),
        host_config=orjson.loads(row.host_config),
        status=Status(row.status),
        exit_code=row.exit_code,
        error=row.error,
        pid=row.pid,
        started=row.started,
        finished=row.finished,
        restarts=row.restarts,
        stopped_by_hand=bool(row.stopped_by_hand),
        ports=orjson.loads(row.ports),
        endpoints=tuple(endpoints),
    )


def _endpoint(row: Any) -> DockerEndpoint:  # noqa: ANN401 (a row of either kind)
    names = orjson.loads(row.dns_names)
    return DockerEndpoint(
        key=row.key,
        network=row.network,
        network_id=row.network_id,
        settings=orjson.loads(row.settings),
        endpoint_id=row.endpoint_id,
        hns_id=row.hns_id,
        mac_address=row.mac_address,
        ip_address=row.ip_address,
        prefix_length=row.prefix_length,
        gateway=row.gateway,
        dns_names=None if names is None else tuple(names),
        ports=tuple(_published(row.ports)),
    )


def _published(text: str) -> list[Published]:
    return [Published(Port(**entry["port"]), entry["host_port"]) for entry in orjson.loads(text)]
