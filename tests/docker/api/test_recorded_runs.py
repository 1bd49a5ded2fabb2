"""Containers as the real dockerd 28.5.2 ran them: the same calls, answers and endpoints of HNS.

The recording is in tests/requests/dockerd/runs.jsonl. Its host had three adapters, a NAT network
of 172.16.0.0/16 before Docker came, and an image called web that exposes port 80. Ids, addresses
that nobody chose, and ports that nobody named are compared by their kind.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from hnsemu.docker.domain.images import Image, digest_of
from hnsemu.docker.services import hns as hns_calls
from hnsemu.docker.storage import images
from hnsemu.domain.endpoints import Endpoint
from hnsemu.storage.transaction import Hns, Transaction, writes

RECORDING = Path(__file__).parents[2] / "requests" / "dockerd" / "runs.jsonl"
HOST = "recorded"
DOOR = f"/hosts/{HOST}/docker/v1.51"
FIRST_RANDOM_PORT = 18000

_ID = re.compile(r"\b[0-9a-f]{64}\b")
_SHORT_ID = re.compile(r"\b[0-9a-f]{12}\b")
_NOT_COMPARED = ("EndpointID", "NetworkID", "IPAddress", "MacAddress", "Gateway")


@writes
def pull_web(tx: Transaction) -> None:
    """Keep the image of the recording."""
    config: dict[str, Any] = {
        "Cmd": ["serve.exe"],
        "Entrypoint": None,
        "Env": None,
        "ExposedPorts": {"80/tcp": {}},
        "Labels": {"tag": "web:latest"},
    }
    images.create(tx, Image(digest_of("web"), tx.now, ("web:latest",), config))


@pytest.fixture
async def sent(
    service: FastAPI, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> list[dict[str, Any]]:
    """Prepare the host of the recording; return where the documents of endpoints gather."""
    await client.put(f"/emulator/hosts/{HOST}", json={})
    network = {"Name": "nat", "Type": "nat", "Subnets": [{"AddressPrefix": "172.16.0.0/16"}]}
    await client.post(f"/hosts/{HOST}/v1/networks", json=network)
    await client.get(f"{DOOR}/networks")
    held = service.state.service
    pull_web(Hns(held.database, HOST, held.source))
    documents: list[dict[str, Any]] = []
    create = hns_calls.create_endpoint

    def create_and_note(
        tx: Transaction, document: Mapping[str, object], container_id: str
    ) -> Endpoint:
        documents.append(dict(document))
        return create(tx, document, container_id)

    monkeypatch.setattr(hns_calls, "create_endpoint", create_and_note)
    return documents


async def test_every_call_is_answered_as_by_dockerd(
    client: httpx.AsyncClient, sent: list[dict[str, Any]]
) -> None:
    differences = []
    last = ""
    chosen = "10.0.0.1"
    for step in map(json.loads, translated(RECORDING.read_text()).splitlines()):
        label, sent[:] = step["label"], []
        if "inspect" in step:
            name = label.removeprefix("inspect ")
            found = (await client.get(f"{DOOR}/containers/{name}/json")).json()
            expected, seen = shown(step["inspect"]), shown(summary(found))
            if label == "inspect web1" and "two networks" in last:
                expected["Ports"] = seen["Ports"]  # a random one of the two publishes
        else:
            last = label
            if label == "ip on auto: create":
                chosen = await address_on(client, "auto")
            await clear(client, label)
            call, reply = step["calls"][0], step["replies"][0]
            call = json.loads(json.dumps(call).replace("172.19.96.9", chosen))
            answer = await client.request(call[0], DOOR + call[1], json=(call[2:] or [None])[0])
            endpoints = [
                json.loads(body)
                for method, path, body in step["hns"]
                if (method, path) == ("POST", "/endpoints/")
            ]
            expected = {"answer": [reply[0], text(reply[1])], "sent": documents(endpoints)}
            body = answer.json() if answer.content else ""
            seen = {"answer": [answer.status_code, text(body)], "sent": documents(sent)}
            if "two networks" in label:
                expected["sent"], seen["sent"] = in_any_order(expected), in_any_order(seen)
        expected = json.loads(json.dumps(expected).replace("172.19.96.9", chosen))
        if expected != seen:
            differences.append((label, expected, seen))
    assert not differences


UNTRANSLATED = {
    "winapi error #2151350291": "The specified port already exists.",
    "winapi error #2151350294": "Port mapping is not supported on the given network.",
}
"""Texts of HNS that Wine did not know when the daemon was recorded."""


def translated(recording: str) -> str:
    """Return a recording with the texts that Windows has for HNS' codes."""
    for untranslated, translation in UNTRANSLATED.items():
        recording = recording.replace(untranslated, translation)
    return recording


async def clear(client: httpx.AsyncClient, label: str) -> None:
    """Remove the container that the step creates, as the recorder did."""
    if label.endswith(": create"):
        names = ["web2"] if label.startswith(("taken", "range", "hostip", "container:")) else []
        for name in names or ["web1", "web2"]:
            await client.delete(f"{DOOR}/containers/{name}?force=1")


async def address_on(client: httpx.AsyncClient, network: str) -> str:
    """Return the ninth address of a network whose subnet HNS chose."""
    found = (await client.get(f"{DOOR}/networks/{network}")).json()
    subnet = found["IPAM"]["Config"][0]["Subnet"]
    return str(subnet.partition("/")[0].rpartition(".")[0] + ".9")


def summary(found: dict[str, Any]) -> dict[str, Any]:
    """Return what the recording kept of inspect."""
    settings = found["NetworkSettings"]
    return {
        "State": {
            name: found["State"][name] for name in ("Status", "Running", "ExitCode", "Error")
        },
        "SandboxKey": settings["SandboxKey"],
        "Ports": settings["Ports"],
        "Networks": settings["Networks"],
        "NetworkMode": found["HostConfig"]["NetworkMode"],
    }


def shown(kept: dict[str, Any]) -> dict[str, Any]:
    """Return what inspect showed, as far as it can be the same twice."""
    networks = {
        name: {
            member: bool(value) if member in _NOT_COMPARED else value
            for member, value in endpoint.items()
        }
        for name, endpoint in kept["Networks"].items()
    }
    ports = {
        port: targets and [port_kind(target["HostPort"]) for target in targets]
        for port, targets in kept["Ports"].items()
    }
    seen = {**kept, "Networks": networks, "Ports": ports}
    return dict(json.loads(text(seen)))


def port_kind(port: str) -> str:
    """Return a port that was named as it is, another one as any."""
    return port if int(port) < FIRST_RANDOM_PORT else "any"


def documents(sent: list[dict[str, Any]]) -> list[list[Any]]:
    """Return documents as lists of members, since their order counts."""
    for document in sent:
        document["VirtualNetwork"] = "<GUID>"
        for policy in document.get("Policies", ()):
            if policy.get("ExternalPort", 0) >= FIRST_RANDOM_PORT:
                policy["ExternalPort"] = "any"
    return [list(map(list, document.items())) for document in sent]


def in_any_order(step: dict[str, Any]) -> int:
    """Return how many endpoints were made; which of them publishes is a matter of chance."""
    return len(step["sent"])


def text(value: object) -> str:
    """Return a reply without ids."""
    return _SHORT_ID.sub("<short>", _ID.sub("<id>", json.dumps(value)))
