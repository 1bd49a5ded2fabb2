"""Measure hot operations beside their floors.

make bench                 # everything; the 100,000 endpoints take a few minutes
make bench record=1        # and keep the ratios as those of this release, as each benchmark can
.venv/bin/python -m bench.run --endpoints 10000
"""

import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

import orjson

from bench import load
from bench.report import SQLITE, Figure, arguments, report

_ROUNDS = 3
_V2 = {"Major": 2, "Minor": 0}

PROGRAM = (sys.executable, "-m", "hnsemu.cli")
"""The command `hnsemu` of this checkout."""


def main() -> int:
    """Measure and print; return 1 if a goal is missed."""
    parser = arguments(__doc__)
    parser.add_argument("--endpoints", type=int, default=100_000, help="endpoints on the full host")
    parser.add_argument("--requests", type=int, default=4000, help="requests per run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hnsemu-bench-") as directory:
        figures = list(_figures(Path(directory), options.endpoints, options.requests))
    return report("requests", SQLITE, figures, record=options.record)


def _figures(directory: Path, endpoints: int, requests: int) -> Iterator[Figure]:
    with _floor(directory) as floor, running_service(_url(directory)) as ours:
        network = create_network(ours.port)
        for connections in (1, 8):
            yield from _compared_with_floor(ours.port, floor, network, connections, requests)
        yield _listing(ours.port)
        yield _journal_cost(ours)
        empty = _best(lambda: _create(ours.port, create_network(ours.port), 8, requests))
        full_network = create_network(ours.port)
        _create(ours.port, full_network, 8, endpoints)
        full = _best(lambda: _create(ours.port, full_network, 8, requests))
        yield _figure(f"create at {endpoints:,} / create at none", full, empty, 0.85)
        resident = _resident_megabytes(ours.pid)
        yield Figure(
            f"resident with {endpoints:,} stored",
            f"{resident:.0f} MB",
            150 / resident,
            "≤ 150 MB",
            met=resident <= 150,
        )
    yield _start(_url(directory))


def _compared_with_floor(
    port: int, floor: int, network: str, connections: int, requests: int
) -> Iterator[Figure]:
    body = orjson.dumps({"Name": "bench", "SchemaVersion": _V2})
    by_hand = _best(
        lambda: load.run(floor, [load.request("POST", "/endpoints", body)] * requests, connections)
    )
    created = _best(lambda: _create(port, network, connections, requests))
    yield _figure(f"create endpoint, {connections} connections", created, by_hand, 0.8)
    one = f"/v2/endpoints/{json.loads(created.last_body)['ID']}"
    fixed = _best(lambda: load.run(floor, [load.request("GET", "/fixed")] * requests, connections))
    read = _best(lambda: load.run(port, [load.request("GET", one)] * requests, connections))
    yield _figure(f"GET one endpoint, {connections} connections", read, fixed, 0.8)


def _listing(port: int) -> Figure:
    network = create_network(port)
    _create(port, network, 8, 1000)
    query = json.dumps({"Filter": json.dumps({"VirtualNetwork": network})})
    path = f"/v2/endpoints?query={quote(query)}"
    listed = _best(lambda: load.run(port, [load.request("GET", path)] * 50, 1))
    documents = json.loads(listed.last_body)
    assert len(documents) == 1000, len(documents)
    serialising = min(_seconds(lambda: json.dumps(documents)) for _ in range(20))
    ratio = listed.median / 1000 / serialising
    return Figure(
        "list 1,000 endpoints / json.dumps of them",
        f"{listed.median:.1f} ms, {1000 * serialising:.1f} ms",
        ratio,
        "≤ 3",
        met=ratio <= 3,
    )


def _url(directory: Path) -> str:
    return f"sqlite:///{directory / 'hnsemu.db'}"


def _start(url: str) -> Figure:
    def seconds_to_first_answer() -> float:
        started = time.perf_counter()
        with running_service(url):
            return time.perf_counter() - started

    seconds = min(seconds_to_first_answer() for _ in range(_ROUNDS))
    return Figure(
        "start to first answer",
        f"{seconds:.2f} s",
        1.5 / seconds,
        "≤ 1.5 s",
        seconds <= 1.5,
    )


