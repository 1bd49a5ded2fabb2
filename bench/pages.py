"""Measure pages on a full host, and what open pages cost a client that creates endpoints.

make bench-pages           # about two minutes; needs Chromium
"""

import itertools
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Browser, sync_playwright

from bench.report import SQLITE, Figure, arguments, report
from hnsemu.pages.navigation import NAVIGATION
from tests.e2e.servers import Server, serving

_ENDPOINTS, _NETWORKS, _BALANCERS = 1000, 50, 200
_HOSTS, _ON_EACH = 20, 100
_RUNS = 5
_OPEN, _LEAST, _TOLD = 20, 2.0, 30.0
_WHILE, _ANSWERS = 30.0, 300
_LONGEST_START = 120.0
_SCHEMA = {"SchemaVersion": {"Major": 2, "Minor": 0}}
_FIRST_PAINT = """new Promise((done) => new PerformanceObserver((list) => {
  for (const entry of list.getEntriesByName("first-contentful-paint")) done(entry.startTime);
}).observe({ type: "paint", buffered: true }))"""


def main() -> int:
    """Measure and print; return 1 if a goal is missed."""
    options = arguments(__doc__).parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="hnsemu-bench-") as folder,
        serving(f"sqlite:///{Path(folder) / 'hnsemu.db'}") as server,
        httpx.Client(base_url=server.url, timeout=100) as http,
    ):
        networks = itertools.cycle(_fill(http))  # one has 4,096 MACs
        figures = [
            _figure(*measured)
            for measured in itertools.chain(
                _open_pages(server, http, networks), _pages(server, http), _painted(server)
            )
        ]
    return report("pages", SQLITE, figures, record=options.record)


def _figure(title: str, seen: float, unit: str, goal: float) -> Figure:
    """Return a figure beside its goal."""
    return Figure(title, f"{seen:.2f} {unit}", seen / goal, f"≤ {goal}", met=seen <= goal)


def _pages(server: Server, http: httpx.Client) -> Iterator[tuple[str, float, str, float]]:
    """Yield the processor time of the service for each page, in ms."""
    for title, path in _paths().items():
        spent = [_spent(server, http, path) for _ in range(_RUNS + 1)][1:]
        goal = 300.0 if "hosts" in title else 150.0
        yield title, 1000 * statistics.median(spent), "ms", goal


def _painted(server: Server) -> Iterator[tuple[str, float, str, float]]:
    """Yield when Chromium has painted each page, in ms after it was asked for."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))))
    options = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=options)
        for title, path in _paths().items():
            seen = [_paint(browser, f"{server.url}{path}") for _ in range(_RUNS + 1)][1:]
            yield f"{title}, painted", statistics.median(seen), "ms", 500.0
        browser.close()


def _paint(browser: Browser, url: str) -> float:
    """Return when a browser that has seen nothing yet has painted what the page shows first."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(url)
    painted: float = page.evaluate(_FIRST_PAINT)
    context.close()
    return painted


def _paths() -> dict[str, str]:
    """Return the pages that are measured, by their titles."""
    places = [place for _, places in NAVIGATION for place in places]
    paths = {place.word: f"/hosts/full/ui{place.path}" for place in places}
    paths[f"Topology, all {_NETWORKS} networks opened"] = "/hosts/full/ui/topology?open=all"
    others = ",".join(f"node-{number}" for number in range(1, _HOSTS))
    paths[f"Topology of {_HOSTS} hosts"] = f"/hosts/node-0/ui/topology?hosts={others}&open="
    return paths


def _spent(server: Server, http: httpx.Client, path: str) -> float:
    before = _seconds(server)
    http.get(path).raise_for_status()
    return _seconds(server) - before


def _open_pages(
    server: Server, http: httpx.Client, networks: Iterator[str]
) -> Iterator[tuple[str, float, str, float]]:
    """Yield what part of the service's processor time open pages take while endpoints are created.

    It is counted, not compared with creates alone, which take other times as load comes and goes.
    Creates and answers without a page run in the thread of the event loop, what is read for pages
    runs in others.
    """
    for host, words in (("full", "of its host"), ("node-0", "of another host")):
        with _looking(server, host) as looks:
            # Every page is open, and what polls have saved while nothing was written is used up.
            end = time.monotonic() + _LONGEST_START
            _create(http, networks, 15)
            while host == "full" and b"!" not in looks.read_bytes() and time.monotonic() < end:
                _create(http, networks, 1)
            before, looks_before = _by_thread(server), looks.stat().st_size
            count = _create(http, networks, _WHILE)
            looked = looks.stat().st_size - looks_before
            spent = {
                thread: seconds - before.get(thread, 0.0)
                for thread, seconds in _by_thread(server).items()
            }
        total = sum(spent.values())
        aside = total - spent[str(server.process.pid)]
        answers = looked * _not_modified(server, http, host)
        polls = aside + answers
        sys.stdout.write(
            f"{_OPEN} open pages {words}, {looked / _WHILE:.1f} looks in each second: "
            f"{1000 * aside / _WHILE:.1f} ms for pages "
            f"that changed, {1000 * answers / _WHILE:.1f} ms for the others, beside "
            f"{1000 * (total - polls) / _WHILE:.0f} ms for {count / _WHILE:.0f} creates\n"
        )
        title = f"a create beside {_OPEN} open pages {words}"
        yield title, total / (total - polls), "times alone", 1.1


