"""A use case is one transaction: whole or not at all, tried again only when that is safe."""

import threading

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from hnsemu.errors import HnsError, Hr
from hnsemu.host import SeededSource
from hnsemu.storage.database import Database
from hnsemu.storage.tables import hosts
from hnsemu.storage.transaction import Hns, Transaction, reads, writes


@writes
def raise_counter(tx: Transaction, then: Exception | None = None) -> int:
    """Count up in the host's row, reading first: lost updates would show."""
    before = tx.connection.execute(
        select(hosts.c.next_nat_mapping).where(hosts.c.key == tx.host.key)
    ).scalar_one()
    tx.connection.execute(
        update(hosts).where(hosts.c.key == tx.host.key).values(next_nat_mapping=before + 1)
    )
    if then is not None:
        raise then
    return int(before) + 1


@reads
def read_counter(tx: Transaction) -> int:
    """Return the counter."""
    return int(
        tx.connection.execute(
            select(hosts.c.next_nat_mapping).where(hosts.c.key == tx.host.key)
        ).scalar_one()
    )


def test_a_use_case_that_returns_is_kept(hns: Hns) -> None:
    before = read_counter(hns)
    assert raise_counter(hns) == before + 1
    assert read_counter(hns) == before + 1


def test_a_use_case_that_raises_leaves_nothing(hns: Hns) -> None:
    before = read_counter(hns)
    with pytest.raises(HnsError):
        raise_counter(hns, then=HnsError(Hr.E_FAIL, "on purpose"))
    assert read_counter(hns) == before


def test_writers_of_one_host_take_turns(hns: Hns) -> None:
    before = read_counter(hns)
    threads = [threading.Thread(target=raise_counter, args=(hns,)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_counter(hns) == before + 16


def test_a_host_nobody_made_is_not_found(hns: Hns) -> None:
    stranger = Hns(hns.database, "stranger", SeededSource())
    with pytest.raises(HnsError) as refusal:
        raise_counter(stranger)
    assert refusal.value.hr is Hr.E_ELEMENT_NOT_FOUND
    assert "/emulator/hosts/stranger" in refusal.value.detail


class _LostError(Exception):
    """What a driver raises when the server went away."""


def _lost_connection(statement: str | None) -> OperationalError:
    return OperationalError(statement, {}, _LostError("gone"), connection_invalidated=True)


def test_a_connection_lost_before_commit_is_tried_again(hns: Hns) -> None:
    failures = [_lost_connection("UPDATE hosts"), _lost_connection("UPDATE hosts")]

    @writes
    def flaky(_tx: Transaction) -> str:
        if failures:
            raise failures.pop()
        return "done"

    assert flaky(hns) == "done"


def test_a_connection_lost_during_commit_is_reported(hns: Hns) -> None:
    attempts = []

    @writes
    def doomed(_tx: Transaction) -> None:
        attempts.append(1)
        raise _lost_connection(None)

    with pytest.raises(OperationalError):
        doomed(hns)
    assert len(attempts) == 1


def test_a_violated_constraint_is_the_refusal_it_stands_for(hns: Hns) -> None:
    @writes
    def twice(tx: Transaction) -> None:
        row = tx.connection.execute(select(hosts)).mappings().first()
        assert row is not None
        tx.connection.execute(
            hosts.insert(),
            {name: value for name, value in row.items() if name != "key"},
        )

    with pytest.raises(HnsError) as refusal:
        twice(hns)
    assert refusal.value.hr is Hr.E_ALREADY_EXISTS


def test_a_missing_value_is_a_defect_and_no_refusal(hns: Hns) -> None:
    @writes
    def nameless(tx: Transaction) -> None:
        tx.connection.execute(hosts.insert(), {"name": None, "number": 9, "release": "ws2025"})

    with pytest.raises(IntegrityError):
        nameless(hns)


def test_a_reader_sees_one_state(database: Database, hns: Hns) -> None:
    @reads
    def count_twice(tx: Transaction) -> tuple[int, int]:
        query = select(func.sum(hosts.c.next_nat_mapping))
        first = int(tx.connection.execute(query).scalar_one())
        writer = threading.Thread(target=raise_counter, args=(hns,))
        writer.start()
        writer.join()
        return first, int(tx.connection.execute(query).scalar_one())

    first, second = count_twice(hns)
    assert first == second
    assert database.is_sqlite or database.url.get_backend_name() == "postgresql"


def test_a_read_only_database_is_refused_with_the_reason(hns: Hns) -> None:
    with hns.database.writing() as connection:
        if hns.database.is_sqlite:
            connection.exec_driver_sql("PRAGMA query_only = 1")
        else:
            name = hns.database.url.database
            connection.exec_driver_sql(
                f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'
            )
    if not hns.database.is_sqlite:
        hns.database.engine.dispose()  # new connections have the new default
    with pytest.raises(HnsError) as refusal:
        raise_counter(hns)
    assert refusal.value.hr is Hr.E_RPC_SERVER_UNAVAILABLE
    assert "the database is read-only" in refusal.value.detail
    assert read_counter(hns) >= 0
