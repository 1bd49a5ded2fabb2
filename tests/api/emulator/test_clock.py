"""/emulator/clock: what time it is on all hosts, and what goes by it."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.waiting import PATIENCE

CLOCK = "/emulator/clock"
NEW_YEAR = "2027-01-01T00:00:00Z"
FILETIME = 134_432_352_000_000_000  # of the new year
MINUTE = 600_000_000
L2BRIDGE = {
    "Type": "L2Bridge",
    "Ipams": [
        {
            "Subnets": [
                {
                    "IpAddressPrefix": "10.244.1.0/24",
                    "Routes": [{"NextHop": "10.244.1.1", "DestinationPrefix": "0.0.0.0/0"}],
                }
            ]
        }
    ],
}


async def _turn(client: httpx.AsyncClient, **change: object) -> Any:
    turned = await client.put(CLOCK, json=change)
    assert turned.status_code == 200, turned.text
    return turned.json()


async def _freeze_at_new_year(client: httpx.AsyncClient) -> None:
    await _turn(client, freeze=True)
    await _turn(client, set=NEW_YEAR)


async def test_it_runs_until_it_is_stopped_and_moves_as_it_is_told(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.get(CLOCK)).json()["mode"] == "machine"
    stopped = await _turn(client, freeze=True)
    assert stopped["mode"] == "frozen"
    assert (await client.get(CLOCK)).json() == stopped
    moved = await _turn(client, advance="5m")
    assert moved["filetime"] == stopped["filetime"] + 5 * MINUTE
    assert await _turn(client, set=NEW_YEAR) == {
        "time": NEW_YEAR,
        "filetime": FILETIME,
        "mode": "frozen",
    }
    released = await _turn(client, release=True)
    assert released["mode"] == "machine"
    assert released["filetime"] < FILETIME
    assert (await _turn(client, advance="1h"))["mode"] == "shifted"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({}, "says nothing; give freeze, advance, set or release"),
        ({"freeze": None}, "says nothing; give freeze, advance, set or release"),
        ({"freeze": False}, "freeze: is true or left out; give freeze, advance, set or release"),
        (
            {"freeze": True, "set": NEW_YEAR},
            "freeze and set exclude each other; send one of them after the other",
        ),
        ({"Freeze": True}, "unknown members: Freeze; leave them out"),
        (
            {"advance": "-5m"},
            "advance: '-5m' goes backwards; set the clock to an earlier time",
        ),
        ({"advance": "soon"}, "advance: 'soon' is not a duration; write one such as"),
        ({"advance": 5}, "advance: "),
        ({"advance": "999999999d"}, "the clock goes from 1970-01-01 to 9000-01-01"),
        ({"set": "20000-01-01T00:00:00Z"}, "set: '20000-01-01T00:00:00Z' is out of bounds"),
        ({"set": "1969-12-31T23:59:59Z"}, "the clock goes from 1970-01-01 to 9000-01-01"),
        ({"set": "0001-01-01T00:00:00+14:00"}, "the clock goes from 1970-01-01"),
        ({"set": "yesterday"}, "set: 'yesterday' is no time; write one such as"),
        ([], "must be a JSON object"),
    ],
)
async def test_nonsense_is_refused_and_changes_nothing(
    client: httpx.AsyncClient, change: object, sentence: str
) -> None:
    before = await _turn(client, freeze=True)
    refused = await client.put(CLOCK, json=change)
    assert refused.status_code == 400
    assert sentence in refused.json()["Detail"]
    assert (await client.get(CLOCK)).json() == before


async def test_every_stamp_goes_by_it(client: httpx.AsyncClient) -> None:
    await _freeze_at_new_year(client)
    made = await client.put("/emulator/hosts/node", json={"journal": True})
    assert made.json()["created"] == made.json()["started"] == NEW_YEAR
    created = await client.post("/hosts/node/v2/networks", json={"Type": "Private"})
    resources = created.json()["Health"]["Extra"]["Resources"]
    assert resources["Health"]["LastUpdateTime"] == FILETIME
    await _turn(client, advance="1m")
    await client.post("/emulator/hosts/node/restart")
    host = (await client.get("/emulator/hosts/node")).json()
    assert (host["created"], host["started"]) == (NEW_YEAR, "2027-01-01T00:01:00Z")
    await _turn(client, advance="1m")
    await client.get("/hosts/node/v2/networks")
    calls = (await client.get("/emulator/hosts/node/requests")).json()["requests"]
    assert [call["time"] for call in calls] == [NEW_YEAR, "2027-01-01T00:02:00Z"]
    await client.put("/emulator/hosts/node/snapshots/kept")
    (kept,) = (await client.get("/emulator/hosts/node/snapshots")).json()
    assert kept["created"] == "2027-01-01T00:02:00Z"


async def test_a_management_address_appears_when_its_time_has_come(
    client: httpx.AsyncClient,
) -> None:
    await client.put("/emulator/hosts/node", json={"management_ip_delay": 30})
    await _freeze_at_new_year(client)
    created = (await client.post("/hosts/node/v2/networks", json=L2BRIDGE)).json()
    for change, shows in (
        ({"advance": "29s"}, False),
        ({"advance": "1s"}, True),
        ({"set": "2026-12-31T00:00:00Z"}, True),
    ):
        await _turn(client, **change)
        shown = (await client.get(f"/hosts/node/v1/networks/{created['ID']}")).json()["Output"]
        assert ("ManagementIP" in shown) is shows


async def test_a_lease_of_a_port_runs_out_by_it(client: httpx.AsyncClient) -> None:
    await _freeze_at_new_year(client)
    service = (await client.post("/v2/guestnetworkservices", json={})).json()
    ports = f"/v2/guestnetworkservices/{service['ID']}/portreservations"
    lease = {"Port": 20000, "Protocol": "TCP", "LeaseSeconds": 60}
    assert (await client.post(ports, json=lease)).status_code == 201
    await _turn(client, advance="59s")
    assert (await client.post(ports, json=lease)).status_code == 409
    await _turn(client, advance="1s")
    assert (await client.post(ports, json=lease)).status_code == 201


async def test_a_fault_ends_by_it_and_what_hangs_goes_on(client: httpx.AsyncClient) -> None:
    await _freeze_at_new_year(client)
    fault = {"match": {}, "then": {"status": 503}, "ttl": "10s"}
    await client.post("/emulator/hosts/default/faults", json=fault)
    await _turn(client, advance="9s")
    assert (await client.get("/v2/networks")).status_code == 503
    await _turn(client, advance="1s")
    assert (await client.get("/v2/networks")).status_code == 200


async def test_a_reset_leaves_it(client: httpx.AsyncClient) -> None:
    await _freeze_at_new_year(client)
    await client.post("/emulator/hosts/default/reset")
    assert (await client.get(CLOCK)).json()["filetime"] == FILETIME
    host = (await client.get("/emulator/hosts/default")).json()
    assert host["created"] == host["started"] == NEW_YEAR


async def test_docker_goes_by_it(client: httpx.AsyncClient) -> None:
    await _freeze_at_new_year(client)
    await client.post("/docker/images/create?fromImage=web&tag=1")
    container = {"Image": "web:1", "Cmd": ["cmd"]}
    created = await client.post("/docker/containers/create", json=container)
    address = f"/docker/containers/{created.json()['Id']}"
    await _turn(client, advance="1h")
    await client.post(f"{address}/start")
    shown = (await client.get(f"{address}/json")).json()
    assert shown["Created"].startswith("2027-01-01T00:00:00")
    assert shown["State"]["StartedAt"].startswith("2027-01-01T01:00:00")
    await _turn(client, advance="5m")
    (listed,) = (await client.get("/docker/containers/json?all=1")).json()
    assert listed["Status"] == "Exited (0) 5 minutes ago"
    for since, seen in (("10m", True), ("2m", False)):
        events = await client.get(f"/docker/events?since={since}&until=1s")
        assert ('"start"' in events.text) is seen


async def test_a_stream_that_ends_at_a_time_ends_when_the_clock_has_passed_it(
    client: httpx.AsyncClient,
) -> None:
    await _freeze_at_new_year(client)
    async with asyncio.timeout(PATIENCE):
        stream = asyncio.create_task(client.get("/docker/events?until=2027-01-01T01:00:00Z"))
        done, _ = await asyncio.wait({stream}, timeout=0.2)
        assert not done
        await _turn(client, advance="61m")
        assert (await stream).status_code == 200
