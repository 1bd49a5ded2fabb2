"""No request reads a whole table that grows: each statement is explained, on both databases.

PostgreSQL is told to avoid sequential scans, as its tables are small here; what it cannot avoid
then would be read in whole, too, from a table that is large.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.pool import Pool

from hnsemu.api.examples import ENDPOINT
from hnsemu.storage.tables import metadata
from tests.api.calls import AFTER, WORKING

# The beginning of a statement, and why it may read a table in whole.
ALLOWED = {
    "SELECT hosts.number FROM hosts": "the lowest free number of a new host: one index, no rows",
    "SELECT hosts.name, count(*) AS count_1 FROM hosts JOIN": "/metrics counts all objects",
    "SELECT coalesce(max(notification_numbers.used)": "it has one row",
    "UPDATE journals SET last_number=journals.reserved": "once, when the service starts",
    "UPDATE calls SET sure_until": "once, when the service starts",
}

# To an address that nobody has, and to a load balancer.
TRACES = [
    {"From": sender, "Packet": {"Destination": destination, "DestinationPort": 80}}
    for sender in ({"Endpoint": ENDPOINT}, {"Host": True})
    for destination in ("10.99.99.99", "10.96.0.10")
]


@dataclass
class Statements:
    """What was sent to the database, each text once, with the parameters of one run."""

    texts: dict[str, Any] = field(default_factory=dict)

    def note(self, text: str, parameters: object = None) -> None:
        """Keep a statement of a request."""
        if text.lstrip().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            self.texts.setdefault(" ".join(text.split()), parameters)


@contextmanager
def noted() -> Iterator[Statements]:
    """Note all statements on connections that are opened in the block."""
    statements = Statements()

    def connected(connection: Any, _record: object) -> None:
        if hasattr(connection, "set_trace_callback"):
            connection.set_trace_callback(statements.note)
            return

        class Noting(connection.cursor_factory):  # type: ignore[misc]  # a driver's class
            def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
                statements.note(str(query), params)
                return super().execute(query, params, **options)

        connection.cursor_factory = Noting

    event.listen(Pool, "connect", connected)
    try:
        yield statements
    finally:
        event.remove(Pool, "connect", connected)


@pytest.fixture
def statements(database_url: str) -> Iterator[Statements]:
    assert database_url  # migrated by now, which is no request
    with noted() as found:
        yield found


async def test_no_request_reads_a_table_in_whole(
    statements: Statements, world: httpx.AsyncClient, database_url: str
) -> None:
    for trace in TRACES:
        walked = await world.post("/host/trace", json=trace)
        assert walked.status_code == 200, walked.text
    calls = [*WORKING.values(), *(call for calls in AFTER.values() for call in calls)]
    for call in calls:
        await call.send(world)
    assert len(statements.texts) > 100
    scans = [
        f"{table}: {text}"
        for table, text in _scans(statements, database_url)
        if table in metadata.tables and not text.startswith(tuple(ALLOWED))
    ]
    assert scans == []


def _scans(statements: Statements, url: str) -> Iterator[tuple[str, str]]:
    """Yield each table that a statement reads in whole, and the statement."""
    engine = create_engine(url)
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if engine.dialect.name == "sqlite":
            for text in statements.texts:
                for *_, detail in driver.execute(f"EXPLAIN QUERY PLAN {text}"):
                    if detail.startswith("SCAN "):
                        yield detail.split()[1], text
        else:
            driver.execute("SET enable_seqscan = off")
            for text, parameters in statements.texts.items():
                (rows,) = driver.execute(f"EXPLAIN (FORMAT JSON) {text}", parameters).fetchone()
                plan = rows if isinstance(rows, list) else json.loads(rows)
                for table in _whole(plan[0]["Plan"]):
                    yield table, text
    engine.dispose()


def _whole(plan: dict[str, Any]) -> Iterator[str]:
    """Yield the tables that a plan of PostgreSQL reads in whole."""
    if "Relation Name" in plan and plan["Node Type"] in {
        "Seq Scan", "Index Scan", "Index Only Scan"
    } and "Index Cond" not in plan:  # fmt: skip
        yield plan["Relation Name"]
    for inner in plan.get("Plans", ()):
        yield from _whole(inner)
