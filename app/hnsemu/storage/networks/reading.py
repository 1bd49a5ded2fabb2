"""Networks read with everything that hangs on them."""

import itertools
import json
import operator
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import (
    Row,
    Select,
    bindparam,
    select,
)

from hnsemu.domain.facts import Dns, Route, VSwitch
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import (
    IpSubnet,
    MacRange,
    NatInstance,
    Neighbour,
    Network,
    Subnet,
    network_of,
)
from hnsemu.storage import policies, vswitches
from hnsemu.storage.identity import identity_of
from hnsemu.storage.prepared import Prepared, PreparedByKey
from hnsemu.storage.tables import (
    adapters,
    ip_subnets,
    nat_instances,
    networks,
    subnets,
    vswitch_ports,
)
from hnsemu.storage.tables import vswitches as vswitch_table
from hnsemu.storage.transaction import Transaction

_Query = Select[Any]

_NETWORKS = select(networks).order_by(networks.c.key)
_OF_HOST = _NETWORKS.where(networks.c.host_key == bindparam("host_key"))
_BY_ID = _OF_HOST.where(networks.c.id == bindparam("id"))
_BY_NAME = _OF_HOST.where(networks.c.name == bindparam("name"))
_BESIDE = (
    select(networks.c.id)
    .where(networks.c.vswitch_key == bindparam("vswitch_key"), networks.c.key != bindparam("key"))
    .order_by(networks.c.key)
)
_NATS = PreparedByKey(select(nat_instances), nat_instances.c.network_key)
_OWN_PORTS = PreparedByKey(
    select(vswitch_ports).where(vswitch_ports.c.endpoint_key.is_(None)),
    vswitch_ports.c.network_key,
)
_SWITCHES = PreparedByKey(select(vswitch_table), vswitch_table.c.key)
_BOUND = PreparedByKey(
    select(adapters.c.vswitch_key, adapters.c.name).order_by(adapters.c.position),
    adapters.c.vswitch_key,
)
_SUBNETS = PreparedByKey(
    select(
        subnets,
        ip_subnets.c.key.label("pool_key"),
        ip_subnets.c.id.label("pool_id"),
        ip_subnets.c.prefix.label("pool_prefix"),
        ip_subnets.c.flags.label("pool_flags"),
    )
    .outerjoin(ip_subnets, ip_subnets.c.subnet_key == subnets.c.key)
    .order_by(subnets.c.network_key, subnets.c.key, ip_subnets.c.key),
    subnets.c.network_key,
)

# A row for each subnet of a network, those without one included.
_NEIGHBOURS = Prepared(
    select(
        networks.c.id,
        networks.c.name,
        networks.c.vswitch_key,
        networks.c.isolation,
        networks.c.dns_compartment,
        networks.c.mac_ranges,
        subnets.c.prefix,
        nat_instances.c.network_key.label("nat_key"),
    )
    .select_from(networks)
    .outerjoin(subnets, subnets.c.network_key == networks.c.key)
    .outerjoin(nat_instances, nat_instances.c.network_key == networks.c.key)
    .where(networks.c.host_key == bindparam("host_key"))
    .order_by(networks.c.key, subnets.c.key)
)


def find(tx: Transaction, network_id: str) -> Network | None:
    """Return the network of the host with that id."""
    return _one(tx, _BY_ID, {"host_key": tx.host.key, "id": network_id})


def all_of(tx: Transaction, name: str | None = None) -> list[Network]:
    """Return the networks of the host, or those called exactly `name`, in creation order."""
    if name is None:
        return _networks(tx, _OF_HOST, {"host_key": tx.host.key})
    return _networks(tx, _BY_NAME, {"host_key": tx.host.key, "name": name})


def neighbours(tx: Transaction) -> list[Neighbour]:
    """Return what a new network must know of those of the host, in creation order."""
    rows = _NEIGHBOURS.rows(tx.connection, {"host_key": tx.host.key})
    return [
        _neighbour(*found) for _, found in itertools.groupby(rows, key=operator.attrgetter("id"))
    ]


def beside(tx: Transaction, network: Network) -> list[str]:
    """Return the ids of the other networks on the switch of this one, oldest first."""
    assert network.vswitch is not None  # noqa: S101 (every stored network stands on one)
    keys = {"vswitch_key": network.vswitch.key, "key": network.key}
    return list(tx.connection.execute(_BESIDE, keys).scalars())


def read_dns(text: str) -> Dns:
    """Return the resolver settings that a `dns` column holds."""
    members = orjson.loads(text)
    return Dns(
        domain=members.get("domain", ""),
        search=tuple(members.get("search", ())),
        server_list=tuple(members.get("server_list", ())),
        options=tuple(members.get("options", ())),
    )


