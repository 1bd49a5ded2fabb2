"""Rows of endpoints. Statements of the hot paths are built once, here."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from sqlalchemy import Row, Select, bindparam, delete, func, insert, select, text, update

from hnsemu.domain.endpoints import Endpoint, EndpointState, IpConfiguration
from hnsemu.domain.facts import Dns, Policy, Port, Route
from hnsemu.domain.network_types import Mode
from hnsemu.storage import clock, policies, vswitches
from hnsemu.storage.chunks import chunks
from hnsemu.storage.endpoint_filters import MAY_HAVE_HOST_ACLS, in_network, narrowed
from hnsemu.storage.networks import read_dns
from hnsemu.storage.prepared import Answer, Prepared
from hnsemu.storage.tables import (
    endpoints,
    hosts,
    namespace_resources,
    namespaces,
    networks,
    vswitch_ports,
)
from hnsemu.storage.tables import policies as policy_table
from hnsemu.storage.tables import vswitches as switch_table
from hnsemu.storage.transaction import Transaction

_ENDPOINTS = (
    select(
        endpoints,
        networks.c.id.label("network_id"),
        networks.c.name.label("network_name"),
        networks.c.mode,
        networks.c.type_text,
        switch_table.c.id.label("switch_id"),
        switch_table.c.parent_id,
        namespaces.c.id.label("namespace_id"),
        namespaces.c.compartment_guid,
    )
    .join(networks, networks.c.key == endpoints.c.network_key)
    .join(switch_table, switch_table.c.key == networks.c.vswitch_key)
    .outerjoin(namespace_resources, namespace_resources.c.endpoint_key == endpoints.c.key)
    .outerjoin(namespaces, namespaces.c.key == namespace_resources.c.namespace_key)
)
_OF_ID = _ENDPOINTS.where(
    endpoints.c.host_key == bindparam("host_key"), endpoints.c.id == bindparam("id")
)
_BY_ID = Prepared(_OF_ID)
_WITH_PORT = Prepared(
    _OF_ID.add_columns(
        *(column.label(f"port_{column.name}") for column in vswitch_ports.columns)
    ).outerjoin(vswitch_ports, vswitch_ports.c.endpoint_key == endpoints.c.key)
)
_ATTACHED = (
    select(endpoints.c.id)
    .where(
        endpoints.c.network_key == bindparam("network_key"),
        endpoints.c.state.in_([EndpointState.ATTACHED, EndpointState.ATTACHED_SHARING]),
    )
    .order_by(endpoints.c.key)
)
_ATTACHED_OF_HOST = select(func.count(endpoints.c.key)).where(
    endpoints.c.host_key == bindparam("host_key"),
    endpoints.c.state.in_([EndpointState.ATTACHED, EndpointState.ATTACHED_SHARING]),
)
_KEY = Prepared(
    select(endpoints.c.key).where(
        endpoints.c.host_key == bindparam("host_key"), endpoints.c.id == bindparam("id")
    )
)
_IDS_BY_NAME = Prepared(  # no limit: with one, a database may walk the network for the order
    select(endpoints.c.id)
    .where(
        endpoints.c.host_key == bindparam("host_key"),
        endpoints.c.name == bindparam("name"),
        endpoints.c.network_key == bindparam("network_key"),
    )
    .order_by(endpoints.c.key)
)
_DOCUMENTS = (
    select(endpoints.c.document, endpoints.c.host_key, hosts.c.watched)
    .join(hosts, hosts.c.key == endpoints.c.host_key)
    .where(hosts.c.name == bindparam("host_name"), endpoints.c.id == bindparam("id"))
)
_DOCUMENT = {
    name: Prepared(_DOCUMENTS.add_columns(version)) for name, version in clock.VERSIONS.items()
}
_NEXT_KEY = {
    "sqlite": Prepared(select((func.coalesce(func.max(endpoints.c.key), 0) + 1).label("key"))),
    "postgresql": Prepared(
        select(func.nextval(func.pg_get_serial_sequence("endpoints", "key")).label("key"))
    ),
}
_INSERT = Prepared(insert(endpoints), [column.name for column in endpoints.columns])
# What a save writes, by column.
_CHANGING = (
    "name",
    "owner",
    "updated",
    "flags",
    "state",
    "mac_address",
    "ip_configurations",
    "dns",
    "routes",
    "encap_overhead",
    "virtual_machine",
    "shared_containers",
    "started",
    "nat_block",
    "document",
)
_SAVE = Prepared(
    update(endpoints)
    .where(endpoints.c.key == bindparam("b_key"))
    .values({name: bindparam(f"b_{name}") for name in _CHANGING})
)
_SET_PORT = Prepared(
    update(vswitch_ports)
    .where(vswitch_ports.c.endpoint_key == bindparam("b_endpoint_key"))
    .values(
        compartment=bindparam("b_compartment"),
        friendly_name=bindparam("b_friendly_name"),
        port_id=bindparam("b_port_id"),
        isolation=bindparam("b_isolation"),
        connected=bindparam("b_connected"),
    )
)
_NAT_BLOCKS = select(endpoints.c.nat_block).where(
    endpoints.c.host_key == bindparam("host_key"), endpoints.c.nat_block.is_not(None)
)
_NAT_BLOCKS_USED = Prepared(
    _NAT_BLOCKS.with_only_columns(
        func.count(endpoints.c.nat_block).label("used"),
        func.max(endpoints.c.nat_block).label("last"),
    )
)
_SET_DOCUMENT = (
    update(endpoints)
    .where(endpoints.c.key == bindparam("b_key"))
    .values(document=bindparam("b_document"))
)
_DELETE = Prepared(delete(endpoints).where(endpoints.c.key == bindparam("b_key")))


def find_document(tx: Transaction, endpoint_id: str) -> str | None:
    """Return the HCN 2 answer of an endpoint in one statement, the host found by its name."""
    statement = _DOCUMENT[tx.connection.dialect.name]
    row = statement.row(tx.connection, {"host_name": tx.host_name, "id": endpoint_id})
    if row is None:
        return None
    tx.meet(row.host_key, row.watched, row.clock)
    found: str = row.document
    return found


def exists(tx: Transaction, endpoint_id: str) -> bool:
    """Tell whether the host has the endpoint."""
    return find_key(tx, endpoint_id) is not None


def find_key(tx: Transaction, endpoint_id: str) -> int | None:
    """Return the key of the endpoint of the host with that id."""
    found: int | None = _KEY.scalar(tx.connection, {"host_key": tx.host.key, "id": endpoint_id})
    return found


def attached_to_network(tx: Transaction, network_key: int) -> list[str]:
    """Return the ids of the network's endpoints that are plugged in, in creation order."""
    return list(tx.connection.execute(_ATTACHED, {"network_key": network_key}).scalars())


