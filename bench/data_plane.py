"""Measure the data plane: traces, matrices, and the cost of a change on a full host.

make bench-dataplane
.venv/bin/python -m bench.data_plane --endpoints 200 --balancers 500 --crowd 2000
"""

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from sqlalchemy import text

from bench.report import SQLITE, Figure, arguments, at_most, report
from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.networks import Network
from hnsemu.domain.policylists import PolicyList
from hnsemu.domain.tracing.matrix import MatrixQuestion
from hnsemu.domain.tracing.walks import Service
from hnsemu.schema.base import parse
from hnsemu.schema.host.trace import TraceRequest
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.modify_loadbalancers import ModifyLoadBalancerSettingRequest
from hnsemu.services import endpoints, loadbalancers
from hnsemu.services.dataplane import reachability
from hnsemu.services.dataplane import trace as packet_trace
from hnsemu.storage.database import Database
from hnsemu.storage.migrate import upgrade
from tests.property.oracle import Oracle
from tests.property.world import Balancer, Datagram, Json, Node, Pod
from tests.scenarios.lab import SCHEMA, Lab, acl

_ACLS = 50
_OF_A_NETWORK = 4000  # its MAC pool has 4,096
_NODE = "10.127.130.35"


def main() -> int:
    """Measure and print; return 1 if a goal is missed."""
    parser = arguments(__doc__)
    parser.add_argument("--endpoints", type=int, default=1000)
    parser.add_argument("--balancers", type=int, default=5000)
    parser.add_argument("--crowd", type=int, default=10_000, help="endpoints on the full host")
    options = parser.parse_args()
    figures = []
    with tempfile.TemporaryDirectory(prefix="hnsemu-bench-") as directory:
        url = f"sqlite:///{Path(directory) / 'bench.db'}"
        upgrade(url)
        database = Database(url)
        figures += _traces(Lab(database), options.endpoints, options.balancers)
        figures += _changes(Lab(database, hns_version=(15, 5)), options.crowd, options.balancers)
        database.dispose()
    return report("data plane", SQLITE, figures, record=options.record)


def _traces(lab: Lab, count: int, balancers: int) -> list[Figure]:
    """Measure one trace and a whole matrix on a host with many endpoints, ACLs and services."""
    network = lab.network("node-1", "L2Bridge", "10.240.0.0/12", "10.240.0.1")
    pods = _pods(lab, network, count, with_acls=True)
    lists = _services(lab, pods, balancers)
    questions = [
        parse(
            TraceRequest,
            {
                "From": {"Endpoint": random.Random(n).choice(pods).id},
                "Packet": {
                    "Destination": lists[random.Random(-n).randrange(len(lists))].frontend_vips[0],
                    "DestinationPort": 80,
                },
            },
        ).to_domain()
        for n in range(300)
    ]
    hns = lab.host("node-1")
    times = [_seconds(partial(packet_trace.trace_packet, hns, question)) for question in questions]
    ours = statistics.median(times)
    sample = questions[:3]
    naive = statistics.median(
        _seconds(partial(_scan, lab, network, question.endpoint, str(question.packet.destination)))
        for question in sample
    )
    ports = tuple(Service(*port) for port in ((6, 80), (6, 443), (17, 53)))
    whole = MatrixQuestion(None, None, (), ports)
    matrix = _seconds(lambda: reachability.reachability(hns, whole))
    cells = count * count * len(ports)
    scanned = "reading and scanning every document instead, beside a trace"
    title = f"matrix of {cells:,} cells, beside a minute"
    return [
        Figure("one trace, median", f"{1000 * ours:.2f} ms", ours / 0.005, "≤ 5 ms", ours <= 0.005),
        Figure(scanned, f"{1000 * naive:.0f} ms", naive / ours, "≥ 50", naive >= 50 * ours),
        Figure(title, f"{matrix:.1f} s", matrix / 60, "≤ 60 s", matrix <= 60),
    ]


def _changes(lab: Lab, crowd: int, balancers: int) -> list[Figure]:
    """Measure a change on an empty host and the same change on a full one."""
    figures = []
    seconds = {}
    for host, size in (("empty", 1), ("full", crowd)):
        pods = []
        for number, left in enumerate(range(size, 0, -_OF_A_NETWORK)):
            network = lab.network(host, "L2Bridge", f"10.{number}.0.0/16", f"10.{number}.0.1")
            pods += _pods(lab, network, min(left, _OF_A_NETWORK), host=host)
        seconds[host] = _median(partial(_add_and_remove, lab, host, pods[0]))
    figures.append(_compared(f"add a policy with {crowd:,} endpoints on the host", seconds))
    seconds = {}
    for host, size in (("few", 0), ("many", balancers)):
        network = lab.network(host, "L2Bridge", "10.240.0.0/12", "10.240.0.1")
        pods = _pods(lab, network, 1001, host=host)
        _services(lab, pods, size, host=host)
        large = lab.balancer(host, pods[:1000], "10.95.0.1", 80, 8080)
        seconds[host] = _median(partial(_grow, lab, host, large, pods[1000]))
    figures.append(_compared(f"add a backend to 1,000 with {balancers:,} load balancers", seconds))
    return figures


