"""Bodies of every wrong shape: Docker's refusal, or an object that works; nothing by halves."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from hnsemu.docker.api import connections
from hnsemu.docker.schema.containers import CREATION, UPDATE
from hnsemu.docker.schema.execs import EXEC
from hnsemu.docker.schema.networks import CREATE_REQUEST
from hnsemu.docker.schema.shapes import List, Map, Pointer, Struct
from hnsemu.docker.schema.volumes import CREATE_OPTIONS

Json = dict[str, Any]

VALUES = {
    "null": "null",
    "true": "true",
    "minus one": "-1",
    "fraction": "1.5",
    "beyond 64 bits": str(1 << 63),
    "beyond all numbers": "1e999",
    "empty text": '""',
    "text": '"text"',
    "nul": '"a\\u0000b"',
    "half a surrogate pair": '"\\ud800"',
    "long text": json.dumps("x" * 70_000),
    "empty list": "[]",
    "list of texts": '["text", "text", "80/tcp"]',
    "list of nulls": "[null]",
    "list of objects": "[{}]",
    "empty object": "{}",
    "object": '{"text": "text", "80/tcp": [{"HostPort": "1"}], "": null}',
    "object of objects": '{"nat": {}, "a\\u0000": {}}',
    "depth of 1,000": "[" * 1_000 + "]" * 1_000,
}

OTHERS = {
    "/networks/create": (CREATE_REQUEST, '"Name": "shop", "Driver": "nat"'),
    "/networks/nat/connect": (connections.CONNECT, '"Container": "idle"'),
    "/networks/nat/disconnect": (connections.DISCONNECT, '"Container": "idle"'),
    "/containers/idle/update": (UPDATE, ""),
    "/containers/idle/exec": (EXEC, '"Cmd": ["hostname"]'),
    "/volumes/create": (CREATE_OPTIONS, '"Name": "data"'),
}


def paths(shape: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the way to every member of a Go struct; a list or a map is entered once."""
    if path:
        yield path
    if isinstance(shape, Pointer):
        shape = shape.of
    if isinstance(shape, Struct):
        for name, member in shape.fields.items():
            yield from paths(member, (*path, name))
    elif isinstance(shape, List):
        yield from paths(shape.of, (*path, "[]"))
    elif isinstance(shape, Map):
        yield from paths(shape.of, (*path, "80/tcp" if "Ports" in path[-1] else "nat"))


def body(path: tuple[str, ...], value: str, others: str) -> str:
    """Return a document with a value at the end of a path, and other members beside it."""
    for name in reversed(path):
        value = f"[{value}]" if name == "[]" else f'{{"{name}": {value}}}'
    is_said = f'"{path[0]}"' in others
    return value if is_said or not others else f"{{{others}, {value[1:]}"


def is_dockers(answer: httpx.Response) -> bool:
    """Tell whether dockerd could have given an answer: a fault of the service is none of its."""
    return answer.status_code < 400 or (
        set(answer.json()) == {"message"} and "hnsemu" not in answer.json()["message"]
    )


async def post(client: httpx.AsyncClient, path: str, document: str) -> httpx.Response:
    """Post a body as it is."""
    headers = {"Content-Type": "application/json"}
    return await client.post(f"/docker{path}", content=document.encode(), headers=headers)


async def created(client: httpx.AsyncClient, name: str, **members: Any) -> httpx.Response:
    """Create a container."""
    wanted = {"Image": "iis", **members}
    return await client.post(f"/docker/containers/create?name={name}", json=wanted)


