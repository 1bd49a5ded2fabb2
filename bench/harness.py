"""Measure what a test with an emulated host of its own costs.

.venv/bin/python -m bench.harness
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from bench.report import SQLITE, Figure, arguments, report
from hnsemu.testing.hosts import host_on
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
    figures = []
    with service(own=True) as running:
        for clients in (1, 4):
            rates = [_rate(running, clients) for _ in range(_ROUNDS)]
            figures.append(_at_a_time(clients, rates))
    runs = [(_pytest(_ON_A_HOST), _pytest(_IN_A_DICTIONARY)) for _ in range(_ROUNDS)]
    with_host, alone = (median(times) for times in zip(*runs, strict=True))
    value, ratio = f"{1000 * with_host:.0f} ms, {1000 * alone:.0f} ms", with_host / alone
    title = "20 tests of pytest with the fixture hns, with a dictionary"
    figures.append(Figure(title, value, ratio, "≤ 2", met=ratio <= 2))
    return report("harness", SQLITE, figures, record=options.record)


def _at_a_time(clients: int, rates: Sequence[float]) -> Figure:
    """Return how many tests run in a second, beside the hundred that are wanted of one client."""
    title = f"hosts created, {_ENDPOINTS} endpoints, verified, removed; {clients} at a time"
    value, ratio = f"{median(rates):.0f}/s, at best {max(rates):.0f}/s", median(rates) / 100
    goal = "≥ 100/s" if clients == 1 else ""
    return Figure(title, value, ratio, goal, met=not goal or ratio >= 1)


def _rate(running: Service, clients: int) -> float:
    """Return how many tests a second run over so many connections."""
    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(lambda _: _test(running), range(_TESTS)))
    return _TESTS / (time.perf_counter() - started)


def _test(running: Service) -> None:
    with host_on(running) as host:
        network = host.v2.post("/networks", _NETWORK)["ID"]
        for number in range(_ENDPOINTS):
            document = {"Name": f"pod-{number}", "SchemaVersion": _V2}
            host.v2.post(f"/networks/{network}/endpoints", document)
        host.verify("HcnCreateEndpoint", count=_ENDPOINTS)


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
