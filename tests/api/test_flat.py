"""A request costs the same on a full host: SQLite counts its steps beside few endpoints and many.

A statement can use an index and still read all that one host has, which no plan of it shows.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from hnsemu.api.examples import ENDPOINT, HNS_ENDPOINT, HNS_NETWORK, NETWORK
from tests.api.calls import WORKING, Call
from tests.conftest import DATABASES

CROWD = 240  # the subnet of the example has 250 addresses
STEPS = 10  # of SQLite's machine between two ticks; reading a row takes more than three
FLAT = 2 * CROWD // STEPS

# What looks at all endpoints of a host or a network, and why.
WHOLE = {
    "listEndpoints": "without a limit it returns them",
    "listHnsEndpoints": "HNS 1 has no pages",
    "listHnsActivities": "HNS 1 has no pages: an entry for each object",
    "listVfpPorts": "without a limit it returns them",
    "getVfpPort": "VFP has a rule for each neighbour on an overlay",
    "the port by its name": "the same port",
    "listIpPools": "counts the addresses in use: one index, no rows",
}


@dataclass
class Steps:
    """How often SQLite has taken so many steps."""

    ticks: int = 0

    def tick(self) -> int:
        """Count; 0 lets SQLite go on."""
        self.ticks += 1
        return 0


@pytest.fixture
def steps(database_url: str) -> Iterator[Steps]:
    assert database_url  # migrated by now, which is no request
    counted = Steps()

    def connected(connection: Any, _record: object) -> None:
        connection.set_progress_handler(counted.tick, STEPS)

    event.listen(Pool, "connect", connected)
    try:
        yield counted
    finally:
        event.remove(Pool, "connect", connected)


@pytest.mark.parametrize("database_url", DATABASES[:1], indirect=True)
async def test_what_a_full_host_makes_dearer_is_known(
    steps: Steps, world: httpx.AsyncClient
) -> None:
    calls = await _calls(world)
    for call in calls.values():
        await _ticks(steps, world, call)  # compiles and reads what is then kept
    few = {name: await _ticks(steps, world, call) for name, call in calls.items()}
    await _fill(world)
    many = {name: await _ticks(steps, world, call) for name, call in calls.items()}
    assert {name for name in calls if many[name] - few[name] > FLAT} == WHOLE.keys()


@pytest.mark.parametrize("database_url", DATABASES[:1], indirect=True)
async def test_pages_of_published_ports_cost_what_is_on_them(
    steps: Steps, client: httpx.AsyncClient
) -> None:
    await _publish(client, 0, 3)
    paths = [
        "/host/nat?limit=1",
        "/host/nat?limit=1&after=1",
        "/host/firewall?limit=1",
        "/host/firewall?limit=1&after=port-0",
        "/ui/windows/nat",
    ]
    calls = {path: Call("GET", path, 200) for path in paths}
    for call in calls.values():
        await _ticks(steps, client, call)
    few = {name: await _ticks(steps, client, call) for name, call in calls.items()}
    await _publish(client, 3, CROWD)
    many = {name: await _ticks(steps, client, call) for name, call in calls.items()}
    assert {name: (few[name], many[name]) for name in calls if many[name] - few[name] > FLAT} == {}


async def _publish(client: httpx.AsyncClient, first: int, number: int) -> None:
    """Create endpoints on the host's NAT network, each with a published port."""
    networks = (await client.get("/v2/networks")).json()
    network = next(network["ID"] for network in networks if network["Name"] == "nat")
    await _create(
        client,
        [
            {
                "ID": f"88888888-0000-4000-8000-{port:012d}",
                "Name": f"web-{port}",
                "HostComputeNetwork": network,
                "Policies": [
                    {
                        "Type": "PortMapping",
                        "Settings": {"Protocol": 6, "InternalPort": 80, "ExternalPort": port},
                    }
                ],
            }
            for port in range(8000 + first, 8000 + first + number)
        ],
    )


async def _create(client: httpx.AsyncClient, endpoints: Sequence[Mapping[str, object]]) -> None:
    """Create endpoints on the host `default`."""
    documents = [{**endpoint, "SchemaVersion": {"Major": 2, "Minor": 0}} for endpoint in endpoints]
    created = await client.post("/emulator/hosts/default/bulk", json={"Endpoints": documents})
    assert created.status_code == 200, created.text
    results = [item["Result"] for item in created.json()["Endpoints"]]
    assert results == ["Created"] * len(endpoints)


async def _ticks(steps: Steps, world: httpx.AsyncClient, call: Call) -> int:
    before = steps.ticks
    answer = await call.send(world)
    assert answer.status_code == call.status, answer.text
    return steps.ticks - before


async def _calls(world: httpx.AsyncClient) -> Mapping[str, Call]:
    """Return what is asked: all that reads, pages of what is long, and traces."""
    reads = {name: call for name, call in WORKING.items() if call.method == "GET"}
    ports = (await world.get("/host/vfp/ports")).json()
    port = next(port["PortName"] for port in ports if port["PortFriendlyName"] == ENDPOINT.upper())
    last = ports[-1]["PortName"]
    query, small = _filter(VirtualNetwork=NETWORK), _filter(VirtualNetwork=HNS_NETWORK)
    named = _filter(VirtualNetworkName="cbr0")
    paths = {
        "getMetrics": "/metrics",
        "a page of endpoints": "/v2/endpoints?limit=2",
        "the next page of endpoints": f"/v2/endpoints?limit=2&after={HNS_ENDPOINT}",
        "a page of a network": f"/v2/endpoints?limit=2&query={query}",
        "the next page of a network": f"/v2/endpoints?limit=2&query={query}&after={ENDPOINT}",
        "a page of a small network": f"/v2/endpoints?limit=2&query={small}",
        "a page of a network by its name": f"/v2/endpoints?limit=2&query={named}",
        "endpoints by name": f"/v2/endpoints?query={_filter(Name='pod')}",
        "a page of ports": "/host/vfp/ports?limit=2",
        "the next page of ports": f"/host/vfp/ports?limit=2&after={port}",
        "the last page of ports": f"/host/vfp/ports?limit=2&after={last}",
        "a page of the firewall": "/host/firewall?limit=2",
        "the port by its name": f"/host/vfp/ports/{port}",
        "a port by its name": f"/host/vfp/ports/{last}",
        "a port by its friendly name": "/host/vfp/ports/ExternalPort",
    }
    near = {"Destination": "10.244.1.77", "DestinationPort": 80}
    traces = ("tracePacket", "compareTraces", "getReachability")
    return {
        **reads,
        **{title: Call("GET", path, 200) for title, path in paths.items()},
        **{operation: WORKING[operation] for operation in traces},
        "a trace to a neighbour": Call(
            "POST", "/host/trace", 200, {"From": {"Endpoint": ENDPOINT}, "Packet": near}
        ),
    }


def _filter(**wanted: str) -> str:
    return quote(json.dumps({"Filter": json.dumps(wanted)}))


async def _fill(world: httpx.AsyncClient) -> None:
    """Create many endpoints more on the network of the example."""
    await _create(
        world,
        [
            {
                "ID": f"99999999-0000-4000-8000-{number:012d}",
                "Name": f"pod-{number}",
                "HostComputeNetwork": NETWORK,
            }
            for number in range(CROWD)
        ],
    )