def _compared(title: str, seconds: dict[str, float]) -> Figure:
    empty, full = seconds.values()
    ratio = full / empty
    value = f"{1000 * full:.2f} ms, on an empty host {1000 * empty:.2f} ms"
    return at_most(title, value, ratio, 1.5)


def _pods(
    lab: Lab, network: Network, count: int, *, host: str = "node-1", with_acls: bool = False
) -> list[Endpoint]:
    hns = lab.host(host)
    pods = []
    for number in range(count):
        document: Json = {"Name": f"pod-{number}", "SchemaVersion": SCHEMA}
        if with_acls:
            document["Policies"] = _acls(number)
        request = parse(HostComputeEndpoint, document)
        pods.append(endpoints.create_endpoint(hns, network.id, request))
    with lab.database.writing() as connection:  # 1,000 namespaces would measure namespaces
        connection.execute(text("UPDATE endpoints SET state = 2"))
    return pods


def _acls(number: int) -> list[Json]:
    source = random.Random(number)
    policies = [
        acl(
            source.choice(["Allow", "Block"]),
            direction,
            1000 + place,
            Protocols="6",
            RemoteAddresses=f"10.{source.randrange(240, 256)}.{source.randrange(256)}.0/24",
            **{"LocalPorts" if direction == "In" else "RemotePorts": source.choice(["80", "8080"])},
        )
        for place in range((_ACLS - 2) // 2)
        for direction in ("In", "Out")
    ]
    return [*policies, acl("Allow", "In", 5000), acl("Allow", "Out", 5000)]


def _services(
    lab: Lab, pods: Sequence[Endpoint], count: int, host: str = "node-1"
) -> list[PolicyList]:
    return [
        lab.balancer(
            host,
            [pods[(number * 3 + n) % len(pods)] for n in range(3)],
            f"10.96.{number // 250}.{number % 250 + 1}",
            80,
            8080,
        )
        for number in range(count)
    ]


def _scan(lab: Lab, network: Network, sender: str, destination: str) -> None:
    """Answer without an index: read every document, then scan them."""
    node = Node("node-1", _NODE, "L2Bridge", "10.240.0.0/12")
    with lab.database.reading() as connection:
        policies: dict[int, list[Json]] = {}
        for key, kind, settings in connection.execute(
            text("SELECT endpoint_key, type, settings FROM policies WHERE endpoint_key > 0")
        ):
            policies.setdefault(key, []).append({"Type": kind, "Settings": json.loads(settings)})
        addresses = {}
        for key, guid, configurations in connection.execute(
            text("SELECT key, id, ip_configurations FROM endpoints WHERE network_key = :key"),
            {"key": network.key},
        ):
            address = json.loads(configurations)[0][0]
            addresses[guid] = address
            node.pods.append(Pod(address, tuple(policies.get(key, ())), guid))
        backends: dict[int, list[str]] = {}
        for key, reference in connection.execute(
            text("SELECT policy_list_key, reference FROM policy_list_references")
        ):
            backends.setdefault(key, []).append(addresses.get(reference, ""))
        for key, vips in connection.execute(text("SELECT key, frontend_vips FROM policy_lists")):
            pool = tuple(backends.get(key, ()))
            node.balancers.append(Balancer(json.loads(vips)[0], 6, 80, 8080, pool, dsr=True))
    pod = next(pod for pod in node.pods if pod.id == sender)
    packet = Datagram(6, pod.address, destination, 40000, 80)
    balancer = next(balancer for balancer in node.balancers if balancer.vip == destination)
    Oracle([node], balancer.backends[0]).from_pod(node, pod, packet)


def _add_and_remove(lab: Lab, host: str, pod: Endpoint) -> None:
    policies = [acl("Allow", "In", 100)]
    lab.change(host, pod, "Add", *policies)
    lab.change(host, pod, "Remove", *policies)


def _grow(lab: Lab, host: str, balancer: PolicyList, pod: Endpoint) -> None:
    for kind in ("Add", "Remove"):
        document = {"RequestType": kind, "Settings": {"HostComputeEndpoints": [pod.id]}}
        loadbalancers.modify_load_balancer(
            lab.host(host), balancer.id, parse(ModifyLoadBalancerSettingRequest, document)
        )


def _median(work: Callable[[], object]) -> float:
    return statistics.median(_seconds(work) for _ in range(30)) / 2


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
