"""Measure workers and what a commit costs on PostgreSQL, by how much of it must be kept.

.venv/bin/python -m bench.workers
.venv/bin/python -m bench.workers --rounds 3 --requests 400

Starts a primary and a standby of its own, on one disk. The settings take turns in each round, so
that what else runs on the machine meets all of them.
"""

import argparse
import itertools
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import psycopg
from psycopg import sql
from sqlalchemy import make_url

from bench import load
from bench.report import Figure, arguments, report
from hnsemu.storage.migrate import upgrade
from tests.e2e.servers import serving
from tests.faults.cluster import Cluster, cluster
from tests.waiting import until

_HOSTS = 16
_WORKERS = (1, 2, 4)
_SMALL = 100
_MEASURED = "PostgreSQL, creates over 16 hosts; median, least and greatest"
_V2 = {"Major": 2, "Minor": 0}
_KEEPING = {"fsync": "on", "full_page_writes": "on", "synchronous_standby_names": ""}
_BOTH = {**_KEEPING, "synchronous_standby_names": "*"}

SETTINGS: Mapping[str, Mapping[str, str]] = {
    "fsync off, as tools/postgres": {
        **_KEEPING, "fsync": "off", "full_page_writes": "off", "synchronous_commit": "on",
    },
    "synchronous_commit off": {**_KEEPING, "synchronous_commit": "off"},
    "on, one server": {**_KEEPING, "synchronous_commit": "on"},
    "on, two servers": {**_BOTH, "synchronous_commit": "on"},
    "remote_apply, two servers": {**_BOTH, "synchronous_commit": "remote_apply"},
}  # fmt: skip


def main() -> int:
    """Measure and print."""
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=800, help="creates in each turn")
    options = parser.parse_args()
    rates: dict[str, list[list[float]]] = {name: [] for name in ("GETs", *SETTINGS)}
    with _two_servers() as primary:
        upgrade(primary.url)
        for workers in _WORKERS:
            with serving(primary.url, "--workers", str(workers)) as server:
                port = int(server.url.rpartition(":")[2])
                hosts = [f"bench-{workers}-{number}" for number in range(_HOSTS)]
                networks = [network_of_host(port, host) for host in hosts]
                if workers == 1:
                    alone = _creates(primary, port, networks[:1], options)
                created = _creates(primary, port, networks, options)
                rates["GETs"].append(_reads(port, networks[0], options))
            for name, runs in created.items():
                rates[name].append([run.rate for run in runs])
    return report("workers", _MEASURED, _figures(rates, alone), record=options.record)


def _figures(
    rates: Mapping[str, Sequence[Sequence[float]]], alone: Mapping[str, Sequence[load.Result]]
) -> list[Figure]:
    """Return rates over 16 hosts beside those of one worker, and of one client by setting.

    rates: of each number of workers, by setting.
    """
    figures = []
    for name, runs in rates.items():
        one = statistics.median(runs[0])
        for workers, of_workers in zip(_WORKERS, runs, strict=True):
            title = f"{name}: {workers} workers, beside one"
            value = f"{_spread(of_workers)}/s"
            figures.append(Figure(title, value, statistics.median(of_workers) / one))
    fastest = statistics.median(run.median for run in next(iter(alone.values())))
    for name, clients in alone.items():
        times = [run.median for run in clients]
        title = f"{name}: one client on one host, beside the first setting"
        figures.append(Figure(title, f"{_spread(times)} ms", statistics.median(times) / fastest))
    return figures


@contextmanager
def _two_servers() -> Iterator[Cluster]:
    """Run a primary and its standby, and give the primary."""
    with (
        tempfile.TemporaryDirectory(prefix="hnsemu-bench-") as one,
        cluster(Path(one)) as primary,
        tempfile.TemporaryDirectory(prefix="hnsemu-bench-") as other,
        cluster(Path(other), primary),
    ):
        yield primary
        _settle(primary, SETTINGS["on, one server"])


def _settle(primary: Cluster, settings: Mapping[str, str]) -> None:
    """Let the primary keep commits like this, and wait until it does."""
    dsn = make_url(primary.url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn, autocommit=True) as connection:
        for name, value in settings.items():
            change = sql.SQL("ALTER SYSTEM SET {} = {}")
            connection.execute(change.format(sql.Identifier(name), sql.Literal(value)))
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CHECKPOINT")  # each turn begins behind one
        until(lambda: _are_in_force(connection, settings), "PostgreSQL does not reload")


def _are_in_force(connection: "psycopg.Connection[Any]", settings: Mapping[str, str]) -> bool:
    in_force = "SELECT count(*) FROM pg_settings WHERE (name, setting) = (%s, %s)"
    rows = [connection.execute(in_force, setting).fetchone() for setting in settings.items()]
    return all(row == (1,) for row in rows)


def _creates(
    primary: Cluster, port: int, networks: Sequence[str], options: argparse.Namespace
) -> dict[str, list[load.Result]]:
    """Return what each turn of creates gave, one connection for each network, by setting."""
    body = orjson.dumps({"Name": "bench", "SchemaVersion": _V2})
    turns = itertools.cycle([load.request("POST", f"{path}/endpoints", body) for path in networks])
    runs: dict[str, list[load.Result]] = {name: [] for name in SETTINGS}
    for _ in range(options.rounds):
        for name, settings in SETTINGS.items():
            _settle(primary, settings)
            creates = itertools.islice(turns, options.requests)
            runs[name].append(load.run(port, creates, len(networks)))
    return runs


def _reads(port: int, network: str, options: argparse.Namespace) -> list[float]:
    """Return the GETs of one endpoint per second, of each round."""
    host, _, _ = network.partition("/v2/")
    listed = load.run(port, [load.request("GET", f"{host}/v2/endpoints?view=ids")], 1)
    one = f"{host}/v2/endpoints/{orjson.loads(listed.last_body)[0]}"
    requests = [load.request("GET", one)] * (2 * options.requests)
    return [load.run(port, requests, _HOSTS).rate for _ in range(options.rounds)]


def _spread(values: Sequence[float]) -> str:
    median = statistics.median(values)
    return f"{_rounded(median)} ({_rounded(min(values))}, {_rounded(max(values))})"


def _rounded(value: float) -> str:
    return f"{value:.1f}" if value < _SMALL else f"{value:,.0f}"


def network_of_host(port: int, host: str) -> str:
    """Create a host with a network; return the path of the network."""
    load.run(port, [load.request("PUT", f"/emulator/hosts/{host}")], 1)
    macs = {"StartMacAddress": "02-00-00-00-00-00", "EndMacAddress": "02-00-00-FF-FF-FF"}
    body = {"Type": "Private", "SchemaVersion": _V2, "MacPool": {"Ranges": [macs]},
            "Ipams": [{"Subnets": [{"IpAddressPrefix": "10.0.0.0/12"}]}]}  # fmt: skip
    created = load.run(
        port, [load.request("POST", f"/hosts/{host}/v2/networks", orjson.dumps(body))], 1
    )
    return f"/hosts/{host}/v2/networks/{orjson.loads(created.last_body)['ID']}"


if __name__ == "__main__":
    sys.exit(main())
