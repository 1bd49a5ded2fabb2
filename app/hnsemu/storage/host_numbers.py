"""Numbers that count upwards on each host."""

from sqlalchemy import bindparam, select, update

from hnsemu.storage.prepared import Prepared
from hnsemu.storage.tables import hosts
from hnsemu.storage.transaction import Transaction

_TAKE_NAT_MAPPING = Prepared(
    update(hosts)
    .where(hosts.c.key == bindparam("b_key"))
    .values(next_nat_mapping=hosts.c.next_nat_mapping + 1)
    .returning(hosts.c.next_nat_mapping)
)


def next_compartment(tx: Transaction) -> int:
    """Return the id of the host's next compartment; ids count upwards and are never given twice."""
    query = select(hosts.c.next_compartment).where(hosts.c.key == tx.host.key)
    return int(tx.connection.execute(query).scalar_one())


def note_compartment(tx: Transaction, number: int) -> None:
    """Note that compartment `number` was given."""
    tx.connection.execute(
        update(hosts).where(hosts.c.key == tx.host.key).values(next_compartment=number + 1)
    )


def take_nat_mapping(tx: Transaction) -> int:
    """Return the host's next StaticMappingID; ids count upwards from 0."""
    return int(_TAKE_NAT_MAPPING.scalar(tx.connection, {"b_key": tx.host.key})) - 1
