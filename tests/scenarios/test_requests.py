"""Every collected request of a real client is answered as the client needs it."""

import json

import httpx
import pytest

from tests.scenarios import requests

# What Windows refuses, with the code it refuses with.
REFUSED = {
    "kube-proxy--loadbalancer-create-no-backends": 0x803B001C,
}

NAT = '{"Name": "nat"}'

HOST: dict[str, object] = {
    "release": "ws2025",
    "adapters": [
        {"name": "Ethernet", "address": "10.127.130.35/24", "gateway": "10.127.130.1"},
        {
            "name": "Ethernet 2",
            "address": "10.127.131.35/24",
            "gateway": "10.127.131.1",
        },
        {
            "name": "Ethernet 3",
            "address": "10.127.132.35/24",
            "gateway": "10.127.132.1",
        },
        {"name": "LoopbackAdapterHostNCConnectivity", "address": "169.254.128.1/17"},
    ],
    "external_switches": [{"name": "Uplink", "adapters": ["Ethernet 3"]}],
}


@pytest.mark.parametrize("name", requests.names())
async def test_request_is_answered(name: str, client: httpx.AsyncClient) -> None:
    host = f"/hosts/{name.replace('--', '-').lower()[:60].rstrip('-')}"
    definition = await client.put(f"/emulator{host}", json=_host(name))
    assert definition.status_code == 201, definition.text
    request = requests.load(name)
    if name == "moby--nat-network-create-auto":  # Docker's own network has the name of ours
        (nat,) = (
            await client.get(f"{host}/v2/networks", params={"view": "ids", "query": NAT})
        ).json()
        await client.delete(f"{host}/v2/networks/{nat}")
    for call in requests.before(name, request):
        prepared = await _send(client, host, call)
        assert prepared.is_success, f"{call}: {prepared.text}"
    call = requests.call_of(request)
    if "layer" in name:
        switches = (await client.get(f"{host}/v2/networks")).json()
        layer = next(n for n in switches if n["Name"] == "Uplink")["Health"]["Extra"]["LayeredOn"]
        body = request["body"]
        body["Policies"][0]["Settings"]["LayerId"] = layer
        call = requests.Call(call.method, call.path, json.dumps(body))
    answer = await _send(client, host, call)
    if name in REFUSED:
        assert answer.json()["ErrorCode"] == REFUSED[name]
        return
    assert answer.is_success, answer.text
    if call.path.startswith("/v1"):
        assert answer.json()["Success"] is True, answer.text


def _host(name: str) -> dict[str, object]:
    """Return the host's definition; its name is in the path."""
    if "accelnet" in name:
        return {**HOST, "external_switches": []}
    return HOST


async def _send(client: httpx.AsyncClient, host: str, call: requests.Call) -> httpx.Response:
    return await client.request(
        call.method, host + call.path, content=call.content, params=call.params
    )


def test_there_are_requests_to_replay() -> None:
    assert len(requests.names()) == 136