def _one(tx: Transaction, query: _Query, wanted: Mapping[str, object]) -> Network | None:
    return next(iter(_networks(tx, query, wanted)), None)


def _networks(tx: Transaction, query: _Query, wanted: Mapping[str, object]) -> list[Network]:
    rows = tx.connection.execute(query, wanted).all()
    if not rows:
        return []
    keys = [row.key for row in rows]
    carried = policies.of_many(tx, "network", keys)
    inside = _subnets(tx, keys)
    ports = {
        (row.network_key, row.kind): vswitches.port(row)
        for row in _OWN_PORTS.rows(tx.connection, keys)
    }
    nats = {row.network_key: _nat(row) for row in _NATS.rows(tx.connection, keys)}
    switches = _switches(tx, {row.vswitch_key for row in rows})
    return [
        _network(
            row,
            policies=carried.get(row.key, ()),
            subnets=inside.get(row.key, ()),
            nat=nats.get(row.key),
            vswitch=switches[row.vswitch_key],
            host_vnic=ports.get((row.key, "HostVnic")),
            rdid_port=ports.get((row.key, "RDID")),
        )
        for row in rows
    ]


def _neighbour(row: Any, *others: Any) -> Neighbour:  # noqa: ANN401 (rows of one network)
    prefixes = (found.prefix for found in (row, *others) if found.prefix is not None)
    return Neighbour(
        id=row.id,
        name=row.name,
        vswitch_key=row.vswitch_key,
        isolation=row.isolation,
        dns_compartment=row.dns_compartment,
        mac_ranges=_mac_ranges(row.mac_ranges),
        prefixes=tuple(network_of(prefix) for prefix in prefixes),
        has_nat=row.nat_key is not None,
    )


@lru_cache(4096)
def _mac_ranges(text: str) -> tuple[MacRange, ...]:
    return tuple(MacRange(start, end) for start, end in orjson.loads(text))


def _network(row: Row[Any], **parts: Any) -> Network:  # noqa: ANN401 (fields of Network)
    return Network(
        key=row.key,
        mode=Mode(row.mode),
        type_text=row.type_text,
        flags=row.flags,
        ipam_type=row.ipam_type,
        mac_ranges=_mac_ranges(row.mac_ranges),
        dns=read_dns(row.dns),
        adapter_name=row.adapter_name,
        management_ip=row.management_ip,
        management_ip_at=row.management_ip_at,
        dr_mac=row.dr_mac,
        dns_compartment=row.dns_compartment,
        isolation=row.isolation,
        from_hcn=row.from_hcn,
        current_endpoints=row.current_endpoints,
        max_endpoints=row.max_endpoints,
        total_endpoints=row.total_endpoints,
        **identity_of(row),
        **parts,
    )


def _nat(row: Any) -> NatInstance:  # noqa: ANN401 (a row)
    return NatInstance(
        engine=row.engine,
        allocator_id=row.allocator_id,
        interface_id=row.interface_id,
        subnet_address=row.subnet_address,
        gateway=row.gateway,
        prefix_length=row.prefix_length,
    )


def _subnets(tx: Transaction, network_keys: list[int]) -> dict[int, tuple[Subnet, ...]]:
    rows = _SUBNETS.rows(tx.connection, network_keys)
    if not rows:
        return {}
    carried = policies.of_many(tx, "subnet", list({row.key for row in rows}))
    found: dict[int, list[Subnet]] = {}
    for _, several in itertools.groupby(rows, key=lambda row: row.key):
        first, *more = several
        pools = (first, *more) if first.pool_key is not None else ()
        found.setdefault(first.network_key, []).append(
            Subnet(
                key=first.key,
                id=first.id,
                prefix=first.prefix,
                gateway=first.gateway,
                routes=tuple(Route(**route) for route in json.loads(first.routes)),
                flags=first.flags,
                policies=carried.get(first.key, ()),
                ip_subnets=tuple(
                    IpSubnet(row.pool_key, row.pool_id, row.pool_prefix, row.pool_flags)
                    for row in pools
                ),
            )
        )
    return {key: tuple(several) for key, several in found.items()}


def _switches(tx: Transaction, keys: set[int]) -> dict[int, VSwitch]:
    bound: dict[int, list[str]] = {}
    for row in _BOUND.rows(tx.connection, keys):
        bound.setdefault(row.vswitch_key, []).append(row.name)
    rows = _SWITCHES.rows(tx.connection, keys)
    return {row.key: vswitches.vswitch(tx, row, bound.get(row.key, ())) for row in rows}