def _create(http: httpx.Client, networks: Iterator[str], seconds: float) -> int:
    """Create and remove endpoints, one after the other, for a while; return how many."""
    end, count = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        body = {"HostComputeNetwork": next(networks), **_SCHEMA}
        answer = http.post("/hosts/full/v2/endpoints", json=body).raise_for_status()
        http.delete(f"/hosts/full/v2/endpoints/{answer.json()['ID']}").raise_for_status()
        count += 1
    return count


def _not_modified(server: Server, http: httpx.Client, host: str) -> float:
    """Return the processor time of an answer to a page that looks again and finds nothing new."""
    path = f"/hosts/{host}/ui/endpoints"
    known = {"If-None-Match": http.get(path).headers["ETag"]}
    before = _seconds(server)
    for _ in range(_ANSWERS):
        assert http.get(path, headers=known).status_code == httpx.codes.NOT_MODIFIED
    return (_seconds(server) - before) / _ANSWERS


@contextmanager
def _looking(server: Server, host: str) -> Iterator[Path]:
    """Look at pages as browsers do in which they are open: beside this process, as those are.

    Yields a file that has a byte for each look, a `!` for one that is told to come later.
    """
    with tempfile.NamedTemporaryFile() as looks:
        asked = f"look({server.url!r}, {host!r}, {looks.name!r})"
        command = [sys.executable, "-c", f"from bench.pages import look; {asked}"]
        looking = subprocess.Popen(command)
        try:
            yield Path(looks.name)
        finally:
            looking.kill()
            looking.wait()


def look(url: str, host: str, looks: str) -> None:
    """Look at pages as `assets/live.js` does while all are open, until the process is ended."""
    told = threading.Event()
    threading.Thread(target=_listen, args=(url, host, told), daemon=True).start()
    paths = itertools.cycle([f"/hosts/{host}/ui/endpoints", f"/hosts/{host}/ui/topology?open="])
    tabs = [_Tab(next(paths)) for _ in range(_OPEN)]
    with httpx.Client(base_url=url, timeout=100) as http, Path(looks).open("ab", 0) as noted:
        while True:
            if told.is_set():
                told.clear()
                for tab in tabs:
                    tab.due = min(tab.due, tab.least)
            for tab in tabs:
                if tab.due <= time.monotonic():
                    noted.write(tab.look(http))
            time.sleep(0.05)


@dataclass
class _Tab:
    """A page in a browser. due, least: when it looks again, and at the soonest."""

    path: str
    tag: str = ""
    due: float = 0.0
    least: float = 0.0

    def look(self, http: httpx.Client) -> bytes:
        now = time.monotonic()
        answer = http.get(self.path, headers={"If-None-Match": self.tag} if self.tag else {})
        self.tag = answer.headers.get("ETag", self.tag)
        later = float(answer.headers.get("Retry-After", 0))
        self.least, self.due = now + (later or _LEAST), now + (later or _TOLD)
        return b"!" if later else b"."


def _listen(url: str, host: str, told: threading.Event) -> None:
    """Note when the host was written to."""
    with (
        httpx.Client(base_url=url, timeout=100) as http,
        http.stream("GET", "/ui/changes") as told_of,
    ):
        for line in told_of.iter_lines():
            if line.startswith("data: ") and host in (json.loads(line[6:]) or [host]):
                told.set()


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
    return sum(_by_thread(server).values())


def _by_thread(server: Server) -> dict[str, float]:
    """Return the processor time of each thread of the service, in seconds."""
    threads = Path(f"/proc/{server.process.pid}/task").glob("*/schedstat")
    return {thread.parent.name: int(thread.read_text().split()[0]) / 1e9 for thread in threads}


if __name__ == "__main__":
    sys.exit(main())