def count_attached(tx: Transaction) -> int:
    """Return how many endpoints of the host are plugged in."""
    of_host = tx.connection.execute(_ATTACHED_OF_HOST, {"host_key": tx.host.key})
    return int(of_host.scalar_one())


def find(tx: Transaction, endpoint_id: str) -> Endpoint | None:
    """Return the endpoint of the host with that id."""
    row = _WITH_PORT.row(tx.connection, {"host_key": tx.host.key, "id": endpoint_id})
    if row is None:
        return None
    port = None if row.port_key is None else vswitches.port(row, "port_")
    return _endpoint(row, policies.of(tx, "endpoint", row.key), port)


def find_without_parts(tx: Transaction, endpoint_id: str) -> Endpoint | None:
    """Return the endpoint of the host with that id, without its policies and its port."""
    row = _BY_ID.row(tx.connection, {"host_key": tx.host.key, "id": endpoint_id})
    return None if row is None else _endpoint(row, (), None)


def all_of(
    tx: Transaction,
    wanted: Mapping[str, object] | None = None,
    after: int = 0,
) -> list[Endpoint]:
    """Return the endpoints of the host behind the key `after`, in creation order.

    wanted: a filter; what columns can tell of it narrows the answer, the rest is the caller's.
    """
    return _endpoints(tx, narrowed(tx, _ENDPOINTS, wanted or {}, after))


