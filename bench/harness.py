"""Measure what a test with an emulated host of its own costs.

.venv/bin/python -m bench.harness
"""

import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench.report import SQLITE, Figure, arguments, at_most, report
from bench.run import processor_seconds, running_service
from hnsemu.testing.hosts import Host, host_on
from hnsemu.testing.service import Service, service

_TESTS = 100
_ENDPOINTS = 10
_ROUNDS = 3
_V2 = {"Major": 2, "Minor": 0}
_NETWORK = {
    "Name": "pods",
    "Type": "L2Bridge",
    "SchemaVersion": _V2,
    "Ipams": [{"Type": "Static", "Subnets": [{"IpAddressPrefix": "10.1.0.0/24"}]}],
}
_NETWORK_ID, *_ENDPOINT_IDS = (str(uuid.UUID(int=n + 1)) for n in range(_ENDPOINTS + 1))
_OBJECTS = {
    "Networks": [{**_NETWORK, "ID": _NETWORK_ID}],
    "Endpoints": [
        {
            "ID": endpoint_id,
            "Name": f"pod-{number}",
            "HostComputeNetwork": _NETWORK_ID,
            "SchemaVersion": _V2,
        }
        for number, endpoint_id in enumerate(_ENDPOINT_IDS)
    ],
}
"""What one request makes of a new host."""

_CLOCK = """
import time
started = []
def pytest_runtest_logfinish(nodeid):
    started.append(time.perf_counter())
def pytest_unconfigure():
    print(f"measured {started[-2] - started[0]}")
"""
_ON_A_HOST = """
import pytest
@pytest.mark.parametrize("turn", range(22))
def test_of_a_network(hns, turn):
    network = hns.v2.post("/networks", {"Name": "pods", "Type": "Private"})
    assert hns.v2.get(f"/networks/{network['ID']}")["Name"] == "pods"
"""
_IN_A_DICTIONARY = """
import pytest
@pytest.mark.parametrize("turn", range(22))
def test_of_a_network(turn):
    networks = {"1": {"Name": "pods", "Type": "Private"}}
    assert networks["1"]["Name"] == "pods"
"""


def main() -> int:
    """Measure and print; return 1 if a goal is missed."""
    options = arguments(__doc__).parse_args()
    with _measured_service() as (running, pid):
        ways = _ways(running)
        for _ in range(_ROUNDS):
            for way in ways:
                way.measure(running, pid)
    first = ways[0]
    figures = [way.figure(first) for way in ways]
    runs = [(_pytest(_ON_A_HOST), _pytest(_IN_A_DICTIONARY)) for _ in range(_ROUNDS)]
    with_host, alone = (median(times) for times in zip(*runs, strict=True))
    value, ratio = f"{1000 * with_host:.0f} ms, {1000 * alone:.0f} ms", with_host / alone
    title = "20 tests of pytest with the fixture hns, with a dictionary"
    figures.append(at_most(title, value, ratio, 2))
    return report("harness", SQLITE, figures, record=options.record)


@dataclass
class _Way:
    """A way to give a test a host with endpoints.

    test:    a whole test of this way. clients: how many run at a time.
    rates:   tests a second, and `seconds`: of the service's processor for each; of all rounds.
    """

    title: str
    test: Callable[[Service], None]
    clients: int = 1
    rates: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def measure(self, running: Service, pid: int) -> None:
        """Run some tests."""
        processor, started = processor_seconds(pid), time.perf_counter()
        with ThreadPoolExecutor(self.clients) as pool:
            list(pool.map(lambda _: self.test(running), range(_TESTS)))
        self.rates.append(_TESTS / (time.perf_counter() - started))
        self.seconds.append((processor_seconds(pid) - processor) / _TESTS)

    def figure(self, first: "_Way") -> Figure:
        """Return the rate beside the hundred that are wanted of the first way."""
        spent, of_first = median(self.seconds), median(first.seconds)
        value = (
            f"{median(self.rates):.0f}/s, at best {max(self.rates):.0f}/s; "
            f"service {1000 * spent:.1f} ms, {spent / of_first:.2f} of the first"
        )
        ratio, goal = median(self.rates) / 100, "≥ 100/s" if self is first else ""
        return Figure(self.title, value, ratio, goal, met=not goal or ratio >= 1)


@contextmanager
def _measured_service() -> Iterator[tuple[Service, int]]:
    """Yield a service of its own, and the number of its process."""
    with (
        tempfile.TemporaryDirectory(prefix="hnsemu-bench-") as directory,
        running_service(f"sqlite:///{directory}/hnsemu.db") as process,
        service(f"http://127.0.0.1:{process.port}") as running,
    ):
        yield running, process.pid


def _ways(running: Service) -> list[_Way]:
    """Return all of them; the first two are known by these titles in history.json."""
    with host_on(running) as prepared:
        prepared.emulator.post("/bulk", _OBJECTS)
        state: Mapping[str, Any] = prepared.state()
    title = f"hosts created, {_ENDPOINTS} endpoints, verified, removed"
    return [
        _Way(f"{title}; 1 at a time", _one_by_one),
        _Way(f"{title}; 4 at a time", _one_by_one, clients=4),
        _Way("ten endpoints by one bulk request, listed by the program", _by_bulk),
        _Way("a host of a state with ten, listed", lambda on: _of_state(on, state)),
        _Way("a host without endpoints, listed", lambda on: _of_state(on, None)),
    ]


def _one_by_one(running: Service) -> None:
    with host_on(running) as host:
        network = host.v2.post("/networks", _NETWORK)["ID"]
        for number in range(_ENDPOINTS):
            document = {"Name": f"pod-{number}", "SchemaVersion": _V2}
            host.v2.post(f"/networks/{network}/endpoints", document)
        host.verify("HcnCreateEndpoint", count=_ENDPOINTS)


def _by_bulk(running: Service) -> None:
    with host_on(running) as host:
        host.emulator.post("/bulk", _OBJECTS)
        _list(host, _ENDPOINTS)


def _of_state(running: Service, state: Mapping[str, Any] | None) -> None:
    with host_on(running, state=state) as host:
        _list(host, _ENDPOINTS if state else 0)


def _list(host: Host, count: int) -> None:
    """Be the program under test, which lists endpoints, and its test."""
    assert len(host.v2.get("/endpoints")) == count
    host.verify("HcnEnumerateEndpoints", count=1)


def _pytest(tests: str) -> float:
    """Return the seconds from the end of the first test to that of the last but one.

    The service starts with the first test and stops with the last.
    """
    with tempfile.TemporaryDirectory(prefix="hnsemu-bench-") as name:
        folder = Path(name)
        (folder / "conftest.py").write_text(_CLOCK)
        (folder / "test_it.py").write_text(tests)
        output = subprocess.check_output(
            [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", name],
            text=True,
            cwd=folder,
        )
    return float(output.partition("measured ")[2].split()[0])


if __name__ == "__main__":
    sys.exit(main())
