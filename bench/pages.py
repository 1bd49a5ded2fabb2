"""Measure pages on a full host, and what open pages cost a client that creates endpoints.

make bench-pages           # about two minutes
"""

import itertools
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from hnsemu.pages.navigation import NAVIGATION
from tests.e2e.servers import Server, serving

_ENDPOINTS, _NETWORKS, _BALANCERS = 1000, 50, 200
_HOSTS, _ON_EACH = 20, 100
_RUNS = 5
_OPEN, _PAUSE = 20, 5.0
_CREATES = 1000
_SCHEMA = {"SchemaVersion": {"Major": 2, "Minor": 0}}


def main() -> int:
    """Measure and print; return 1 if a goal is missed."""
    with (
        tempfile.TemporaryDirectory(prefix="hnsemu-bench-") as folder,
        serving(f"sqlite:///{Path(folder) / 'hnsemu.db'}") as server,
        httpx.Client(base_url=server.url, timeout=100) as http,
    ):
        networks = itertools.cycle(_fill(http))  # one has 4,096 MACs
        figures = [*_pages(server, http), _open_pages(server, http, networks)]
    missed = False
    for title, seen, unit, goal in figures:
        missed |= seen > goal
        verdict = "met" if seen <= goal else "MISSED"
        sys.stdout.write(f"{title}: {seen:.2f} {unit} (goal ≤ {goal}) {verdict}\n")
    sys.stdout.write(f"load of the machine: {os.getloadavg()[0]:.1f}\n")
    return int(missed)


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
) -> tuple[str, float, str, float]:
    """Return how many times the processor time creates take while pages look again, in turns.

    The first creates of a turn use up what polls have saved while nothing was written.
    """
    ratios = []
    for _ in range(_RUNS):
        alone = _creates(server, http, networks)
        with _looking(server):
            time.sleep(1.2 * _PAUSE)  # every page is open
            _creates(server, http, networks)
            ratios.append(_creates(server, http, networks) / alone)
    return f"a create beside {_OPEN} open pages", statistics.median(ratios), "times alone", 1.1


@contextmanager
def _looking(server: Server) -> Iterator[None]:
    """Look at pages as browsers do in which they are open: beside this process, as those are."""
    looking = multiprocessing.get_context("spawn").Process(target=look, args=(server.url,))
    looking.start()
    try:
        yield
    finally:
        looking.terminate()
        looking.join()


def look(url: str) -> None:
    """Look at as many pages as are open, again and again, until the process is ended."""
    pages = itertools.cycle(["/hosts/full/ui/endpoints", "/hosts/full/ui/topology?open="])
    tags = [(next(pages), "") for _ in range(_OPEN)]
    with httpx.Client(base_url=url, timeout=100) as http:
        while True:
            for number, (page, tag) in enumerate(tags):
                time.sleep(_PAUSE / _OPEN)
                answer = http.get(page, headers={"If-None-Match": tag} if tag else {})
                tags[number] = page, answer.headers.get("ETag", tag)


def _creates(server: Server, http: httpx.Client, networks: Iterator[str]) -> float:
    """Create endpoints; return the processor time of the service, and remove them again."""
    before, made = _seconds(server), []
    for _ in range(_CREATES):
        body = {"HostComputeNetwork": next(networks), **_SCHEMA}
        answer = http.post("/hosts/full/v2/endpoints", json=body)
        assert answer.is_success, answer.text
        made.append(answer.json()["ID"])
    spent = _seconds(server) - before
    for endpoint in made:
        http.delete(f"/hosts/full/v2/endpoints/{endpoint}").raise_for_status()
    return spent


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
