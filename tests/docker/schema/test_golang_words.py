"""Documents of another shape are refused in the words of Go's own decoder.

The words were recorded of Go 1.24.9 with the structs of dockerd 28.5.2: tools/docker_json.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from hnsemu.docker.api import connections, system
from hnsemu.docker.errors import DockerError
from hnsemu.docker.schema.containers import CREATION, UPDATE
from hnsemu.docker.schema.execs import EXEC, START
from hnsemu.docker.schema.golang import read_document
from hnsemu.docker.schema.networks import CREATE_REQUEST
from hnsemu.docker.schema.shapes import Struct
from hnsemu.docker.schema.volumes import CREATE_OPTIONS

REQUESTS = {
    "container": CREATION,
    "update": UPDATE,
    "exec": EXEC,
    "start": START,
    "network": CREATE_REQUEST,
    "connect": connections.CONNECT,
    "disconnect": connections.DISCONNECT,
    "volume": CREATE_OPTIONS,
    "credentials": system.CREDENTIALS,
}
FACTS = Path(__file__).parents[2] / "facts" / "docker_json.jsonl"
VALUES, *LINES = map(json.loads, FACTS.read_text().splitlines())


def body(path: Sequence[str], value: str) -> bytes:
    """Return a document with a value at the end of a path."""
    for name in reversed(path):
        value = {"[]": f"[{value}]", "{}": f'{{"nat": {value}}}'}.get(
            name, f"{{{json.dumps(name)}: {value}}}"
        )
    return value.encode()


def said(shape: Struct, document: bytes) -> str:
    """Return what is said of a document, "" where nothing is."""
    try:
        read_document(document, "application/json", shape)
    except DockerError as refusal:
        return refusal.message.removeprefix("invalid JSON: json: cannot unmarshal ")
    return ""


@pytest.mark.parametrize("request_name", REQUESTS)
def test_every_member_is_refused_as_go_does(request_name: str) -> None:
    members = [line for line in LINES if line["request"] == request_name]
    shape = REQUESTS[request_name]
    found = {
        ".".join(line["path"]): [
            said(shape, body(line["path"], value)) for value in VALUES["values"]
        ]
        for line in members
    }
    assert found == {".".join(line["path"]): line["says"] for line in members}
