"""The requests about networks that the real dockerd answered, answered by the door."""

import json
from typing import Any

import httpx

from tests.docker.recordings import normalised, recorded

LINES = [
    line
    for line in recorded("raw")
    if "/networks" in line["request"][1] and not line["label"].startswith(("connect", "disconnect"))
]

# Wine has no text for these codes; Windows has.
IN_WORDS = {
    "overlapping subnet": ("winapi error #5010", "The object already exists."),
    "interface missing": ("winapi error #2151350278", "An adapter was not found."),
    "l2bridge no subnet": ("winapi error #2151350320", "The prefix provided is invalid."),
}
# The recorder removed its networks before it asked for the next one.
THROWN_AWAY = {"foo", "host", "bridge"}


async def test_the_door_answers_as_dockerd_did(client: httpx.AsyncClient) -> None:
    differing = {}
    for line in LINES:
        expected = _expected(line)
        answer = await _replay(client, line)
        found = (answer.status_code, normalised(_body(answer)))
        if found != expected:
            differing[line["label"]] = (found, expected)
    assert differing == {}


def _expected(line: dict[str, Any]) -> tuple[int, Any]:
    text = json.dumps(normalised(line["reply"]))
    wine, windows = IN_WORDS.get(line["label"], ("", ""))
    return line["status"], json.loads(text.replace(wine, windows))


async def _replay(client: httpx.AsyncClient, line: dict[str, Any]) -> httpx.Response:
    method, path, document = line["request"]
    if line["label"] == "inspect by prefix":
        front = (await client.get("/docker/networks/front")).json()["Id"]
        path = f"/v1.51/networks/{front[:10]}"
    name = document.get("Name") if isinstance(document, dict) else None
    if name in THROWN_AWAY:
        await client.delete(f"/docker/networks/{name}")
    if line["label"] in {"networks", "prune nothing"}:
        for left in (*THROWN_AWAY, "FRONT"):
            await client.delete(f"/docker/networks/{left}")
    body = document if isinstance(document, str) else json.dumps(document)
    kind = "text/plain" if line["label"] == "content type" else "application/json"
    content = None if document is None else body
    headers = {} if document is None else {"Content-Type": kind}
    return await client.request(method, f"/docker{path}", content=content, headers=headers)


def _body(answer: httpx.Response) -> Any:
    is_json = answer.headers.get("Content-Type") == "application/json"
    return answer.json() if is_json else answer.text
