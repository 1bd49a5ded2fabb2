"""Ports of a switch with their networks and endpoints, for looking at."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select, text

from hnsemu.domain.facts import Port
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.tables import endpoints, networks, vswitch_ports, vswitches
from hnsemu.storage.transaction import Transaction
from hnsemu.storage.vswitches import port

_OF_ENDPOINTS = (
    select(endpoints.c.id, endpoints.c.key, networks.c.id.label("network_id"))
    .select_from(vswitches)
    .join(vswitch_ports, vswitch_ports.c.vswitch_key == vswitches.c.key)
    .join(endpoints, endpoints.c.key == vswitch_ports.c.endpoint_key)
    .join(networks, networks.c.key == endpoints.c.network_key)
    .where(vswitches.c.host_key == bindparam("host_key"))
)
_WITH_ID = Prepared(_OF_ENDPOINTS.where(vswitch_ports.c.port_id == bindparam("port_id")))
_NAMED = Prepared(
    _OF_ENDPOINTS.add_columns(vswitch_ports.c.friendly_name)
    # A parameter would hide the index of these.
    .where(text("vswitch_ports.friendly_name <> ''"))
    .order_by(networks.c.key, endpoints.c.key)
)


@dataclass(frozen=True, slots=True)
class EndpointOfPort:
    """The endpoint that a port belongs to: id of its network, key of its row, its id."""

    network_id: str
    key: int
    id: str


def endpoint_of(tx: Transaction, port_id: str) -> EndpointOfPort | None:
    """Return the endpoint of the host that has the port."""
    row = _WITH_ID.row(tx.connection, {"host_key": tx.host.key, "port_id": port_id})
    return None if row is None else EndpointOfPort(row.network_id, row.key, row.id)


def named(tx: Transaction, name: str) -> str | None:
    """Return the id of the first endpoint whose port somebody gave this name, in any case."""
    rows = _NAMED.rows(tx.connection, {"host_key": tx.host.key})
    return next((row.id for row in rows if row.friendly_name.lower() == name.lower()), None)


def of_switch(tx: Transaction, vswitch_key: int) -> list[tuple[Port, str, str]]:
    """Return each port with the ids of its network and its endpoint ("" for none), oldest first."""
    rows = tx.connection.execute(
        select(
            vswitch_ports,
            networks.c.id.label("network_id"),
            endpoints.c.id.label("endpoint_id"),
        )
        .outerjoin(networks, networks.c.key == vswitch_ports.c.network_key)
        .outerjoin(endpoints, endpoints.c.key == vswitch_ports.c.endpoint_key)
        .where(vswitch_ports.c.vswitch_key == vswitch_key)
        .order_by(vswitch_ports.c.key)
    )
    return [(port(row), row.network_id or "", row.endpoint_id or "") for row in rows]
