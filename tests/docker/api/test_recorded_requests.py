"""The other requests that the real dockerd answered: containers, connections, every call."""

import json
from typing import Any

import httpx

from tests.docker.recordings import normalised, recorded

LINES = [
    line
    for line in recorded("raw")
    if "/networks" not in line["request"][1] or "connect" in line["label"]
]

# Members that differ, and why.
DIFFERING = {
    "info": {
        "Debug", "Images", "MemTotal", "NGoroutines", "Name", "OperatingSystem", "Warnings",
    },  # of the recorder's machine; tests/docker/api/test_system.py has a reason for each
    "inspect created": {"Config"},  # the recorder's image exposes 80/tcp and has a label
    "inspect after that": {"Config"},
}  # fmt: skip


async def test_the_door_answers_as_dockerd_did(client: httpx.AsyncClient) -> None:
    await client.post("/docker/images/create?fromImage=web&tag=latest")
    differing = {}
    for line in LINES:
        method, path, document = line["request"]
        body = document if isinstance(document, str) else json.dumps(document)
        headers = {} if document is None else {"Content-Type": "application/json"}
        content = None if document is None else body
        answer = await client.request(method, f"/docker{path}", content=content, headers=headers)
        expected, reply = normalised(line["reply"]), normalised(_body(answer))
        members = _differing_members(expected, reply)
        is_known = members == DIFFERING.get(line["label"], set())
        if answer.status_code != line["status"] or not is_known:
            differing[line["label"]] = (answer.status_code, members, reply, expected)
    assert differing == {}


def _differing_members(expected: Any, found: Any) -> set[str]:
    """Return the members in which two documents differ; "" for the whole of other replies."""
    if not (isinstance(expected, dict) and isinstance(found, dict)):
        return set() if expected == found else {""}
    names = expected.keys() | found.keys()
    return {name for name in names if expected.get(name, ...) != found.get(name, ...)}


def _body(answer: httpx.Response) -> Any:
    is_json = answer.headers.get("Content-Type") == "application/json"
    return answer.json() if is_json else answer.text
