"""Measure pages on a full host, and what open pages cost a client that creates endpoints.

make bench-pages           # about six minutes
"""

import itertools
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import httpx

from hnsemu.pages.navigation import NAVIGATION
from tests.e2e.servers import Server, serving

_ENDPOINTS, _NETWORKS, _BALANCERS = 1000, 50, 200
_HOSTS, _ON_EACH = 20, 100
_RUNS = 5
_OPEN, _PAUSE = 20, 5.0
_CREATES, _TURNS = 500, 9
_SCHEMA = {"SchemaVersion": {"Major": 2, "Minor": 0}}


def main() -> int:
    """Measure and print; return 1 if a goal is missed."""
    with (
        tempfile.TemporaryDirectory(prefix="hnsemu-bench-") as folder,
        serving(f"sqlite:///{Path(folder) / 'hnsemu.db'}") as server,
        httpx.Client(base_url=server.url, timeout=100) as http,
    ):
        networks = itertools.cycle(_fill(http))  # one has 4,096 MACs
        is_met = [
            _told(*figure)
            for figure in itertools.chain(_open_pages(server, http, networks), _pages(server, http))
        ]
    sys.stdout.write(f"load of the machine: {os.getloadavg()[0]:.1f}\n")
    return int(not all(is_met))


def _told(title: str, seen: float, unit: str, goal: float) -> bool:
    """Write a figure; return whether its goal is met."""
    verdict = "met" if seen <= goal else "MISSED"
    sys.stdout.write(f"{title}: {seen:.2f} {unit} (goal ≤ {goal}) {verdict}\n")
    sys.stdout.flush()
    return seen <= goal


def _pages(server: Server, http: httpx.Client) -> Iterator[tuple[str, float, str, float]]:
    """Yield the processor time of the service for each page, in ms."""
    places = [place for _, places in NAVIGATION for place in places]
    paths = {place.word: f"/hosts/full/ui{place.path}" for place in places}
    others = ",".join(f"node-{number}" for number in range(1, _HOSTS))
    paths[f"Topology of {_HOSTS} hosts"] = f"/hosts/node-0/ui/topology?hosts={others}&open="
    for title, path in paths.items():
        spent = [_spent(server, http, path) for _ in range(_RUNS + 1)][1:]
        goal = 300.0 if "hosts" in title else 150.0
        yield title, 1000 * statistics.median(spent), "ms", goal


def _spent(server: Server, http: httpx.Client, path: str) -> float:
    before = _seconds(server)
    http.get(path).raise_for_status()
    return _seconds(server) - before


def _open_pages(
    server: Server, http: httpx.Client, networks: Iterator[str]
) -> Iterator[tuple[str, float, str, float]]:
    """Yield how many times the time alone creates take beside pages of the host, and of another.

    Each turn measures all three in another order: what else the machine does falls on each alike.
    """
    measured: dict[str, list[_Creates]] = {"": [], "full": [], "node-0": []}
    orders = itertools.cycle(itertools.permutations(measured))
    for host in itertools.chain.from_iterable(itertools.islice(orders, _TURNS)):
        with _looking(server, host) if host else nullcontext():
            # Every page is open, and what polls have saved while nothing was written is used up.
            _creates(server, http, networks, until=time.monotonic() + 1.2 * _PAUSE)
            measured[host].append(_creates(server, http, networks))
    for host, words in (("full", "pages of its host"), ("node-0", "pages of another host")):
        pairs = list(zip(measured[host], measured[""], strict=True))
        title = f"a create beside {_OPEN} {words}"
        of_processor = statistics.median(beside.spent / alone.spent for beside, alone in pairs)
        of_clock = statistics.median(beside.waited / alone.waited for beside, alone in pairs)
        yield f"{title}, processor time", of_processor, "times alone", 1.1
        yield f"{title}, until it is answered", of_clock, "times alone", 1.1
    spent = statistics.median(one.spent for one in measured[""])
    waited = statistics.median(one.waited for one in measured[""])
    sys.stdout.write(
        f"a create alone: {1000 * spent:.2f} ms of processor time, "
        f"{1000 * waited:.2f} ms until it is answered\n"
    )


