"""What diagnostics ask HNS 1 for, and the switch extensions they turn on."""

import httpx
import pytest

from hnsemu.api.examples import GUEST_NETWORK_SERVICE, HNS_ENDPOINT, HNS_NETWORK
from tests.api.calls import WORLD

NDIS_CAPTURE = "430BDADD-BAB0-41AB-A369-94B67FA5BE0A"


@pytest.fixture
async def world(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a host on which one of everything exists."""
    for call in WORLD:
        assert (await call.send(client)).status_code == call.status
    return client


async def output(client: httpx.AsyncClient, path: str) -> object:
    """Return the Output of a GET."""
    envelope = (await client.get(path)).json()
    assert envelope["Success"] is True
    return envelope["Output"]


async def test_the_activity_of_an_object_is_the_one_it_names(world: httpx.AsyncClient) -> None:
    network = await output(world, f"/v1/networks/{HNS_NETWORK}")
    listed = await output(world, "/v1/activities")
    assert isinstance(network, dict)
    assert isinstance(listed, list)
    activities = {activity["EntityId"]: activity for activity in listed}
    assert activities[HNS_NETWORK.upper()]["ID"] == network["ActivityId"]
    assert {activity["Entity"] for activity in listed} == {
        "Network",
        "Endpoint",
        "Namespace",
        "PolicyList",
    }


async def test_port_pools_show_who_has_which_ports(world: httpx.AsyncClient) -> None:
    pools = await output(world, "/v1/portpools")
    assert isinstance(pools, dict)
    (allocation,) = pools["PortPoolAllocations"]
    assert allocation["Owner"] == GUEST_NETWORK_SERVICE.upper()
    assert (allocation["StartingPort"], allocation["EndingPort"]) == (8443, 8443)


async def test_addresses_are_those_of_the_endpoint(world: httpx.AsyncClient) -> None:
    shown = await output(world, f"/v1/endpointaddresses/{HNS_ENDPOINT}")
    twin = (await world.get(f"/v2/endpoints/{HNS_ENDPOINT}/addresses")).json()
    assert isinstance(shown, dict)
    assert shown["IpConfigurations"] == twin["IpConfigurations"]
    assert shown["EndpointId"].lower() == twin["EndpointId"]


async def test_detailed_is_at_least_what_get_shows(world: httpx.AsyncClient) -> None:
    detailed = await output(world, f"/v1/endpoints/{HNS_ENDPOINT}/detailed")
    assert detailed == await output(world, f"/v1/endpoints/{HNS_ENDPOINT}")


@pytest.mark.parametrize("enabled", [True, False])
async def test_a_post_turns_an_extension_on_and_off(
    world: httpx.AsyncClient, *, enabled: bool
) -> None:
    path = f"/v1/networks/{HNS_NETWORK}"
    document = {"Extensions": [{"Id": NDIS_CAPTURE, "IsEnabled": enabled}]}
    answered = (await world.post(path, json=document)).json()
    assert answered["Success"] is True
    shown = await output(world, path)
    assert isinstance(shown, dict)
    assert shown == answered["Output"]
    states = {extension["Id"]: extension["IsEnabled"] for extension in shown["Extensions"]}
    assert states[NDIS_CAPTURE] is enabled
