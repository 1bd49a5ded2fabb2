"""What the data plane looks up: by address and by port, across hosts where it must."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    bindparam,
    or_,
    select,
    text,
)

from hnsemu.domain.dataplane import Backend, parse_address
from hnsemu.domain.ipam import text_key
from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import Address, Packet
from hnsemu.domain.policylists import PolicyListKind
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.tables import (
    adapters,
    endpoints,
    hosts,
    ip_allocations,
    load_balancer_frontends,
    namespace_resources,
    namespaces,
    networks,
    policy_list_references,
    policy_lists,
    vswitch_ports,
    vswitches,
)
from hnsemu.storage.transaction import Transaction

_FEW = 8  # load balancers that a sentence is made from

_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)

# Networks that the underlay bridges or routes to. Source: dataplane.md sections 8.2 and 9.
_ROUTED = or_(
    *(networks.c.mode == mode.value for mode in (Mode.L2BRIDGE, Mode.L2TUNNEL, Mode.TRANSPARENT))
)

_AT = Prepared(
    select(endpoints.c.id, ip_allocations.c.remote)
    .join(ip_allocations, ip_allocations.c.endpoint_key == endpoints.c.key)
    .where(
        ip_allocations.c.network_key == bindparam("network_key"),
        text("ip_allocations.remote IN (false, true)"),  # or all of the network's are read
        ip_allocations.c.address == bindparam("address"),
        ip_allocations.c.released.is_(None),
    )
    .order_by(ip_allocations.c.remote, endpoints.c.key)
)
_OF_HOST = Prepared(
    select(endpoints.c.id)
    .select_from(vswitches)
    .join(vswitch_ports, vswitch_ports.c.vswitch_key == vswitches.c.key)
    .join(endpoints, endpoints.c.key == vswitch_ports.c.endpoint_key)
    .where(
        vswitches.c.host_key == bindparam("host_key"),
        text("vswitch_ports.compartment = 1"),  # a parameter would hide the index of these
        vswitch_ports.c.connected.is_(True),
    )
    .order_by(endpoints.c.key)
)


def _one_of_two(column: Column[Any], name: str) -> ColumnElement[bool]:
    return or_(column == bindparam(f"{name}_1"), column == bindparam(f"{name}_2"))


_ANSWERING = Prepared(
    select(load_balancer_frontends.c.policy_list_key)
    .where(
        load_balancer_frontends.c.host_key == bindparam("host_key"),
        _one_of_two(load_balancer_frontends.c.vip, "vip"),
        _one_of_two(load_balancer_frontends.c.protocol, "protocol"),
        _one_of_two(load_balancer_frontends.c.external_port, "port"),
    )
    .distinct()
    .order_by(load_balancer_frontends.c.policy_list_key)
)
_SERVING = Prepared(
    select(load_balancer_frontends.c.policy_list_key)
    .where(
        load_balancer_frontends.c.host_key == bindparam("host_key"),
        load_balancer_frontends.c.vip == bindparam("vip"),
    )
    .distinct()
    .order_by(load_balancer_frontends.c.policy_list_key)
    .limit(_FEW)
)
_BEHIND = (
    select(
        policy_list_references.c.policy_list_key,
        endpoints.c.id,
        endpoints.c.flags,
        endpoints.c.ip_configurations,
        networks.c.id.label("network_id"),
    )
    .join(endpoints, endpoints.c.key == policy_list_references.c.endpoint_key)
    .join(networks, networks.c.key == endpoints.c.network_key)
    .order_by(policy_list_references.c.policy_list_key, policy_list_references.c.position)
)
_BACKENDS = _BEHIND.where(policy_list_references.c.policy_list_key.in_(_KEYS))
_BACKENDS_OF_ONE = Prepared(
    _BEHIND.where(policy_list_references.c.policy_list_key == bindparam("key"))
)
_ROUTE_LISTS = Prepared(
    select(policy_lists.c.id, policy_lists.c.routes)
    .join(policy_list_references, policy_list_references.c.policy_list_key == policy_lists.c.key)
    .where(
        policy_list_references.c.endpoint_key == bindparam("endpoint_key"),
        policy_lists.c.kind == PolicyListKind.ROUTE.value,
    )
    .order_by(policy_lists.c.key)
)
_ADAPTERS = (
    select(hosts.c.name).join(adapters, adapters.c.host_key == hosts.c.key).order_by(hosts.c.name)
)
_WITH_ADAPTER = {
    4: Prepared(_ADAPTERS.where(adapters.c.address == bindparam("address"))),
    6: Prepared(
        _ADAPTERS.where(
            adapters.c.address6 == bindparam("address"),
            text("adapters.address6 <> ''"),  # or the index of these is not used
        )
    ),
}
_WITH_ENDPOINT = Prepared(
    select(hosts.c.name, endpoints.c.id)
    .select_from(networks)
    .join(ip_allocations, ip_allocations.c.network_key == networks.c.key)
    .join(endpoints, endpoints.c.key == ip_allocations.c.endpoint_key)
    .join(hosts, hosts.c.key == networks.c.host_key)
    .where(
        _ROUTED,
        ip_allocations.c.remote.is_(False),
        ip_allocations.c.address == bindparam("address"),
        ip_allocations.c.released.is_(None),
    )
    .order_by(hosts.c.name, endpoints.c.key)
)
_NAMESPACES_OF = Prepared(
    select(namespaces.c.id)
    .join(namespace_resources, namespace_resources.c.namespace_key == namespaces.c.key)
    .where(
        namespaces.c.host_key == bindparam("host_key"),
        namespace_resources.c.container_id == bindparam("container_id"),
    )
    .order_by(namespaces.c.key)
)


def endpoints_at(tx: Transaction, network_key: int, address: Address) -> list[str]:
    """Return the ids of the endpoints of a network that have the address, local ones first."""
    rows = _AT.rows(tx.connection, {"network_key": network_key, "address": text_key(address)})
    return [row.id for row in rows]


def endpoints_of_host(tx: Transaction) -> list[str]:
    """Return the ids of the endpoints that are plugged into the host's own compartment."""
    return [row.id for row in _OF_HOST.rows(tx.connection, {"host_key": tx.host.key})]