@dataclass(frozen=True, slots=True)
class _Creates:
    """Creates in a row, in seconds of one. spent: processor time of the service. waited: median."""

    spent: float
    waited: float


@contextmanager
def _looking(server: Server, host: str) -> Iterator[None]:
    """Look at pages as browsers do in which they are open: beside this process, as those are."""
    context = multiprocessing.get_context("spawn")
    looking = context.Process(target=look, args=(server.url, host))
    looking.start()
    try:
        yield
    finally:
        looking.terminate()
        looking.join()


def look(url: str, host: str) -> None:
    """Look at as many pages as are open, again and again, until the process is ended."""
    pages = itertools.cycle([f"/hosts/{host}/ui/endpoints", f"/hosts/{host}/ui/topology?open="])
    tags = [(next(pages), "") for _ in range(_OPEN)]
    with httpx.Client(base_url=url, timeout=100) as http:
        while True:
            for number, (page, tag) in enumerate(tags):
                time.sleep(_PAUSE / _OPEN)
                answer = http.get(page, headers={"If-None-Match": tag} if tag else {})
                tags[number] = page, answer.headers.get("ETag", tag)


def _creates(
    server: Server, http: httpx.Client, networks: Iterator[str], until: float = 0
) -> _Creates:
    """Create endpoints, at least until a time; return what one took, and remove them again."""
    before = _seconds(server)
    made: list[str] = []
    waited: list[float] = []
    while len(made) < _CREATES or time.monotonic() < until:
        body = {"HostComputeNetwork": next(networks), **_SCHEMA}
        began = time.perf_counter()
        answer = http.post("/hosts/full/v2/endpoints", json=body)
        waited.append(time.perf_counter() - began)
        assert answer.is_success, answer.text
        made.append(answer.json()["ID"])
    spent = _seconds(server) - before
    for endpoint in made:
        http.delete(f"/hosts/full/v2/endpoints/{endpoint}").raise_for_status()
    return _Creates(spent / len(made), statistics.median(waited))


def _fill(http: httpx.Client) -> list[str]:
    """Make the full host and the small ones; return the networks of the full one."""
    http.put("/emulator/hosts/full").raise_for_status()
    networks = [_network(http, "full", number) for number in range(_NETWORKS)]
    made = [
        _endpoint(http, "full", networks[number % len(networks)], number)
        for number in range(_ENDPOINTS)
    ]
    for number in range(_BALANCERS):
        balancer = {
            "HostComputeEndpoints": made[5 * number : 5 * number + 5],
            "FrontendVIPs": [f"10.96.{number // 250}.{number % 250 + 1}"],
            "PortMappings": [{"Protocol": 6, "InternalPort": 80, "ExternalPort": 80}],
            **_SCHEMA,
        }
        http.post("/hosts/full/v2/loadbalancers", json=balancer).raise_for_status()
    for number in range(_HOSTS):
        http.put(f"/emulator/hosts/node-{number}").raise_for_status()
        network = _network(http, f"node-{number}", 0)
        for endpoint in range(_ON_EACH):
            _endpoint(http, f"node-{number}", network, endpoint)
    return networks


def _network(http: httpx.Client, host: str, number: int) -> str:
    prefix = {"IpAddressPrefix": f"10.{number + 1}.0.0/16"}
    body = {
        "Name": f"net-{number}",
        "Type": "L2Bridge",
        "Ipams": [{"Subnets": [prefix]}],
        **_SCHEMA,
    }
    made: str = http.post(f"/hosts/{host}/v2/networks", json=body).raise_for_status().json()["ID"]
    return made


def _endpoint(http: httpx.Client, host: str, network: str, number: int) -> str:
    body = {"Name": f"ep-{number}", "HostComputeNetwork": network, **_SCHEMA}
    made: str = http.post(f"/hosts/{host}/v2/endpoints", json=body).raise_for_status().json()["ID"]
    return made


def _seconds(server: Server) -> float:
    """Return the processor time that the threads of the service have taken."""
    threads = Path(f"/proc/{server.process.pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


if __name__ == "__main__":
    sys.exit(main())
