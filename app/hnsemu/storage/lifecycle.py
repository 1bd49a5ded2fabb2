"""What the life of a host does to rows: restart, reboot, reset and removal."""

from collections.abc import Mapping

from sqlalchemy import bindparam, delete, or_, select, update

from hnsemu.domain.hosts import Host
from hnsemu.domain.namespaces import NamespaceType
from hnsemu.storage import notifications
from hnsemu.storage.hosts import columns_of
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.tables import hosts, metadata, namespace_resources, namespaces
from hnsemu.storage.transaction import Transaction

_DELETE = Prepared(delete(hosts).where(hosts.c.key == bindparam("key")))
_HOST_DEFAULT = str(NamespaceType.HOST_DEFAULT)


def end_containers(tx: Transaction) -> None:
    """Empty the namespaces and close their compartments; the host's own keeps its endpoints."""
    of_host = select(namespaces.c.key).where(namespaces.c.host_key == tx.host.key)
    ended = of_host.where(namespaces.c.type != _HOST_DEFAULT)
    tx.connection.execute(
        delete(namespace_resources).where(
            namespace_resources.c.namespace_key.in_(of_host),
            or_(
                namespace_resources.c.endpoint_key.is_(None),
                namespace_resources.c.namespace_key.in_(ended),
            ),
        )
    )
    tx.connection.execute(
        update(namespaces)
        .where(namespaces.c.host_key == tx.host.key, namespaces.c.type != _HOST_DEFAULT)
        .values(compartment_id=0, compartment_guid="")
    )
    tx.connection.execute(
        update(hosts).where(hosts.c.key == tx.host.key).values(next_compartment=2)
    )


def replace(tx: Transaction, host: Host) -> None:
    """Give the host of the transaction the settings of `host`; its name and number stay.

    One notification number is skipped, so that a listener who has read everything notices.
    """
    tx.connection.execute(
        update(hosts)
        .where(hosts.c.key == tx.host.key)
        .values(
            next_compartment=2,
            next_nat_mapping=0,
            last_notification=hosts.c.last_notification + 1,
            **columns_of(host),
        )
    )


def become(tx: Transaction, columns: Mapping[str, object]) -> None:
    """Give the host of the transaction these columns; its name and its notifications stay."""
    tx.connection.execute(update(hosts).where(hosts.c.key == tx.host.key).values(columns))


def delete_with_everything(tx: Transaction) -> None:
    """Delete the host; everything on it goes with it."""
    notifications.note_removal(tx.connection, tx.host.key)
    _DELETE.run(tx.connection, {"key": tx.host.key})


def clear(tx: Transaction) -> None:
    """Delete the state of the host; its own row stays, and what is of its tester."""
    for table in reversed(metadata.sorted_tables):
        if "host_key" in table.c and table.info.get("is_state", True):
            tx.connection.execute(delete(table).where(table.c.host_key == tx.host.key))


def start(tx: Transaction, now: int) -> None:
    """Note that HNS started at `now`."""
    tx.connection.execute(update(hosts).where(hosts.c.key == tx.host.key).values(started=now))
