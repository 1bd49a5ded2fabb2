"""Ports of a switch with their networks and endpoints, for looking at."""

from sqlalchemy import select

from hnsemu.domain.facts import Port
from hnsemu.storage.tables import endpoints, networks, vswitch_ports
from hnsemu.storage.transaction import Transaction
from hnsemu.storage.vswitches import port


def endpoint_of(tx: Transaction, port_id: str) -> tuple[str, int] | None:
    """Return the id of the network and the key of the endpoint of the host that has the port."""
    row = tx.connection.execute(
        select(networks.c.id, endpoints.c.key)
        .join(endpoints, endpoints.c.network_key == networks.c.key)
        .join(vswitch_ports, vswitch_ports.c.endpoint_key == endpoints.c.key)
        .where(endpoints.c.host_key == tx.host.key, vswitch_ports.c.port_id == port_id)
    ).first()
    return None if row is None else (row.id, row.key)


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