def id_of_name(tx: Transaction, network_key: int, name: str) -> str:
    """Return the id of the oldest endpoint of that name on a network of the host, "" without one.

    Only the endpoints of the name are read, however many the network has.
    """
    wanted = {"host_key": tx.host.key, "name": name, "network_key": network_key}
    return _IDS_BY_NAME.scalar(tx.connection, wanted) or ""


def of_network(
    tx: Transaction,
    network_key: int,
    *,
    after: int = 0,
    limit: int | None = None,
    may_have_host_acls: bool = False,
) -> list[Endpoint]:
    """Return the endpoints of a network in creation order, or at most `limit` of them.

    after: key of the one before the first. may_have_host_acls: not those that surely have none.
    """
    query = in_network(_ENDPOINTS, network_key, after)
    if may_have_host_acls:
        query = query.where(text(MAY_HAVE_HOST_ACLS))
    return _endpoints(tx, query.limit(limit))


def of_networks(tx: Transaction, network_keys: Iterable[int]) -> dict[int, list[Endpoint]]:
    """Return the endpoints of networks in creation order, by the keys of those that have any."""
    found: dict[int, list[Endpoint]] = {}
    for chunk in chunks(network_keys):
        of_chunk = _ENDPOINTS.where(endpoints.c.network_key.in_(chunk))
        for endpoint in _endpoints(tx, of_chunk.order_by(endpoints.c.key)):
            found.setdefault(endpoint.network_key, []).append(endpoint)
    return found


def with_ids(tx: Transaction, ids: Iterable[str]) -> list[Endpoint]:
    """Return the endpoints of the host that have these ids, in any order."""
    query = _ENDPOINTS.where(endpoints.c.host_key == tx.host.key)
    return [
        endpoint
        for chunk in chunks(ids)
        for endpoint in _endpoints(tx, query.where(endpoints.c.id.in_(chunk)))
    ]


def settings_of_network(tx: Transaction, network_key: int, kind: str) -> list[str]:
    """Return the settings of every policy of type `kind` on the endpoints of a network."""
    query = (
        select(policy_table.c.settings)
        .join(endpoints, endpoints.c.key == policy_table.c.endpoint_key)
        .where(endpoints.c.network_key == network_key, policy_table.c.type == kind)
    )
    return list(tx.connection.execute(query).scalars())


def ask_for_key(tx: Transaction) -> Answer:
    """Ask for the key of the next endpoint: its rows can be written without waiting for it."""
    return _NEXT_KEY[tx.connection.dialect.name].ask(tx.connection, {})


def insert_endpoint(tx: Transaction, new: Endpoint, document: str) -> None:
    """Insert an endpoint without its policies, port and addresses."""
    row = {
        "key": new.key,
        "host_key": tx.host.key,
        "id": new.id,
        "network_key": new.network_key,
        "version": new.version,
        "schema_major": new.schema_version[0],
        "schema_minor": new.schema_version[1],
        "additional_params": new.additional_params,
        "activity_id": new.activity_id,
        "created": new.created,
        **_changing(new, document),
    }
    _INSERT.run(tx.connection, row)


def save(tx: Transaction, changed: Endpoint, document: str) -> None:
    """Keep what can change of an endpoint, and its answer."""
    values = _changing(changed, document)
    _SAVE.run(
        tx.connection, {"b_key": changed.key, **{f"b_{name}": values[name] for name in values}}
    )


def set_port(tx: Transaction, changed: Endpoint) -> None:
    """Keep the compartment, name, id and VLAN of the endpoint's port."""
    if changed.port is None:
        return
    _SET_PORT.run(
        tx.connection,
        {
            "b_endpoint_key": changed.key,
            "b_compartment": changed.port.compartment,
            "b_friendly_name": changed.port.friendly_name,
            "b_port_id": changed.port.port_id,
            "b_isolation": changed.port.isolation,
            "b_connected": changed.port.connected,
        },
    )


def remove(tx: Transaction, endpoint_key: int) -> None:
    """Delete an endpoint with its policies, port and published ports."""
    _DELETE.run(tx.connection, {"b_key": endpoint_key})


