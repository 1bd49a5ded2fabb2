"""Rows of the MAC addresses that accelerated networking leaves to the management OS."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from hnsemu.storage.tables import accelnet_macs
from hnsemu.storage.transaction import Transaction

_OF_HOST = (
    select(accelnet_macs.c.mac)
    .where(accelnet_macs.c.host_key == bindparam("host_key"))
    .order_by(accelnet_macs.c.position)
)


def of_host(tx: Transaction) -> tuple[str, ...]:
    """Return the addresses of the host in the order they came in, spelled as sent."""
    return tuple(tx.connection.execute(_OF_HOST, {"host_key": tx.host.key}).scalars())


def replace(tx: Transaction, addresses: Sequence[str]) -> None:
    """Put these addresses in the place of those the host has."""
    tx.connection.execute(accelnet_macs.delete().where(accelnet_macs.c.host_key == tx.host.key))
    if addresses:
        tx.connection.execute(
            accelnet_macs.insert(),
            [
                {"host_key": tx.host.key, "position": position, "mac": address}
                for position, address in enumerate(addresses)
            ],
        )
