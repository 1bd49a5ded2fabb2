"""Rows of the MAC addresses that accelerated networking leaves to the management OS."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select

from hnsemu.storage.tables import accelnet_macs

_OF_HOST = (
    select(accelnet_macs.c.mac)
    .where(accelnet_macs.c.host_key == bindparam("host_key"))
    .order_by(accelnet_macs.c.position)
)


def of_host(connection: Connection, host_key: int) -> tuple[str, ...]:
    """Return the addresses of the host in the order they came in, spelled as sent."""
    return tuple(connection.execute(_OF_HOST, {"host_key": host_key}).scalars())


def replace(connection: Connection, host_key: int, addresses: Sequence[str]) -> None:
    """Put these addresses in the place of those the host has."""
    connection.execute(accelnet_macs.delete().where(accelnet_macs.c.host_key == host_key))
    if addresses:
        connection.execute(
            accelnet_macs.insert(),
            [
                {"host_key": host_key, "position": position, "mac": address}
                for position, address in enumerate(addresses)
            ],
        )