def set_documents(tx: Transaction, texts: Mapping[int, str]) -> None:
    """Keep the HCN 2 answers of endpoints, by their keys."""
    if texts:
        rows = [{"b_key": key, "b_document": text} for key, text in texts.items()]
        tx.connection.execute(_SET_DOCUMENT, rows)


def free_nat_block(tx: Transaction, blocks: int) -> int | None:
    """Return the lowest of so many blocks that no endpoint of the host has, None without one."""
    where = {"host_key": tx.host.key}
    row = _NAT_BLOCKS_USED.row(tx.connection, where)
    assert row is not None  # noqa: S101 (an aggregate has a row)
    first = 0 if row.last is None else row.last + 1
    if row.used == first:  # none was given back, the hot path
        return first if first < blocks else None
    used = set(tx.connection.execute(_NAT_BLOCKS, where).scalars())
    return next((number for number in range(blocks) if number not in used), None)


def _changing(endpoint: Endpoint, document: str) -> dict[str, object]:
    return {
        "name": endpoint.name,
        "owner": endpoint.owner,
        "updated": endpoint.updated,
        "flags": endpoint.flags,
        "state": int(endpoint.state),
        "mac_address": endpoint.mac_address,
        "ip_configurations": _text(
            [[c.ip_address, c.prefix_length, c.ip_subnet_id] for c in endpoint.ip_configurations]
        ),
        "dns": _dns_text(endpoint.dns),
        "routes": _text([[r.next_hop, r.destination_prefix, r.metric] for r in endpoint.routes]),
        "encap_overhead": endpoint.encap_overhead,
        "virtual_machine": endpoint.virtual_machine,
        "shared_containers": _text(endpoint.shared_containers),
        "started": endpoint.started,
        "nat_block": endpoint.nat_block,
        "document": document,
    }


def _text(value: object) -> str:
    return orjson.dumps(value).decode()


def _dns_text(dns: Dns) -> str:
    if not dns:
        return "{}"
    return _text(
        {
            "domain": dns.domain,
            "search": dns.search,
            "server_list": dns.server_list,
            "options": dns.options,
        }
    )


def _endpoints(tx: Transaction, query: Select[Any]) -> list[Endpoint]:
    rows = tx.connection.execute(query).all()
    owned: dict[int, tuple[Policy, ...]] = {}
    ports: dict[int, Port] = {}
    for chunk in chunks(row.key for row in rows):
        owned.update(policies.of_many(tx, "endpoint", chunk))
        found = tx.connection.execute(
            select(vswitch_ports).where(vswitch_ports.c.endpoint_key.in_(chunk))
        )
        ports.update({row.endpoint_key: vswitches.port(row) for row in found})
    return [_endpoint(row, owned.get(row.key, ()), ports.get(row.key)) for row in rows]


def _endpoint(row: Row[Any], carried: tuple[Policy, ...], port: Port | None) -> Endpoint:
    return Endpoint(
        key=row.key,
        id=row.id,
        name=row.name,
        network_key=row.network_key,
        network_id=row.network_id,
        network_name=row.network_name,
        network_mode=Mode(row.mode),
        network_type_text=row.type_text,
        parent_id=row.parent_id,
        switch_id=row.switch_id,
        owner=row.owner,
        flags=row.flags,
        state=EndpointState(row.state),
        policies=carried,
        ip_configurations=tuple(
            IpConfiguration(*values) for values in orjson.loads(row.ip_configurations)
        ),
        dns=read_dns(row.dns),
        routes=tuple(Route(*values) for values in orjson.loads(row.routes)),
        mac_address=row.mac_address,
        encap_overhead=row.encap_overhead,
        version=row.version,
        schema_version=(row.schema_major, row.schema_minor),
        additional_params=row.additional_params,
        activity_id=row.activity_id,
        namespace_id=row.namespace_id or "",
        compartment_guid=row.compartment_guid or "",
        shared_containers=tuple(orjson.loads(row.shared_containers)),
        virtual_machine=row.virtual_machine,
        created=row.created,
        updated=row.updated,
        started=row.started,
        nat_block=row.nat_block,
        port=port,
    )
