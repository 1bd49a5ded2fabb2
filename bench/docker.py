"""Compare Docker's calls with those of HNS that they stand for, and with themselves on a full host.

make bench-docker          # ten thousand containers: minutes
.venv/bin/python -m bench.docker --containers 2000
"""

import itertools
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from bench.report import SQLITE, Figure, arguments, at_most, report
from tests.e2e.servers import serving

_FEW = 200
"""Starts of which a median is taken, at the beginning and at the end."""

_LISTED = 1000
_NAT = {"Driver": "nat", "IPAM": {"Config": [{"Subnet": "10.64.0.0/12", "Gateway": "10.64.0.1"}]}}
_OPTIONS = {"com.docker.network.windowsshim.macpool": "02-00-00-00-00-00,02-00-00-FF-FF-FF"}


class Host:
    """A connection to the default host of a service; every call is timed."""

    def __init__(self, port: int) -> None:
        """Connect to the service at `port`."""
        self._connection = HTTPConnection("127.0.0.1", port, timeout=100)
        self._numbers = itertools.count()
        self._send("POST", "/docker/images/create?fromImage=app&tag=latest", parse=False)
        request = {"Name": "bench", "Options": _OPTIONS, **_NAT}
        created = self._send("POST", "/docker/networks/create", request)
        network = self._send("GET", f"/docker/networks/{created['Id']}")
        self._hns_id = network["Options"]["com.docker.network.windowsshim.hnsid"]

    def create_endpoint(self) -> float:
        """Create an endpoint of HNS 1; return the seconds."""
        request = {"VirtualNetwork": self._hns_id}
        return self._timed("POST", "/v1/endpoints", request)

    def create_and_start(self) -> tuple[float, float]:
        """Create a container and start it; return the seconds of both."""
        name = f"c{next(self._numbers):05}"
        request = {"Image": "app", "HostConfig": {"NetworkMode": "bench"}}
        created = self._timed("POST", f"/docker/containers/create?name={name}", request)
        return created, self._timed("POST", f"/docker/containers/{name}/start")

    def list_containers(self) -> tuple[float, list[Any]]:
        """List all containers; return the seconds, and the documents."""
        started = time.perf_counter()
        containers = self._send("GET", "/docker/containers/json?all=1", parse=False)
        return time.perf_counter() - started, json.loads(containers)

    def _timed(self, method: str, path: str, request: object = None) -> float:
        started = time.perf_counter()
        self._send(method, path, request, parse=False)
        return time.perf_counter() - started

    def _send(self, method: str, path: str, request: object = None, *, parse: bool = True) -> Any:  # noqa: ANN401 (any JSON value)
        body = b"" if request is None else json.dumps(request).encode()
        self._connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = self._connection.getresponse()
        content = answer.read()
        assert answer.status < 300, content
        return json.loads(content) if parse else content


def main() -> int:
    """Measure and print; return 1 if a goal is missed."""
    parser = arguments(__doc__)
    parser.add_argument("--containers", type=int, default=10_000, help="containers of a full host")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="hnsemu-bench-") as folder,
        serving(f"sqlite:///{Path(folder) / 'hnsemu.db'}") as server,
    ):
        host = Host(int(server.url.rpartition(":")[2]))
        figures = list(_figures(host, options.containers))
    return report("docker", SQLITE, figures, record=options.record)


def _figures(host: Host, containers: int) -> Iterator[Figure]:
    endpoints: list[float] = []
    starts: list[float] = []
    both: list[float] = []
    while len(starts) < _LISTED:  # one of each in turn: many of a kind in a row find caches warm
        endpoints.append(host.create_endpoint())
        created, started = host.create_and_start()
        starts.append(started)
        both.append(created + started)
    yield _compared("create + start, one /v1 endpoint", _middle(both), _middle(endpoints), 2.5)

    listed = [host.list_containers() for _ in range(20)]
    documents = listed[-1][1]
    assert len(documents) == _LISTED, len(documents)
    dumped = [_serialised(documents) for _ in range(20)]
    title = f"list {_LISTED:,} containers, json.dumps of them"
    yield _compared(title, _middle(seconds for seconds, _ in listed), _middle(dumped), 3)

    for number in range(len(starts), containers):
        if number >= containers - _FEW:
            host.create_endpoint()  # as beside the first ones
        starts.append(host.create_and_start()[1])
    title = f"start container {containers:,}, start the first"
    yield _compared(title, _middle(starts[-_FEW:]), _middle(starts[:_FEW]), 1.2)


def _compared(title: str, ours: float, beside: float, goal: float) -> Figure:
    """Return our seconds beside others. goal: the greatest ratio wanted."""
    value, ratio = f"{1000 * ours:.2f} ms, {1000 * beside:.2f} ms", ours / beside
    return at_most(title, value, ratio, goal)


def _middle(seconds: "Iterator[float] | list[float]") -> float:
    return statistics.median(seconds)


def _serialised(documents: list[Any]) -> float:
    started = time.perf_counter()
    json.dumps(documents)
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
