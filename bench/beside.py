"""Measure requests and starts beside another commit, builds in turns.

make bench-beside base=fb6ca89
tools/postgres make bench-beside base=fb6ca89   # on PostgreSQL

Ratios of processor time, without PostgreSQL's: other load changes it little. The other build is
checked out beside this one and runs with the libraries of this one.
"""

import argparse
import itertools
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.request import urlopen

import orjson
from rich.console import Console
from rich.table import Table

from bench import load
from bench.run import processor_seconds
from tests import postgres

_HERE = Path(__file__).resolve().parents[1]
_HOSTS, _CONNECTIONS = 16, 8
_V2 = {"Major": 2, "Minor": 0}
_ACL = {"Type": "ACL", "Settings": {"Action": "Allow", "Direction": "In", "Priority": 300}}
_COMMANDS = ("--help", "networks list")
_FIRST_ADDRESS = ip_address("172.16.0.1")


@dataclass
class Build:
    """A running build. networks, namespaces: the id of the one of each host."""

    code: Path
    port: int
    pid: int
    networks: Sequence[str] = ()
    namespaces: Sequence[str] = ()

    def send(self, messages: Sequence[bytes]) -> float:
        """Send requests; return the seconds of processor time that the service took."""
        before = processor_seconds(self.pid)
        load.run(self.port, messages, _CONNECTIONS)
        return processor_seconds(self.pid) - before

    def create(self, path: str, body: object) -> str:
        """Create an object; return its id."""
        created = load.run(self.port, [_request("POST", path, body)], 1)
        return str(orjson.loads(created.last_body)["ID"])


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", help="a commit")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--requests", type=int, default=480, help="of a kind in each turn")
    options = parser.parse_args()
    with ExitStack() as stack:
        base = stack.enter_context(_worktree(options.base))
        builds = [stack.enter_context(_served(code)) for code in (_HERE, base)]
        for build in builds:
            _prepare(build)
        seconds = [
            tuple(_turn(build, options.requests, pair) for build in builds)
            for pair in range(options.pairs)
        ]
    _print(seconds, options.base)
    return 0


@contextmanager
def _worktree(commit: str) -> Iterator[Path]:
    """Check out a commit for as long as the block lasts."""
    git = ["git", "-C", str(_HERE), "worktree"]
    with tempfile.TemporaryDirectory(prefix="hnsemu-base-") as folder:
        code = Path(folder) / "code"
        subprocess.run(
            [*git, "add", "--detach", str(code), commit], check=True, capture_output=True
        )
        try:
            yield code
        finally:
            subprocess.run([*git, "remove", "--force", str(code)], check=True)