def _journal_cost(server: "Service", pairs: int = 7, requests: int = 1000) -> Figure:
    """Return what a create costs with the journal on: processor time of the server, interleaved."""
    network, ratios = create_network(server.port), []
    for _ in range(pairs):
        seconds = []
        for enabled in (False, True):
            _set_journal(server.port, enabled=enabled)
            before = processor_seconds(server.pid)
            _create(server.port, network, 1, requests)
            seconds.append(processor_seconds(server.pid) - before)
        ratios.append(seconds[1] / seconds[0])
    _set_journal(server.port, enabled=False)
    ratio = statistics.median(ratios)
    return Figure(
        "create endpoint with the journal on / off, processor time",
        f"{ratio:.2f}",
        ratio,
        "≤ 1.1",
        met=ratio <= 1.1,
    )


def _set_journal(port: int, *, enabled: bool) -> None:
    url = f"http://127.0.0.1:{port}/emulator/hosts/default/journal"
    urlopen(Request(url, json.dumps({"enabled": enabled}).encode(), method="PUT")).read()


def processor_seconds(pid: int) -> float:
    """Return the processor time that a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _create(port: int, network: str, connections: int, requests: int) -> load.Result:
    body = orjson.dumps({"Name": "bench", "SchemaVersion": _V2})
    message = load.request("POST", f"/v2/networks/{network}/endpoints", body)
    return load.run(port, itertools.repeat(message, requests), connections)


_prefixes = (f"10.{16 * n}.0.0/12" for n in itertools.count(1))


def create_network(port: int) -> str:
    """Create a Private network with a million addresses; return its id."""
    prefix = next(_prefixes)
    body = {
        "Name": f"bench-{uuid.uuid4()}",
        "Type": "Private",
        "MacPool": {
            "Ranges": [
                {
                    "StartMacAddress": "02-00-00-00-00-00",
                    "EndMacAddress": "02-00-00-FF-FF-FF",
                }
            ]
        },
        "Ipams": [{"Subnets": [{"IpAddressPrefix": prefix}]}],
        "SchemaVersion": _V2,
    }
    created = urlopen(
        Request(
            f"http://127.0.0.1:{port}/v2/networks",
            json.dumps(body).encode(),
            method="POST",
        )
    )
    return str(json.load(created)["ID"])


@dataclass(frozen=True)
class Service:
    """A running service: its port and its process."""

    port: int
    pid: int


@contextmanager
def running_service(
    url: str, program: Sequence[str] = PROGRAM, **environment: str
) -> Iterator[Service]:
    """Run one worker on a database; the block begins when it has answered."""
    command = [*program, "serve", "--port", "0", "--database-url", url]
    with _running(command, **environment) as process:
        line = process.stdout.readline() if process.stdout else ""
        port = int(line.rpartition(":")[2])
        urlopen(f"http://127.0.0.1:{port}/readyz").read()
        yield Service(port, process.pid)


@contextmanager
def _floor(directory: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "uvicorn", "--factory", "bench.floor:create_app"]
    command += ["--port", "8399", "--log-level", "warning", "--no-access-log"]
    with _running(command, FLOOR_DB=str(directory / "floor.db")):
        for _ in range(100):
            try:
                urlopen("http://127.0.0.1:8399/fixed").read()
                break
            except OSError:
                time.sleep(0.1)
        yield 8399


@contextmanager
def _running(command: list[str], **environment: str) -> Iterator["subprocess.Popen[str]"]:
    # With bytecode, as an installed program has it: without, half of a start is compiling.
    surroundings = {**os.environ, **environment, "PYTHONDONTWRITEBYTECODE": ""}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def _best(measure: Callable[[], load.Result]) -> load.Result:
    return max((measure() for _ in range(_ROUNDS)), key=lambda result: result.rate)


def _figure(title: str, ours: load.Result, floor: load.Result, goal: float) -> Figure:
    ratio = ours.rate / floor.rate
    return Figure(
        title,
        f"{ours.rate:,.0f}/s, {floor.rate:,.0f}/s",
        ratio,
        f"≥ {goal}",
        ratio >= goal,
    )


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _resident_megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    sys.exit(main())
