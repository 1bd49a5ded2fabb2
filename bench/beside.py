"""Measure requests and starts beside another commit, builds in turns.

make bench-beside base=fb6ca89
tools/postgres make bench-beside base=fb6ca89   # on PostgreSQL

Ratios of processor time, without PostgreSQL's: other load changes it little. The other build is
checked out beside this one and runs with the libraries of this one.
"""

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

import orjson

from bench import load
from bench.report import SQLITE, Figure, arguments, report
from bench.run import Service, processor_seconds, running_service
from bench.workers import network_of_host
from tests import postgres

_HERE = Path(__file__).resolve().parents[1]
_HOSTS, _CONNECTIONS = 16, 8
_V2 = {"Major": 2, "Minor": 0}
_ACL = {"Type": "ACL", "Settings": {"Action": "Allow", "Direction": "In", "Priority": 300}}
_COMMANDS = ("--help", "networks list")
_FIRST_ADDRESS = ip_address("172.16.0.1")


@dataclass(frozen=True)
class Build:
    """A running build. networks, namespaces: the path of the one of each host."""

    code: Path
    service: Service
    networks: Sequence[str]
    namespaces: Sequence[str]

    def send(self, messages: Sequence[bytes]) -> float:
        """Send requests; return the seconds of processor time that the service took."""
        before = processor_seconds(self.service.pid)
        load.run(self.service.port, messages, _CONNECTIONS)
        return processor_seconds(self.service.pid) - before


def main() -> int:
    """Measure and print."""
    parser = arguments(__doc__)
    parser.add_argument("base", help="a commit")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--requests", type=int, default=480, help="of a kind in each turn")
    options = parser.parse_args()
    with ExitStack() as stack:
        base = stack.enter_context(_worktree(options.base))
        builds = [stack.enter_context(_served(code)) for code in (_HERE, base)]
        seconds = [
            tuple(_turn(build, options.requests, pair) for build in builds)
            for pair in range(options.pairs)
        ]
    settings = "PostgreSQL, as tools/postgres" if postgres.POSTGRES_URL else SQLITE
    name = f"beside {options.base}, {settings.partition(',')[0]}"
    return report(name, settings, _figures(seconds), record=options.record)


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
    """Run one worker of a build on a database of its own, with hosts of a network each."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="hnsemu-bench-"))
        url = f"sqlite:///{folder}/bench.db"
        if postgres.POSTGRES_URL:
            url = postgres.url_of(stack.enter_context(postgres.new_database()))
        running = running_service(url, _program(code), PYTHONPATH=str(code / "app"))
        service = stack.enter_context(running)
        hosts = range(_HOSTS)
        networks = [network_of_host(service.port, f"bench-{host}") for host in hosts]
        namespaces = [_namespace(service.port, host) for host in hosts]
        yield Build(code, service, networks, namespaces)


def _namespace(port: int, host: int) -> str:
    """Create a namespace; return its path."""
    path = f"{_host(host)}/v2/namespaces"
    guest = _request("POST", path, {"Type": "Guest", "SchemaVersion": _V2})
    return f"{path}/{orjson.loads(load.run(port, [guest], 1).last_body)['ID']}"


def _program(code: Path) -> list[str]:
    """Return the command `hnsemu` of a checkout, which fails if it is another's."""
    start = "import hnsemu.cli as cli; assert cli.__file__.startswith({!r}); cli.main()"
    return [sys.executable, "-c", start.format(str(code))]


def _turn(build: Build, requests: int, number: int) -> dict[str, float]:
    """Return the seconds of processor time of each kind of request, and of commands."""
    endpoints = [(place % _HOSTS, str(uuid.uuid4())) for place in range(requests)]
    first = _FIRST_ADDRESS + number * requests
    seconds = {
        title: build.send(messages)
        for title, messages in _requests(build, endpoints, int(first)).items()
    }
    for command in _COMMANDS:
        seconds[f"hnsemu {command}"] = _child_seconds(build, command.split())
    return seconds


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
            "create an endpoint": _request("POST", f"{build.networks[host]}/endpoints", new),
            "GET one endpoint": _request("GET", one),
            "add a policy": _request("PATCH", one, added),
            "attach to a namespace": _request("PATCH", build.namespaces[host], attached),
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
    surroundings = {
        **os.environ,
        "PYTHONPATH": str(build.code / "app"),
        "PYTHONDONTWRITEBYTECODE": "",  # as the services have it
        "HNSEMU_URL": f"http://127.0.0.1:{build.service.port}",
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [*_program(build.code), *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=surroundings)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _figures(pairs: Sequence[tuple[dict[str, float], ...]]) -> list[Figure]:
    """Return the median ratio of processor time of each kind of request and command."""
    figures = []
    for kind in pairs[0][0]:
        ratios = [ours[kind] / theirs[kind] for ours, theirs in pairs]
        value = f"{len(ratios)} pairs, {min(ratios):.2f} to {max(ratios):.2f}"
        figures.append(Figure(kind, value, statistics.median(ratios)))
    return figures


if __name__ == "__main__":
    sys.exit(main())