@contextmanager
def _served(code: Path) -> Iterator[Build]:
    """Run one worker of a build on a database of its own."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="hnsemu-bench-"))
        url = f"sqlite:///{folder}/bench.db"
        if postgres.POSTGRES_URL:
            url = postgres.url_of(stack.enter_context(postgres.new_database()))
        command = _command(code, "serve", "--port", "0", "--database-url", url)
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_with(code))
        stack.callback(process.wait, timeout=20)
        stack.callback(process.terminate)
        line = process.stdout.readline() if process.stdout else ""
        build = Build(code, int(line.rpartition(":")[2]), process.pid)
        urlopen(f"http://127.0.0.1:{build.port}/readyz").read()
        yield build


def _command(code: Path, *arguments: str) -> list[str]:
    start = "import hnsemu.cli as cli; assert cli.__file__.startswith({!r}); cli.main()"
    return [sys.executable, "-c", start.format(str(code)), *arguments]


def _with(code: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(code / "app"), "PYTHONDONTWRITEBYTECODE": ""}


def _prepare(build: Build) -> None:
    """Make hosts with a network and a namespace each."""
    macs = {"StartMacAddress": "02-00-00-00-00-00", "EndMacAddress": "02-00-00-FF-FF-FF"}
    network = {"Type": "Private", "SchemaVersion": _V2, "MacPool": {"Ranges": [macs]},
               "Ipams": [{"Subnets": [{"IpAddressPrefix": "10.0.0.0/12"}]}]}  # fmt: skip
    hosts = range(_HOSTS)
    build.send([_request("PUT", f"/emulator{_host(host)}", {}) for host in hosts])
    build.networks = [build.create(f"{_host(host)}/v2/networks", network) for host in hosts]
    guest = {"Type": "Guest", "SchemaVersion": _V2}
    build.namespaces = [build.create(f"{_host(host)}/v2/namespaces", guest) for host in hosts]


def _turn(build: Build, requests: int, number: int) -> dict[str, float]:
    """Return the seconds of processor time of each kind of request, and of commands."""
    endpoints = list(zip(itertools.cycle(range(_HOSTS)), _ids(requests), strict=False))
    first = _FIRST_ADDRESS + number * requests
    seconds = {
        title: build.send(messages)
        for title, messages in _requests(build, endpoints, int(first)).items()
    }
    for command in _COMMANDS:
        seconds[f"hnsemu {command}"] = _child_seconds(build, command.split())
    return seconds


def _ids(number: int) -> list[str]:
    return [str(uuid.uuid4()) for _ in range(number)]


def _requests(
    build: Build, endpoints: Sequence[tuple[int, str]], first: int
) -> Mapping[str, list[bytes]]:
    """Return one request of each kind for each endpoint, in the order in which they can be sent.

    endpoints: the number of the host and the id of each. first: of the addresses of load balancers.
    """
    added = {"ResourceType": "Policy", "RequestType": "Add", "Settings": {"Policies": [_ACL]}}
    found: dict[str, list[bytes]] = {}
    for place, (host, endpoint) in enumerate(endpoints):
        one, v2 = f"{_host(host)}/v2/endpoints/{endpoint}", f"{_host(host)}/v2"
        ports = [{"Protocol": 6, "InternalPort": 80, "ExternalPort": 80}]
        attached = {"ResourceType": "Endpoint", "RequestType": "Add",
                    "Settings": {"EndpointId": endpoint}}  # fmt: skip
        balanced = {"HostComputeEndpoints": [endpoint], "SchemaVersion": _V2,
                    "FrontendVIPs": [str(ip_address(first + place))],
                    "PortMappings": ports}  # fmt: skip
        new = {"ID": endpoint, "SchemaVersion": _V2}
        for title, message in {
            "create an endpoint": _request(
                "POST", f"{v2}/networks/{build.networks[host]}/endpoints", new
            ),
            "GET one endpoint": _request("GET", one),
            "add a policy": _request("PATCH", one, added),
            "attach to a namespace": _request(
                "PATCH", f"{v2}/namespaces/{build.namespaces[host]}", attached
            ),
            "create a load balancer": _request("POST", f"{v2}/loadbalancers", balanced),
            "delete an endpoint": _request("DELETE", one),
        }.items():
            found.setdefault(title, []).append(message)
    return found


def _request(method: str, path: str, body: object = None) -> bytes:
    return load.request(method, path, b"" if body is None else orjson.dumps(body))


def _host(number: int) -> str:
    return f"/hosts/bench-{number}"


def _child_seconds(build: Build, arguments: Sequence[str]) -> float:
    """Return the seconds of processor time of a command of the build."""
    surroundings = {**_with(build.code), "HNSEMU_URL": f"http://127.0.0.1:{build.port}"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = _command(build.code, *arguments)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=surroundings)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _print(pairs: Sequence[tuple[dict[str, float], ...]], base: str) -> None:
    database = "PostgreSQL" if postgres.POSTGRES_URL else "SQLite"
    title = f"{database}, {len(pairs)} pairs; load of the machine {os.getloadavg()[0]:.1f}"
    table = Table("processor time", f"beside {base}", "least", "greatest", title=title)
    for kind in pairs[0][0]:
        ratios = [ours[kind] / theirs[kind] for ours, theirs in pairs]
        figures = (statistics.median(ratios), min(ratios), max(ratios))
        table.add_row(kind, *(f"{figure:.2f}" for figure in figures))
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