def answering(tx: Transaction, packet: Packet) -> list[int]:
    """Return the keys of the load balancers that may answer the packet, oldest first."""
    rows = _ANSWERING.rows(
        tx.connection,
        {
            "host_key": tx.host.key,
            "vip_1": str(packet.destination),
            "vip_2": "::" if packet.version == 6 else "",  # noqa: PLR2004 (a family)
            "protocol_1": packet.protocol,
            "protocol_2": 0,
            "port_1": packet.destination_port,
            "port_2": 0,
        },
    )
    return [row.policy_list_key for row in rows]


def serving(tx: Transaction, address: Address) -> list[int]:
    """Return the keys of the oldest few load balancers with that VIP, whatever their ports."""
    rows = _SERVING.rows(tx.connection, {"host_key": tx.host.key, "vip": str(address)})
    return [row.policy_list_key for row in rows]


def backends(tx: Transaction, keys: Sequence[int]) -> dict[int, list[Backend]]:
    """Return the backends of these load balancers, in the order of their references."""
    found: dict[int, list[Backend]] = {}
    rows: Iterable[Any] = (
        _BACKENDS_OF_ONE.rows(tx.connection, {"key": keys[0]})
        if len(keys) == 1
        else tx.connection.execute(_BACKENDS, {"keys": list(keys)})
    )
    for row in rows:
        parsed = (parse_address(text) for text, *_ in json.loads(row.ip_configurations))
        found.setdefault(row.policy_list_key, []).append(
            Backend(
                endpoint_id=row.id,
                network_id=row.network_id,
                is_remote=bool(row.flags & 1),
                addresses=tuple(address for address in parsed if address is not None),
            )
        )
    return found


def route_lists(tx: Transaction, endpoint_key: int) -> list[tuple[str, list[list[Any]]]]:
    """Return the SDN route lists that name the endpoint: id and routes as stored."""
    rows = _ROUTE_LISTS.rows(tx.connection, {"endpoint_key": endpoint_key})
    return [(row.id, json.loads(row.routes)) for row in rows]


def hosts_with_address(tx: Transaction, address: Address) -> Sequence[str]:
    """Return the names of the hosts of which an adapter has the address."""
    rows = _WITH_ADAPTER[address.version].rows(tx.connection, {"address": str(address)})
    return [row.name for row in rows]


def host_with_endpoint(tx: Transaction, address: Address) -> tuple[str, str] | None:
    """Return the host and the id of the endpoint that has the address on a routed network."""
    row = _WITH_ENDPOINT.row(tx.connection, {"address": text_key(address)})
    return None if row is None else (row.name, row.id)


def namespaces_of_container(tx: Transaction, container_id: str) -> list[str]:
    """Return the ids of the namespaces that hold the container."""
    rows = _NAMESPACES_OF.rows(
        tx.connection, {"host_key": tx.host.key, "container_id": container_id}
    )
    return [row.id for row in rows]
