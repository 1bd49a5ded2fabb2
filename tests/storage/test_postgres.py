"""Statements reach PostgreSQL together, in order."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from hnsemu.storage import postgres
from hnsemu.storage.database import Database
from hnsemu.storage.prepared import Prepared
from hnsemu.storage.tables import hosts
from hnsemu.storage.transaction import Hns
from tests.conftest import DATABASES
from tests.services.vnics import create, private

pytestmark = pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)


def _round_trips(work: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> int:
    waits: list[object] = []
    wait = postgres.Connection.wait

    def counted(self: postgres.Connection, *args: Any, **kwargs: Any) -> Any:
        waits.append(self)
        return wait(self, *args, **kwargs)

    monkeypatch.setattr(postgres.Connection, "wait", counted)
    work()
    return len(waits)


def test_creating_an_endpoint_takes_three_round_trips(
    hns: Hns, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = private(hns, "10.0.0.0/16")
    create(hns, network)
    assert _round_trips(lambda: create(hns, network), monkeypatch) == 3


def test_a_statement_that_fails_refuses_the_commit_and_those_before_it(
    database: Database, hns: Hns
) -> None:
    rename = Prepared(hosts.update().values(name="renamed"))
    violate = Prepared(text("INSERT INTO hosts (name) VALUES ('half')"))

    def write() -> None:
        with database.writing() as connection:
            rename.run(connection, {})
            violate.run(connection, {})

    with pytest.raises(IntegrityError):
        write()
    with database.reading() as connection:
        assert connection.execute(select(hosts.c.name)).scalar_one() == hns.host_name


def test_what_waits_is_sent_before_what_is_read(database: Database, hns: Hns) -> None:
    rename = Prepared(hosts.update().values(name="renamed"))
    assert hns.host_name != "renamed"
    with database.trying() as connection:
        rename.run(connection, {})
        assert connection.execute(select(hosts.c.name)).scalar_one() == "renamed"


def test_statements_are_prepared_again_behind_an_attempt_that_was_undone(
    database: Database, hns: Hns
) -> None:
    name = Prepared(select(hosts.c.name))
    with database.writing() as connection:
        tx = hns.transaction(connection, writing=True)
        assert name.scalar(connection, {}) == hns.host_name
        for _ in range(10):  # so often that psycopg prepares it, too, and has the server forget
            connection.execute(select(hosts.c.key))
        with pytest.raises(ZeroDivisionError), tx.attempt():
            _ = 1 // len("")
        assert name.scalar(connection, {}) == hns.host_name
