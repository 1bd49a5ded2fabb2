"""/emulator/hosts/{name}/state: a host as a document, and a host of a document."""

import copy
import json
from typing import Any

import httpx
import pytest
import yaml

from tests.api.calls import WORKING, Call

STATE = "/emulator/hosts/default/state"
READING = [call.path for call in WORKING.values() if call.method == "GET"]


@pytest.fixture
async def full(world: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a host with objects of each kind, a counted packet and a container."""
    containers = "/docker/containers"
    await world.post("/docker/images/create?fromImage=iis&tag=latest")
    created = await world.post(f"{containers}/create?name=web", json={"Image": "iis"})
    started = await world.post(f"{containers}/{created.json()['Id']}/start")
    assert started.status_code == 204, started.text
    await world.post("/docker/volumes/create", json={"Name": "data"})
    traced = {**WORKING["tracePacket"].json, "Count": True}  # type: ignore[dict-item]
    assert (await world.post("/host/trace", json=traced)).status_code == 200
    return world


@pytest.mark.parametrize("text", ["json", "yaml"])
async def test_a_host_is_the_same_after_it_was_made_of_its_state(
    full: httpx.AsyncClient, text: str
) -> None:
    reading = [*READING, "/docker/containers/web/json", "/docker/networks", "/docker/volumes",
               "/docker/images/json", "/docker/containers/web/logs?stdout=1"]  # fmt: skip
    await full.put("/emulator/clock", json={"freeze": True})
    state = await full.get(f"{STATE}?format={text}")
    seen = [(await full.get(path)).text for path in reading]
    restored = await full.put(STATE, content=state.content)
    assert restored.status_code == 200, restored.text
    assert (await full.get(f"{STATE}?format={text}")).content == state.content
    again = [(await full.get(path)).text for path in reading]
    assert [path for path, a, b in zip(reading, seen, again, strict=True) if a != b] == []


async def test_a_state_makes_a_new_host_beside_the_old_one(full: httpx.AsyncClient) -> None:
    state = (await full.get(STATE)).json()
    copied = await full.put("/emulator/hosts/copy/state", json=state)
    assert (copied.status_code, copied.json()["name"]) == (201, "copy")
    of_copy = (await full.get("/emulator/hosts/copy/state")).json()
    assert of_copy["host"].pop("number") != state["host"].pop("number", 0)  # that one is taken
    assert of_copy == state


@pytest.mark.parametrize("wrong", [None, 7])
async def test_endpoints_of_networks_are_counted_whatever_a_state_says(
    full: httpx.AsyncClient, wrong: int | None
) -> None:
    seen = [await counted(full), (await full.get("/host/topology")).text]
    state = (await full.get(STATE)).json()
    for network in state["networks"]:
        network["current_endpoints"] = wrong
        if wrong is None:
            del network["current_endpoints"]
    assert (await full.put(STATE, json=state)).status_code == 200
    assert [await counted(full), (await full.get("/host/topology")).text] == seen


async def counted(client: httpx.AsyncClient) -> list[str]:
    """Return what /metrics says of the endpoints, which are as many as are listed."""
    shown = [line for line in (await client.get("/metrics")).text.splitlines()
             if line.startswith('hnsemu_objects{host="default",kind="endpoints"}')]  # fmt: skip
    number = len((await client.get("/v2/endpoints")).json())
    assert shown == [f'hnsemu_objects{{host="default",kind="endpoints"}} {number}.0']
    return shown


async def test_members_are_sorted_and_yaml_says_what_json_says(full: httpx.AsyncClient) -> None:
    as_json = await full.get(STATE)
    as_yaml = await full.get(STATE, headers={"Accept": "application/yaml"})
    assert yaml.safe_load(as_yaml.text) == as_json.json()
    compact = {"sort_keys": True, "separators": (",", ":"), "ensure_ascii": False}
    assert json.dumps(as_json.json(), **compact) == as_json.text  # type: ignore[arg-type]
    assert as_json.json()["format"] == 1


async def test_new_objects_are_made_as_if_nothing_had_happened(full: httpx.AsyncClient) -> None:
    await full.put(STATE, content=(await full.get(STATE)).content)
    for operation in ("createNetwork", "createEndpoint", "createNamespace", "reservePorts"):
        call = WORKING[operation]
        answer = await call.send(full)
        assert answer.status_code == call.status, answer.text


async def test_listeners_are_told_to_read_again(full: httpx.AsyncClient) -> None:
    state = (await full.get(STATE)).content
    resumed = "/v2/notifications?after=1"
    await full.put(STATE, content=state)
    assert (await full.get(resumed)).status_code == 410


async def test_the_service_is_a_stream_of_hosts(full: httpx.AsyncClient) -> None:
    for text in ("json", "yaml"):
        stream = await full.get(f"/emulator/state?format={text}")
        await full.put("/emulator/hosts/extra", json={})
        await full.delete("/emulator/hosts/node-1")
        restored = await full.put("/emulator/state", content=stream.content)
        assert [host["name"] for host in restored.json()] == ["default", "node-1"]
        assert (await full.get(f"/emulator/state?format={text}")).content == stream.content


async def test_one_wrong_host_of_a_stream_changes_none(full: httpx.AsyncClient) -> None:
    before = await full.get("/emulator/state")
    hosts = [json.loads(line) for line in before.text.splitlines()]
    hosts[1]["state"]["host"]["release"] = "ws1999"
    body = "\n".join(map(json.dumps, hosts)).encode()
    refused = await full.put("/emulator/state", content=body)
    assert refused.status_code == 400
    assert refused.json()["Detail"].startswith('node-1: host.release: "ws1999" is not one of ')
    assert (await full.get("/emulator/state")).content == before.content


def _with(path: str, value: Any) -> Any:
    """Return a function that sets a member of a document; None removes it."""

    def change(document: Any) -> None:
        *above, last = [int(part) if part.isdecimal() else part for part in path.split("/")]
        for part in above:
            document = document[part]
        if value is None:
            del document[last]
        else:
            document[last] = value

    return change


UNKNOWN = "11111111-2222-3333-4444-555555555555"
WRONG = {
    "format: 2 is newer than 1, the newest that this version reads": _with("format", 2),
    "format: must be 1; send what GET answered": _with("format", "1"),
    "host: is missing": _with("host", None),
    "colour: is unknown; leave it out": _with("colour", 1),
    "host.colour: is unknown; leave it out": _with("host/colour", 1),
    "host.definition: hns_version: ": _with("host/definition", {"hns_version": [1, 1]}),
    "host.definition.journal: must be true or false, not {}": _with(
        "host/definition", {"journal": {}}
    ),
    "host.definition.adapters[0].wireless: must be true or false, not []": _with(
        "host/definition", {"adapters": [{"name": "LAN", "wireless": []}]}
    ),
    "host.definition.external_switches[0].adapters: is missing": _with(
        "host/definition", {"external_switches": [{"name": "Uplink"}]}
    ),
    "host.definition.colour: is unknown; leave it out": _with("host/definition", {"colour": 1}),
    "host: cannot be read; send what GET answered": _with("host/versions", {"hns": [0, 5]}),
    "adapters[0].name: is longer than 65536 characters": _with("adapters/0/name", "x" * 65_537),
    "networks: must be a list": _with("networks", {}),
    "networks[0]: must be an object, not 5": _with("networks/0", 5),
    "networks[0].id: is missing": _with("networks/0/id", None),
    "networks[0].id: 5": _with("networks/0/id", "5"),
    f"networks[0].switch: the document has no {UNKNOWN} among its vswitches": _with(
        "networks/0/switch", UNKNOWN
    ),
    f"endpoints[0].network: the document has no {UNKNOWN} among its networks": _with(
        "endpoints/0/network", UNKNOWN
    ),
    "endpoints[0].ip_configurations[0].ip_address: ": _with(
        "endpoints/0/ip_configurations/0/ip_address", "10.0.0"
    ),
    "networks[0].policies[0].type: no policy 'Nonsense' can be there": _with(
        "networks/0/policies", [{"type": "Nonsense"}]
    ),
    "networks[0].policies[0].settings: is not JSON text": _with(
        "networks/0/policies", [{"type": "ProviderAddress", "settings": "{"}]
    ),
    "docker.daemons: is unknown; leave it out": _with("docker/daemons", []),
    "docker: cannot be read: config has no ArgsEscaped": _with("docker/containers/0/config", "{}"),
}


@pytest.mark.parametrize("sentence", WRONG)
async def test_the_first_wrong_member_is_named_and_nothing_changes(
    full: httpx.AsyncClient, sentence: str
) -> None:
    before = await full.get(STATE)
    document = copy.deepcopy(before.json())
    WRONG[sentence](document)
    refused = await full.put(STATE, json=document)
    assert refused.status_code == 400, refused.text
    expected = sentence.replace("id: 5", 'id: "5" is not a GUID')
    assert refused.json()["Detail"].startswith(expected)
    assert (await full.get(STATE)).content == before.content
    elsewhere = await full.put("/emulator/hosts/fresh/state", json=document)
    assert elsewhere.status_code == 400
    assert (await full.get("/emulator/hosts/fresh")).status_code == 404


async def test_two_rows_that_exclude_each_other_are_refused(full: httpx.AsyncClient) -> None:
    before = await full.get(STATE)
    twice = before.json()
    twice["networks"].append(twice["networks"][0])
    refused = await full.put(STATE, json=twice)
    assert f"{twice['networks'][0]['id']} is there twice" in refused.json()["Detail"]
    clash = before.json()
    clash["accelnet_macs"] = []
    clash["namespaces"][0].setdefault("resources", []).append({})
    refused = await full.put(STATE, json=clash)
    assert refused.status_code == 400
    assert refused.json()["Detail"].startswith("namespaces")
    assert (await full.get(STATE)).content == before.content


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b'{"format": 1, "host": {', "the body is not valid JSON"),
        (b"format: [1", "the body is not valid YAML"),
        (b"format: &a 1\nhost: *a", "line 1: an anchor or alias; write it out"),
        (b"a: " + b"[" * 100 + b"]" * 100, "line 1: nested more than 32 deep"),
        (
            b"format: 1\n---\nformat: 1",
            "the body has 2 documents; send one; PUT /emulator/state takes",
        ),
        (b"# nothing", "the body has 0 documents; send one"),
        (b"", "format: must be 1"),
        (b"host: !!python/object:os.system {}", "line 1: the tag "),
        (b"x: '" + b"x" * 5_000_000 + b"'", "YAML of more than 4194304 bytes is not read"),
    ],
)
async def test_a_text_that_is_no_document_is_refused(
    client: httpx.AsyncClient, body: bytes, sentence: str
) -> None:
    refused = await client.put(STATE, content=body)
    assert refused.status_code == 400
    assert sentence in refused.json()["Detail"]


async def test_a_body_of_200_mb_is_refused_before_it_is_read(client: httpx.AsyncClient) -> None:
    refused = await client.put(STATE, content=b" " * 1024, headers={"Content-Length": "200000000"})
    assert refused.status_code == 413
    assert "HNSEMU_BODY_LIMIT" in refused.json()["Detail"]


async def test_an_unknown_format_is_refused(client: httpx.AsyncClient) -> None:
    refused = await Call("GET", f"{STATE}?format=xml", 400).send(client)
    assert refused.json()["Detail"] == "format: 'xml' is unknown; use json or yaml"
