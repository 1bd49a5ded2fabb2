"""Measure what requests cost on a host with very many endpoints, beside a host with none.

.venv/bin/python -m bench.crowd --endpoints 100000
.venv/bin/python -m bench.crowd --database sqlite:////tmp/full.db   # that it has filled before

Processor time of the service, which other load does not change much, and its resident memory.
"""

import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from urllib.parse import quote

import orjson

from bench import load
from bench.report import SQLITE, Figure, arguments, at_most, report
from hnsemu.schema.host.bulk import MOST
from hnsemu.storage.migrate import upgrade
from tests.e2e.servers import Server, serving

_V2 = {"Major": 2, "Minor": 0}
_HOSTS = ("small", "big")
_NETWORKS = 4
_CHUNK = MOST
_FEW = 404
_CREATE = "create an endpoint"


def main() -> int:
    """Fill a host, measure and print."""
    parser = arguments(__doc__)
    parser.add_argument("--endpoints", type=int, default=100_000)
    parser.add_argument("--database", default="")
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hnsemu-bench-") as folder:
        url = options.database or f"sqlite:///{Path(folder) / 'bench.db'}"
        upgrade(url)
        with serving(url) as server:
            _send(server, "PUT", "/emulator/hosts/small")
            _send(server, "DELETE", "/emulator/hosts/small")
            _fill(server, "small", _FEW)
            if not options.database:
                _fill(server, "big", options.endpoints)
            before = _resident(server)
            figures = _measure(server, options.runs)
            after = _resident(server)
    settings = SQLITE if url.startswith("sqlite") else "PostgreSQL"
    told = _figures(figures, before, after)
    return report("crowd", settings, told, record=options.record)


def _fill(server: Server, host: str, endpoints: int) -> None:
    """Create a host with endpoints on four networks."""
    _send(server, "PUT", f"/emulator/hosts/{host}")
    of_network = endpoints // _NETWORKS
    for number in range(_NETWORKS):
        network = _network_id(number)
        _send(server, "POST", f"/hosts/{host}/v2/networks", _network(network, number))
        for first in range(0, of_network, _CHUNK):
            some = range(first, min(of_network, first + _CHUNK))
            objects = [_endpoint(network, number, place) for place in some]
            _send(server, "POST", f"/emulator/hosts/{host}/bulk", {"Endpoints": objects})


def _network_id(number: int) -> str:
    return f"{number + 1:08x}-0000-4000-8000-000000000001"


def _endpoint_id(number: int, place: int) -> str:
    return f"{number + 1:08x}-0000-4000-9000-{place:012x}"


def _endpoint(network: str, number: int, place: int) -> dict[str, object]:
    return {"ID": _endpoint_id(number, place), "Name": f"pod-{number}-{place}",
            "HostComputeNetwork": network, "SchemaVersion": _V2}  # fmt: skip


def _network(guid: str, number: int) -> dict[str, object]:
    """Return an L2Bridge network of a million addresses with a VLAN of its own."""
    router = f"10.{16 * (number + 1)}.0.1"
    subnet = {
        "IpAddressPrefix": f"10.{16 * (number + 1)}.0.0/12",
        "Routes": [{"NextHop": router, "DestinationPrefix": "0.0.0.0/0"}],
        "Policies": [{"Type": "VLAN", "Settings": {"IsolationId": 100 + number}}],
    }
    macs = {"StartMacAddress": f"02-00-0{number}-00-00-00",
            "EndMacAddress": f"02-00-0{number}-FF-FF-FF"}  # fmt: skip
    return {"ID": guid, "Name": f"net-{number}", "Type": "L2Bridge", "SchemaVersion": _V2,
            "MacPool": {"Ranges": [macs]}, "Ipams": [{"Subnets": [subnet]}]}  # fmt: skip