@pytest.fixture
async def docker(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a host that has an image and a container that does not run."""
    await client.post("/docker/images/create?fromImage=iis")
    assert (await created(client, "idle")).status_code == 201
    return client


async def faults_of(docker: httpx.AsyncClient, container: str) -> list[str]:
    """Start, look at and remove a container; return what goes wrong on the way."""
    path = f"/docker/containers/{container}"
    answers = [
        await docker.post(f"{path}/start"),
        await docker.get(f"{path}/json"),
        await docker.get("/docker/containers/json?all=1"),
        await docker.get("/docker/networks/nat"),
        await docker.delete(f"{path}?force=1&v=1"),
    ]
    is_gone = (await docker.get(f"{path}/json")).status_code == 404
    wrong = [answer.text for answer in answers if not is_dockers(answer)]
    return wrong if is_gone else [*wrong, answers[-1].text]


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
async def test_a_container_of_any_shape_is_refused_or_works(
    docker: httpx.AsyncClient, value: str
) -> None:
    before = (await docker.get("/v1/endpoints")).json()
    faults = {}
    for path in paths(CREATION):
        answer = await post(
            docker, "/containers/create?name=web", body(path, value, '"Image": "iis"')
        )
        if answer.status_code == 201:
            faults[path] = await faults_of(docker, "web")
        elif not is_dockers(answer):
            faults[path] = [answer.text]
    assert {path: found for path, found in faults.items() if found} == {}
    assert len((await docker.get("/docker/containers/json?all=1")).json()) == 1
    assert (await docker.get("/v1/endpoints")).json() == before


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
async def test_other_bodies_of_any_shape_are_answered_as_docker_does(
    docker: httpx.AsyncClient, value: str
) -> None:
    faults = {}
    for call, (shape, others) in OTHERS.items():
        for path in paths(shape):
            answer = await post(docker, call, body(path, value, others))
            if not is_dockers(answer):
                faults[call, path] = answer.text
            if answer.status_code == 201 and call == "/networks/create":
                network = answer.json()["Id"]
                shown = await docker.get(f"/docker/networks/{network}")
                gone = await docker.delete(f"/docker/networks/{network}")
                assert (shown.status_code, gone.status_code) == (200, 204)
    assert faults == {}
    for listed in ("containers/json?all=1", "networks", "volumes", "containers/idle/json"):
        assert (await docker.get(f"/docker/{listed}")).status_code == 200


async def test_a_hundred_thousand_labels_and_ports_are_kept(docker: httpx.AsyncClient) -> None:
    labels = {f"label-{number}": "x" for number in range(100_000)}
    ports: Json = {
        f"{number % 65535 + 1}/{('tcp', 'udp')[number // 65535]}": {} for number in range(100_000)
    }
    for name, members in (("labelled", {"Labels": labels}), ("open", {"ExposedPorts": ports})):
        assert (await created(docker, name, **members)).status_code == 201
        assert await faults_of(docker, name) == []


@pytest.mark.parametrize(
    "port",
    ["1-65535/tcp", "80-79", "1-70000", "0", "-1", "80-", "-80", "80/", "/", "", "80/x", "٣"],
)
async def test_a_range_of_ports_is_refused_or_works(docker: httpx.AsyncClient, port: str) -> None:
    binding = {"PortBindings": {port: [{"HostPort": port}]}}
    wanted: list[Json] = [{"ExposedPorts": {port: {}}}, {"HostConfig": binding}]
    for members in wanted:
        answer = await created(docker, "web", **members)
        if answer.status_code == 201:
            assert await faults_of(docker, "web") == []
        else:
            assert (answer.status_code, is_dockers(answer)) == (400, True), answer.text


async def test_a_binding_to_a_range_without_an_end_is_refused(docker: httpx.AsyncClient) -> None:
    bindings = {"80/tcp": [{"HostPort": "8080-"}]}
    answer = await created(docker, "web", HostConfig={"PortBindings": bindings})
    expected = {"message": 'invalid port specification: "8080-"'}
    assert (answer.status_code, answer.json()) == (400, expected)


async def test_what_is_exposed_need_be_no_port(docker: httpx.AsyncClient) -> None:
    exposed: Json = {"80-/tcp": {}, "81/x": {}, "82": {}, "\u0663": {}, "9" * 5000: {}}
    assert (await created(docker, "web", ExposedPorts=exposed)).status_code == 201
    assert (await docker.post("/docker/containers/web/start")).status_code == 204
    shown = (await docker.get("/docker/containers/web/json")).json()["NetworkSettings"]["Ports"]
    assert shown == dict.fromkeys(("0/tcp", "81/0", "82/tcp"))
    [listed] = (await docker.get("/docker/containers/json")).json()
    assert {"PrivatePort": 81, "Type": "0"} in listed["Ports"]
    assert await faults_of(docker, "web") == []


async def test_all_ports_of_a_container_are_published_or_none(docker: httpx.AsyncClient) -> None:
    before = (await docker.get("/host/nat")).json()
    exposed: Json = {f"{number}/tcp": {} for number in range(1, 65536)}
    published = {"PublishAllPorts": True}
    answer = await created(docker, "web", ExposedPorts=exposed, HostConfig=published)
    assert answer.status_code == 201
    started = await docker.post("/docker/containers/web/start")
    assert (started.status_code, is_dockers(started)) == (500, True)
    assert (await docker.get("/host/nat")).json() == before
    shown = (await docker.get("/docker/containers/web/json")).json()
    assert (shown["State"]["Status"], shown["State"]["ExitCode"]) == ("created", 128)
