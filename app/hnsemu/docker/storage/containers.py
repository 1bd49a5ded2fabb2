"""Rows of Docker's containers and of their connections to networks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    TextClause,
    bindparam,
    delete,
    insert,
    or_,
    select,
    text,
    update,
)

from hnsemu.docker.domain.containers import (
    DockerContainer,
    DockerEndpoint,
    ListedContainer,
    Status,
)
from hnsemu.docker.domain.health import HealthStatus
from hnsemu.docker.domain.mounts import Mount
from hnsemu.docker.domain.ports import Port, Published
from hnsemu.docker.storage.tables import (
    ACTIVE,
    PROBED,
    STARTED,
    docker_containers,
    docker_endpoints,
    docker_networks,
)
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.transaction import Transaction

_c, _e = docker_containers.c, docker_endpoints.c

_LASTING = (
    "id", "name", "created", "image", "image_id", "config", "host_config", "inherited",
)  # fmt: skip
_CHANGING = (
    "status", "exit_code", "error", "pid", "started", "finished", "restarts", "stopped_by_hand",
    "ports", "summary", "health",
)  # fmt: skip
_COLUMNS_OF_ENDPOINT = (
    "position", "network", "network_id", "settings", "endpoint_id", "hns_id", "mac_address",
    "ip_address", "prefix_length", "gateway", "dns_names", "ports",
)  # fmt: skip

_OF_HOST = select(docker_containers).where(_c.host_key == bindparam("host"))
_COLUMNS_OF_CONNECTION = ("key", *_COLUMNS_OF_ENDPOINT)
_MEANT = Prepared(
    select(docker_containers, *(_e[name].label(f"of_{name}") for name in _COLUMNS_OF_CONNECTION))
    .outerjoin_from(docker_containers, docker_endpoints, _e.container_key == _c.key)
    .where(_c.host_key == bindparam("host"))
    .where(or_(_c.id == bindparam("id"), _c.name == bindparam("name")))
)
_ALL = Prepared(_OF_HOST.order_by(_c.key.desc()))
_LISTED = Prepared(
    select(_c.status, _c.exit_code, _c.started, _c.finished, _c.summary)
    .where(_c.host_key == bindparam("host"))
    .order_by(_c.key.desc())
)
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
_INSERT = Prepared(insert(docker_containers).returning(_c.key), ("host_key", *_LASTING, *_CHANGING))
_SAVE = Prepared(update(docker_containers).where(_c.key == bindparam("container")), _CHANGING)
_SAVE_SETTINGS = Prepared(
    update(docker_containers).where(_c.key == bindparam("container")), ("name", "host_config")
)
_INSERT_CONNECTION = Prepared(
    insert(docker_endpoints), ("host_key", "container_key", *_COLUMNS_OF_ENDPOINT)
)
_SAVE_CONNECTION = Prepared(
    update(docker_endpoints).where(_e.key == bindparam("endpoint")), _COLUMNS_OF_ENDPOINT
)
_DROP_CONNECTION = Prepared(delete(docker_endpoints).where(_e.key == bindparam("endpoint")))


def all_of(tx: Transaction, *, running: bool = False) -> list[DockerContainer]:
    """Return the containers of the host, newest first; only those that run, if wanted."""
    if running:
        return _found(tx, _c.status == Status.RUNNING, text(STARTED))
    return _with_connections(tx, _ALL.rows(tx.connection, {"host": tx.host.key}))


def listed(tx: Transaction) -> list[ListedContainer]:
    """Return the containers of the host as lists show them, newest first."""
    return [
        ListedContainer(Status(row.status), row.exit_code, row.started, row.finished, row.summary)
        for row in _LISTED.rows(tx.connection, {"host": tx.host.key})
    ]


def meant(tx: Transaction, container_id: str, name: str) -> DockerContainer | None:
    """Return the container of a full id, else that of a name, None without either."""
    parameters = {"host": tx.host.key, "id": container_id, "name": name}
    rows = _MEANT.rows(tx.connection, parameters)
    first = min(rows, key=lambda row: row.id != container_id, default=None)
    if first is None:
        return None
    found = [_connection_of(row) for row in rows if row.key == first.key]
    connections = sorted((one for one in found if one.key), key=attrgetter("position"))
    return _container(first, [_endpoint(connection) for connection in connections])


def named(tx: Transaction, name: str) -> DockerContainer | None:
    """Return the container of a name, None without it."""
    return meant(tx, "", name)


def with_prefix(tx: Transaction, prefix: str) -> list[DockerContainer]:
    """Return the containers whose ids begin with `prefix`."""
    return _found(tx, _c.id.startswith(prefix, autoescape=True))


def of_image(tx: Transaction, image_id: str) -> list[DockerContainer]:
    """Return the containers that were created of an image."""
    return _found(tx, _c.image_id == image_id)


def probed(tx: Transaction) -> list[DockerContainer]:
    """Return the containers that run and have a health check."""
    return _found(tx, text(PROBED))


def save_health(tx: Transaction, container: DockerContainer) -> None:
    """Keep what was told last of the health of a container."""
    tx.connection.execute(
        update(docker_containers).where(_c.key == container.key).values(health=container.health)
    )


def on_network(tx: Transaction, network_id: str) -> list[DockerContainer]:
    """Return the containers that have an endpoint on a network now."""
    keys = select(_e.container_key).where(
        _e.host_key == tx.host.key, _e.network_id == network_id, text(ACTIVE)
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
            text(ACTIVE),
            docker_networks.c.driver.in_(sorted(drivers)),
        )
    )
    return {
        (entry.port.protocol, entry.host_port)
        for row in tx.connection.execute(query)
        for entry in _published(row.ports)
    }


def create(tx: Transaction, container: DockerContainer, summary: str) -> None:
    """Keep a new container and its connections. summary: what lists show of it."""
    tx.note_created("container", container.id)
    columns = {"host_key": tx.host.key, **_lasting(container), **_changing(container)}
    key = _INSERT.scalar(tx.connection, columns | {"summary": summary})
    for position, endpoint in enumerate(container.endpoints):
        _save_connection(tx, key, endpoint, position)


def save(tx: Transaction, container: DockerContainer, summary: str) -> None:
    """Keep the state and the connections of a container as they are from now on.

    A connection that it has no more goes by `drop_connection`. summary: what lists show of it.
    """
    columns = {"container": container.key, "summary": summary, **_changing(container)}
    _SAVE.run(tx.connection, columns)
    for position, endpoint in enumerate(container.endpoints):
        _save_connection(tx, container.key, endpoint, position)


def save_settings(tx: Transaction, container: DockerContainer) -> None:
    """Keep the name and HostConfig of a container as they are from now on."""
    _SAVE_SETTINGS.run(tx.connection, {"container": container.key, **_lasting(container)})


def drop_connection(tx: Transaction, endpoint: DockerEndpoint) -> None:
    """Forget a connection of a container."""
    _DROP_CONNECTION.run(tx.connection, {"endpoint": endpoint.key})


def remove(tx: Transaction, container: DockerContainer) -> None:
    """Forget a container, its connections, commands and log."""
    tx.note_removed("container", container.id)
    tx.connection.execute(delete(docker_containers).where(_c.key == container.key))


def _connection_of(row: Any) -> Any:  # noqa: ANN401 (rows)
    """Return the connection in a row of a container; without one its columns are None."""
    columns = row[-len(_COLUMNS_OF_CONNECTION) :]
    return SimpleNamespace(**dict(zip(_COLUMNS_OF_CONNECTION, columns, strict=True)))


def _connections(tx: Transaction, container_key: int) -> list[Any]:
    parameters = {"host": tx.host.key, "container": container_key}
    return _CONNECTIONS.rows(tx.connection, parameters)


def _found(tx: Transaction, *conditions: ColumnElement[bool] | TextClause) -> list[DockerContainer]:
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


def _save_connection(
    tx: Transaction, container_key: int, endpoint: DockerEndpoint, position: int
) -> None:
    columns = _columns_of_endpoint(endpoint, position)
    if endpoint.key:
        _SAVE_CONNECTION.run(tx.connection, {"endpoint": endpoint.key, **columns})
    else:
        keys = {"host_key": tx.host.key, "container_key": container_key}
        _INSERT_CONNECTION.run(tx.connection, {**keys, **columns})


def _lasting(container: DockerContainer) -> dict[str, object]:
    return {
        "id": container.id,
        "name": container.name,
        "created": container.created,
        "image": container.image,
        "image_id": container.image_id,
        "config": _json(container.config),
        "host_config": _json(container.host_config),
        "inherited": _json(container.inherited),
    }


def _changing(container: DockerContainer) -> dict[str, object]:
    return {
        "status": container.status,
        "exit_code": container.exit_code,
        "error": container.error,
        "pid": container.pid,
        "started": container.started,
        "finished": container.finished,
        "restarts": container.restarts,
        "stopped_by_hand": container.stopped_by_hand,
        "ports": _json(container.ports),
        "health": container.health,
    }


def _columns_of_endpoint(endpoint: DockerEndpoint, position: int) -> dict[str, object]:
    return {
        "position": position,
        "network": endpoint.network,
        "network_id": endpoint.network_id,
        "settings": _json(endpoint.settings),
        "endpoint_id": endpoint.endpoint_id,
        "hns_id": endpoint.hns_id,
        "mac_address": endpoint.mac_address,
        "ip_address": endpoint.ip_address,
        "prefix_length": endpoint.prefix_length,
        "gateway": endpoint.gateway,
        "dns_names": _json(endpoint.dns_names),
        "ports": _json(endpoint.ports),
    }


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _container(row: Any, endpoints: Sequence[DockerEndpoint]) -> DockerContainer:  # noqa: ANN401 (a row of either kind)
    return DockerContainer(
        key=row.key,
        id=row.id,
        name=row.name,
        created=row.created,
        image=row.image,
        image_id=row.image_id,
        config=orjson.loads(row.config),
        host_config=_often(row.host_config),
        status=Status(row.status),
        exit_code=row.exit_code,
        error=row.error,
        pid=row.pid,
        started=row.started,
        finished=row.finished,
        restarts=row.restarts,
        stopped_by_hand=bool(row.stopped_by_hand),
        ports=_often(row.ports),
        health=HealthStatus(row.health),
        inherited=tuple(Mount(**mount) for mount in _often(row.inherited)),
        endpoints=tuple(endpoints),
    )


def _endpoint(row: Any) -> DockerEndpoint:  # noqa: ANN401 (a row of either kind)
    names = orjson.loads(row.dns_names)
    return DockerEndpoint(
        key=row.key,
        network=row.network,
        network_id=row.network_id,
        settings=_often(row.settings),
        endpoint_id=row.endpoint_id,
        hns_id=row.hns_id,
        mac_address=row.mac_address,
        ip_address=row.ip_address,
        prefix_length=row.prefix_length,
        gateway=row.gateway,
        dns_names=None if names is None else tuple(names),
        ports=tuple(_published(row.ports)),
    )


@lru_cache(64)
def _often(text: str) -> Any:  # noqa: ANN401 (any JSON value)
    """Return a document that many containers have alike: those of one list share what it holds."""
    return orjson.loads(text)


def _published(text: str) -> list[Published]:
    return [Published(Port(**entry["port"]), entry["host_port"]) for entry in _often(text)]
