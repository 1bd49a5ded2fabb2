"""What of creating an endpoint is the database: the same statements, run by hand.

make bench-statements

A create is recorded once; its statements then run through the standard library's sqlite3 on the
same tables, with new keys, GUIDs, addresses and MACs. What the use case takes beyond them is the
interpreter: reading rows, deciding, rendering.
"""

import sqlite3
import statistics
import sys
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import Connection

from bench.report import SQLITE, Figure, arguments, report
from hnsemu.domain.host_definition import default_definition
from hnsemu.domain.releases import NEWEST
from hnsemu.host import SystemSource
from hnsemu.schema.base import parse
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.services import endpoints, hosts, networks
from hnsemu.storage.database import Database
from hnsemu.storage.migrate import upgrade
from hnsemu.storage.prepared import Answer, Prepared
from hnsemu.storage.transaction import Hns

_ROUNDS, _GUID = 2000, 36
_V2 = {"Major": 2, "Minor": 0}
_NETWORK = {
    "Name": "bench",
    "Type": "Private",
    "MacPool": {
        "Ranges": [
            {"StartMacAddress": "02-00-00-00-00-00", "EndMacAddress": "02-00-00-FF-FF-FF"},
        ]
    },
    "Ipams": [{"Subnets": [{"IpAddressPrefix": "10.16.0.0/12"}]}],
    "SchemaVersion": _V2,
}

Statement = tuple[str, Sequence[object]]


def main() -> int:
    """Measure creates and their statements alone, and print the medians of both."""
    options = arguments(__doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix="hnsemu-bench-") as directory:
        file = Path(directory) / "hnsemu.db"
        create = _creating(f"sqlite:///{file}")
        whole = _median([_microseconds(create) for _ in range(_ROUNDS)])
        recorded = _statements_of(create)  # with a key like no other number in it
        alone = _run_by_hand(file, recorded)
    figures = [Figure("a create in process", f"{whole:.0f} µs", 1)]
    for place, (sql, _) in enumerate(recorded):
        figures.append(_part(" ".join(sql.split())[:60], _median(alone[place]), whole))
    figures.append(_part("all statements", sum(map(_median, alone.values())), whole))
    return report("statements of a create", SQLITE, figures, record=options.record)


def _part(title: str, microseconds: float, whole: float) -> Figure:
    return Figure(title, f"{microseconds:.1f} µs", microseconds / whole)


def _creating(url: str) -> Callable[[], object]:
    """Return what creates an endpoint on a network of a new database."""
    upgrade(url)
    database = Database(url)
    database.learn_clock()
    hns = Hns(database, "default", SystemSource())
    hosts.ensure_host(hns, default_definition(NEWEST.name, ""))
    network = networks.create_network(hns, parse(HostComputeNetwork, _NETWORK))
    document = parse(HostComputeEndpoint, {"Name": "bench", "SchemaVersion": _V2})
    return lambda: endpoints.create_endpoint_document(hns, network.id, document)


def _statements_of(create: Callable[[], object]) -> list[Statement]:
    """Return the statements of a create, with their values by place."""
    found: list[Statement] = []
    ask = Prepared.ask

    def noted(
        statement: Prepared, connection: Connection, parameters: Mapping[str, object]
    ) -> Answer:
        sql, bind, _ = statement._for(connection.dialect)  # noqa: SLF001 (what it runs)
        found.append((sql, tuple(bind(parameters))))
        return ask(statement, connection, parameters)

    with patch.object(Prepared, "ask", noted):
        create()
    return found


def _run_by_hand(file: Path, recorded: Sequence[Statement]) -> dict[int, list[float]]:
    """Return how long each statement takes, run after run, by its place."""
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in ("synchronous = NORMAL", "foreign_keys = ON", "wal_autocheckpoint = 8000"):
        connection.execute(f"PRAGMA {pragma}")
    key = connection.execute("SELECT max(key) FROM endpoints").fetchone()[0]
    seconds: defaultdict[int, list[float]] = defaultdict(list)
    for number in range(_ROUNDS):
        fresh = _fresh(recorded, key, number + 1)
        for place, (sql, values) in enumerate(recorded):
            renewed = tuple(fresh(value) for value in values)
            run = partial(_run, connection, sql, renewed)
            seconds[place].append(_microseconds(run))
    connection.close()
    return seconds


def _run(connection: sqlite3.Connection, sql: str, values: Sequence[object]) -> None:
    connection.execute(sql, values).fetchall()


def _fresh(recorded: Sequence[Statement], last_key: int, number: int) -> Callable[[object], object]:
    """Return what puts values of another endpoint in the place of the recorded ones."""
    key, address, mac = (
        next(values[place] for sql, values in recorded if sql.startswith(f"INSERT INTO {table} "))
        for table, place in (("endpoints", 0), ("ip_allocations", 2), ("mac_allocations", 1))
    )
    site = next(values for sql, values in recorded if "FROM networks" in sql)
    others = {
        key: last_key + number,
        address: f"{0x0B000000 + number * 7919:08x}",
        mac: 0x030000000000 + number * 7919,
    }

    def fresh(value: object) -> object:
        if isinstance(value, str) and len(value) == _GUID and value not in site:
            return str(uuid.uuid4())
        return others.get(value, value)

    return fresh


def _microseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1e6 * (time.perf_counter() - started)


def _median(figures: Sequence[float]) -> float:
    return statistics.median(figures)


if __name__ == "__main__":
    sys.exit(main())
