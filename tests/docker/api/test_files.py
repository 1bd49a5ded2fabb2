"""docker cp: files that are put into containers come back, and go with them."""

import io
import json
import tarfile
from base64 import b64decode

import httpx
import pytest

from hnsemu.docker.domain.files import File, Kind
from hnsemu.docker.schema.archives import archive

ARCHIVE = "/docker/containers/web/archive"
CONFIG = archive([("app/web.config", File("", Kind.FILE, b"<xml/>"))])


@pytest.fixture
async def web(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Make a container."""
    await client.post("/docker/images/create?fromImage=iis")
    made = await client.post("/docker/containers/create?name=web", json={"Image": "iis"})
    assert made.status_code == 201, made.text
    return client


async def test_what_is_put_comes_back_until_the_container_goes(web: httpx.AsyncClient) -> None:
    put = await web.put(ARCHIVE, params={"path": "C:\\"}, content=CONFIG)
    assert (put.status_code, put.content) == (200, b"")
    await web.post("/docker/containers/web/start")
    got = await web.get(ARCHIVE, params={"path": "/app"})
    assert got.headers["content-type"] == "application/x-tar"
    stat = json.loads(b64decode(got.headers["x-docker-container-path-stat"]))
    assert (stat["name"], stat["mode"]) == ("app", 0x80000000 | 0o777)
    with tarfile.open(fileobj=io.BytesIO(got.content)) as tar:
        assert tar.getnames() == ["app", "app/web.config"]
        assert tar.extractfile("app/web.config").read() == b"<xml/>"  # type: ignore[union-attr]
    await web.delete("/docker/containers/web?force=1")
    await web.post("/docker/containers/create?name=web", json={"Image": "iis"})
    gone = await web.head(ARCHIVE, params={"path": "/app"})
    assert (gone.status_code, gone.content) == (404, b"")


async def test_copies_are_told_and_shown_as_changes(web: httpx.AsyncClient) -> None:
    assert (await web.get("/docker/containers/web/changes")).json() is None
    await web.put(ARCHIVE, params={"path": "/"}, content=CONFIG)
    await web.get(ARCHIVE, params={"path": "/app/web.config"})
    told = await web.get("/docker/events", params={"since": "0", "until": "0s"})
    actions = [json.loads(line)["Action"] for line in told.text.splitlines()]
    assert actions[-2:] == ["extract-to-dir", "archive-path"]
    changes = (await web.get("/docker/containers/web/changes")).json()
    assert [change["Path"] for change in changes] == ["Files/app", "Files/app/web.config"]


async def test_a_refused_archive_leaves_nothing(web: httpx.AsyncClient) -> None:
    bad = archive([("good", File("", Kind.FILE)), ("../bad", File("", Kind.FILE))])
    refused = await web.put(ARCHIVE, params={"path": "/app"}, content=bad)
    assert refused.status_code == 500
    assert refused.json() == {"message": '"../bad" is outside of "\\app"'}
    missing = await web.get(ARCHIVE, params={"path": "/app"})
    message = "Could not find the file /app in container web"
    assert (missing.status_code, missing.json()["message"]) == (404, message)
    nothing = await web.get(ARCHIVE)
    message = "bad parameter: pathcannot be empty"
    assert (nothing.status_code, nothing.json()["message"]) == (400, message)


async def test_files_in_a_utility_vm_are_out_of_reach(web: httpx.AsyncClient) -> None:
    document = {"Image": "iis", "HostConfig": {"Isolation": "hyperv"}}
    await web.post("/docker/containers/create?name=vm", json=document)
    path = ARCHIVE.replace("web", "vm")
    assert (await web.put(path, params={"path": "/"}, content=CONFIG)).status_code == 200
    await web.post("/docker/containers/vm/start")
    refused = await web.get(path, params={"path": "/app"})
    assert refused.status_code == 500
    message = "filesystem operations against a running Hyper-V container are not supported"
    assert refused.json() == {"message": message}


async def test_files_are_part_of_the_state_of_a_host(web: httpx.AsyncClient) -> None:
    await web.put(ARCHIVE, params={"path": "/"}, content=CONFIG)
    state = (await web.get("/emulator/hosts/default/state")).json()
    assert (await web.put("/emulator/hosts/copy/state", json=state)).is_success
    copied = await web.get(f"/hosts/copy{ARCHIVE}", params={"path": "/app/web.config"})
    assert b"<xml/>" in copied.content
    [container] = state["docker"]["containers"]
    for fault in ({"path": "/app"}, {"path": "D:\\x"}, {"content": "?"}):
        container["files"][0] |= fault
        refused = await web.put("/emulator/hosts/other/state", json=state)
        assert refused.status_code == 400, refused.text
        container["files"][0] |= {"path": "\\app", "content": ""}
