"""Distributed engines refuse an INSERT with a query among its values, so there is none."""

import re
from dataclasses import replace

from hnsemu.services import hosts
from hnsemu.storage import counters
from hnsemu.storage.transaction import Hns, Transaction, writes
from tests.services.vnics import create, private
from tests.statements import sent_to

_RULE = ("port", "ACL_ENDPOINT_LAYER", "group", "rule")


def are_plain(statements: list[str], table: str) -> bool:
    """Tell whether rows were inserted into a table, and none of them by a query."""
    start = f"INSERT INTO {table} "
    of_table = [statement for statement in statements if statement.startswith(start)]
    return bool(of_table) and not any(re.search(r"\bSELECT\b", statement) for statement in of_table)


def test_a_host_comes_and_goes_by_plain_inserts(hns: Hns) -> None:
    another = replace(hns, host_name="another")
    with sent_to(hns.database) as statements:
        first = hosts.ensure_host(another)
        hosts.delete_host(another)
        again = hosts.ensure_host(another)
    assert again.key != first.key
    assert are_plain(statements, "hosts")
    assert are_plain(statements, "notification_numbers")


def test_rules_are_counted_by_plain_inserts(hns: Hns) -> None:
    @writes
    def count(tx: Transaction, endpoint_id: str) -> int:
        counters.add_rules(tx, [(_RULE, endpoint_id, False), (_RULE, endpoint_id, True)])
        return counters.of_port(tx, "port")[_RULE].matched

    endpoint = create(hns, private(hns, "10.0.0.0/24"))
    with sent_to(hns.database) as statements:
        assert count(hns, endpoint.id) == 2
        assert count(hns, "") == 4
    assert are_plain(statements, "rule_counters")
