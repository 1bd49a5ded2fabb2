"""Distributed engines refuse an INSERT with a query among its values, so there is none."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import event

from hnsemu.services import hosts
from hnsemu.storage import counters
from hnsemu.storage.transaction import Hns, Transaction, writes
from tests.services.vnics import create, private

_RULE = ("port", "ACL_ENDPOINT_LAYER", "group", "rule")


@pytest.fixture
def inserts(hns: Hns) -> Iterator[list[str]]:
    """Collect the INSERTs that reach the database through SQLAlchemy."""
    seen: list[str] = []

    @event.listens_for(hns.database.engine, "before_cursor_execute")
    def _note(*run: object) -> None:
        statement = str(run[2])
        if statement.startswith("INSERT"):
            seen.append(statement)

    yield seen
    event.remove(hns.database.engine, "before_cursor_execute", _note)


def are_plain(inserts: list[str], table: str) -> bool:
    """Tell whether rows were inserted into a table, and none of them by a query."""
    of_table = [insert for insert in inserts if insert.startswith(f"INSERT INTO {table} ")]
    return bool(of_table) and not any(re.search(r"\bSELECT\b", insert) for insert in of_table)


def test_a_host_comes_and_goes_by_plain_inserts(hns: Hns, inserts: list[str]) -> None:
    another = replace(hns, host_name="another")
    first = hosts.ensure_host(another)
    hosts.delete_host(another)
    again = hosts.ensure_host(another)
    assert again.key != first.key
    assert are_plain(inserts, "hosts")
    assert are_plain(inserts, "notification_numbers")


def test_rules_are_counted_by_plain_inserts(hns: Hns, inserts: list[str]) -> None:
    @writes
    def count(tx: Transaction, endpoint_id: str) -> int:
        counters.add_rules(tx, [(_RULE, endpoint_id, False), (_RULE, endpoint_id, True)])
        return counters.of_port(tx, "port")[_RULE].matched

    endpoint = create(hns, private(hns, "10.0.0.0/24"))
    assert count(hns, endpoint.id) == 2
    assert count(hns, "") == 4
    assert are_plain(inserts, "rule_counters")
