"""/emulator/hosts/{name}/snapshots: a host is saved, compared and brought back."""

from typing import Any

import httpx

from hnsemu.services.hosts import snapshots, state
from hnsemu.storage.transaction import Hns
from tests.services.pods import overlay, pod
from tests.work import calls

SNAPSHOTS = "/emulator/hosts/default/snapshots"
STATE = "/emulator/hosts/default/state"

CALLS_TO_SAVE, CALLS_TO_RESTORE = 240, 1800
"""Of functions, for an endpoint: it needed 193 and 754 on SQLite, 197 and 1,581 on PostgreSQL. Of a
thousand these were 0.1 and 0.4 s of a processor there, 0.1 and 0.7 s here."""


async def _save(client: httpx.AsyncClient, name: str) -> Any:
    saved = await client.put(f"{SNAPSHOTS}/{name}")
    assert saved.is_success, saved.text
    return saved.json()


async def _diff(client: httpx.AsyncClient, query: str) -> list[str]:
    return [change["text"] for change in (await client.get(f"{SNAPSHOTS}/{query}")).json()]


async def test_a_host_returns_to_what_was_saved(world: httpx.AsyncClient) -> None:
    await _save(world, "full")
    before = await world.get(STATE)
    network = (await world.get("/v2/networks")).json()[0]
    await world.delete(f"/v2/networks/{network['ID']}")
    assert (await world.get(STATE)).content != before.content
    assert (await world.post(f"{SNAPSHOTS}/full/restore")).status_code == 200
    assert (await world.get(STATE)).content == before.content
    assert (await world.get(f"{SNAPSHOTS}/full")).content == before.content


async def test_what_has_changed_is_said_in_words(world: httpx.AsyncClient) -> None:
    await _save(world, "before")
    assert await _diff(world, "before/diff") == []
    created = await world.post("/v2/networks", json={"Name": "green", "Type": "Private"})
    endpoint = (await world.get("/v2/endpoints")).json()[0]
    await world.delete(f"/v2/endpoints/{endpoint['ID']}")
    texts = await _diff(world, "before/diff")
    assert f"The network green ({created.json()['ID']}) was added." in texts
    assert f"The endpoint {endpoint['Name']} ({endpoint['ID']}) was removed." in texts
    await _save(world, "after")
    assert await _diff(world, "before/diff?with=after") == texts
    back = await _diff(world, "after/diff?with=before")
    assert f"The network green ({created.json()['ID']}) was removed." in back


async def test_snapshots_are_listed_and_saved_again_under_their_name(
    world: httpx.AsyncClient,
) -> None:
    first = await _save(world, "one")
    await _save(world, "two")
    assert (await world.put(f"{SNAPSHOTS}/one")).status_code == 200
    listed = (await world.get(SNAPSHOTS)).json()
    assert [snapshot["name"] for snapshot in listed] == ["two", "one"]
    assert {snapshot["networks"] for snapshot in listed} == {first["networks"]}
    assert listed[0]["size"] > 1000


async def test_a_reset_leaves_snapshots_and_a_removal_does_not(world: httpx.AsyncClient) -> None:
    await _save(world, "kept")
    await world.post("/emulator/hosts/default/reset")
    assert [each["name"] for each in (await world.get(SNAPSHOTS)).json()] == ["kept"]
    await world.post(f"{SNAPSHOTS}/kept/restore")
    assert [each["name"] for each in (await world.get(SNAPSHOTS)).json()] == ["kept"]
    await world.delete("/emulator/hosts/default")
    await world.put("/emulator/hosts/default", json={})
    assert (await world.get(SNAPSHOTS)).json() == []


async def test_all_hosts_are_reset(world: httpx.AsyncClient) -> None:
    await world.put("/emulator/hosts/node-9", json={"release": "ws2019"})
    await world.post("/hosts/node-9/v2/networks", json={"Name": "extra", "Type": "Private"})
    reset = await world.post("/emulator/reset")
    assert [host["name"] for host in reset.json()] == ["default", "node-1", "node-9"]
    names = [each["Name"] for each in (await world.get("/hosts/node-9/v2/networks")).json()]
    assert "extra" not in names
    assert (await world.get("/v2/endpoints")).json() == []


async def test_a_host_has_a_hundred_snapshots_at_the_most(client: httpx.AsyncClient) -> None:
    for number in range(100):
        await _save(client, f"s{number}")
    refused = await client.put(f"{SNAPSHOTS}/s100")
    assert refused.json()["Detail"] == "the host has 100 snapshots; delete one"
    await _save(client, "s99")


def test_a_thousand_endpoints_are_saved_and_brought_back_at_little_cost(hns: Hns) -> None:
    for name in ("a", "b", "c", "d"):
        network = overlay(hns, name)
        for _ in range(250):
            pod(hns, network, {"Type": "OutBoundNAT", "Settings": {"VirtualIP": "10.0.0.1"}})
    snapshots.save_snapshot(hns, "full")
    snapshots.restore_snapshot(hns, "full")  # statements are compiled now
    saving = calls(lambda: snapshots.save_snapshot(hns, "full"))
    restoring = calls(lambda: snapshots.restore_snapshot(hns, "full"))
    assert snapshots.compare_snapshot(hns, "full") == []
    assert len(state.get_state(hns)["endpoints"]) == 1000
    assert saving <= 1000 * CALLS_TO_SAVE
    assert restoring <= 1000 * CALLS_TO_RESTORE