def _measure(server: Server, runs: int) -> Mapping[str, tuple[float, float]]:
    """Return milliseconds of processor time of each request, on the small and on the big host."""
    found = {}
    pairs = {host: _requests(server, host) for host in _HOSTS}
    for title in pairs["big"]:
        times: dict[str, list[float]] = {host: [] for host in _HOSTS}
        for _ in range(runs):
            for host in _HOSTS:
                times[host].append(_processor_time(server, pairs[host][title]))
        found[title] = (statistics.median(times["small"]), statistics.median(times["big"]))
    return found


def _requests(server: Server, host: str) -> Mapping[str, Callable[[], object]]:
    """Return what is measured on a host."""
    base, network = f"/hosts/{host}", _network_id(0)
    one, other, last = (_endpoint_id(0, place) for place in (7, 100, 1))
    address = json.loads(_send(server, "GET", f"{base}/v2/endpoints/{other}"))
    to = address["IpConfigurations"][0]["IpAddress"]
    query = quote(json.dumps({"Filter": json.dumps({"VirtualNetwork": network})}))
    create = f"{base}/v2/networks/{network}/endpoints"
    port = json.loads(_send(server, "GET", f"{base}/host/vfp/ports?limit=9"))[-1]["PortName"]
    reads = {
        "GET one endpoint": f"/v2/endpoints/{one}",
        "page of 100 endpoints": f"/v2/endpoints?limit=100&after={last}",
        "page of 100 endpoints of a network": f"/v2/endpoints?limit=100&query={query}",
        "networks": "/v2/networks",
        "page of 100 VFP ports": f"/host/vfp/ports?limit=100&after={port}",
        "page of 100 rules of the firewall": "/host/firewall?limit=100",
        "address pools": "/host/ippools",
        "topology, networks closed": "/host/topology?open=",
    }
    trace = {"From": {"Endpoint": one}, "Packet": {"Destination": to, "DestinationPort": 80}}
    nobody = trace | {"Packet": {"Destination": "10.31.255.254", "DestinationPort": 80}}
    return {
        _CREATE: lambda: _send(server, "POST", create, {"SchemaVersion": _V2}),
        "create and delete one": lambda: _send(
            server, "DELETE", f"{base}/v2/endpoints/{_created(server, create)}"
        ),
        **{title: partial(_send, server, "GET", base + path) for title, path in reads.items()},
        "trace to a neighbour": lambda: _send(server, "POST", f"{base}/host/trace", trace),
        "trace to nobody": lambda: _send(server, "POST", f"{base}/host/trace", nobody),
        "metrics": lambda: _send(server, "GET", "/metrics"),
    }


def _created(server: Server, path: str) -> str:
    return str(json.loads(_send(server, "POST", path, {"SchemaVersion": _V2}))["ID"])


def _send(server: Server, method: str, path: str, body: object = None) -> bytes:
    content = b"" if body is None else orjson.dumps(body)
    port = int(server.url.rpartition(":")[2])
    return load.run(port, [load.request(method, path, content)], 1).last_body


def _processor_time(server: Server, work: Callable[[], object]) -> float:
    """Return the milliseconds of the service's processor time that some work takes."""
    before = _spent(server)
    work()
    return _spent(server) - before


def _spent(server: Server) -> float:
    """Return the milliseconds of processor time that the service's threads have had."""
    tasks = Path(f"/proc/{server.process.pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6


def _resident(server: Server) -> float:
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _figures(found: Mapping[str, tuple[float, float]], before: float, after: float) -> list[Figure]:
    """Return what requests cost beside many endpoints, and beside few; and resident memory."""
    told = []
    for title, (few, many) in found.items():
        value, ratio = f"{many:.1f} ms, {few:.1f} ms", many / few
        has_goal = title == _CREATE
        told.append(at_most(title, value, ratio, 1.05) if has_goal else Figure(title, value, ratio))
    memory = f"{after:.0f} MB, {before:.0f} MB"
    return [*told, Figure("resident, after all this and before", memory, after / before)]


if __name__ == "__main__":
    sys.exit(main())
