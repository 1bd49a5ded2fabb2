"""Pages that look again: what is not written again is not read again."""

import asyncio
from typing import NoReturn

import httpx
import pytest
from fastapi import FastAPI, Response

from hnsemu.errors import HnsError, Hr
from hnsemu.pages import templates, visit
from hnsemu.pages.kept import KeptPages
from hnsemu.pages.polls import PollBudget
from hnsemu.storage.database import Database
from tests.pages.conftest import NETWORK, SCHEMA
from tests.pages.test_pages import PATHS
from tests.statements import sent_to


def refused(*_arguments: object, **_members: object) -> NoReturn:
    raise AssertionError


async def tag_of(client: httpx.AsyncClient, path: str) -> dict[str, str]:
    return {"If-None-Match": (await client.get(path)).headers["ETag"]}


@pytest.mark.parametrize("path", PATHS)
async def test_a_poll_of_an_unchanged_host_reads_and_renders_nothing(
    world: httpx.AsyncClient, service: FastAPI, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.state.service.recorder.close()  # it writes when nobody has called for a while
    known = await tag_of(world, path)
    for name in ("reading", "writing"):
        monkeypatch.setattr(Database, name, refused)
    monkeypatch.setattr(visit, "rendered", refused)
    monkeypatch.setattr(visit, "AT_MOST", 10**6)  # however slow the machine is
    answer = await world.get(path, headers=known)
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == known["If-None-Match"]


async def test_a_poll_sees_what_was_written(client: httpx.AsyncClient) -> None:
    known = await tag_of(client, "/ui/networks")
    await client.post("/v2/networks", json={"Name": "new", "Type": "Private"})
    answer = await client.get("/ui/networks", headers=known)
    assert (answer.status_code, "new" in answer.text) == (200, True)


async def test_what_is_written_elsewhere_sends_nothing(client: httpx.AsyncClient) -> None:
    known = await tag_of(client, "/ui/networks")
    await client.put("/emulator/hosts/other")
    answer = await client.get("/ui/networks", headers=known)
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] != known["If-None-Match"]  # of the new state


FAULT = {"match": {"operation": "HcnOpenNetwork"}, "then": {"hresult": "E_FAIL"}}
OF_SEVERAL_HOSTS = {"/", "/ui/trace", "/ui/matrix", "/ui/policy"}
OF_ONE_HOST = [path for path in PATHS if path not in OF_SEVERAL_HOSTS]


async def change_much(client: httpx.AsyncClient, host: str) -> None:
    """Change of a host whatever pages show."""
    here, control = f"/hosts/{host}", f"/emulator/hosts/{host}"
    network = await client.post(f"{here}/v2/networks", json=NETWORK)
    body = {"Name": "pod", "HostComputeNetwork": network.json()["ID"], **SCHEMA}
    answers = [
        await client.post(f"{here}/v2/endpoints", json=body),
        await client.post(f"{here}/v2/namespaces", json={"Type": "Guest", **SCHEMA}),
        await client.post(f"{here}/ui/requests", data={"action": "on"}),
        await client.post(f"{here}/ui/snapshots", data={"name": "clean", "action": "save"}),
        await client.post(f"{control}/faults", json=FAULT),
        await client.post(f"{here}/docker/networks/create", json={"Name": "own", "Driver": "nat"}),
        await client.get(f"{here}/v2/networks"),  # which the journal keeps
    ]
    assert [answer.text for answer in answers if answer.is_error] == []


async def test_what_another_host_does_costs_the_pages_of_a_host_nothing(
    world: httpx.AsyncClient, service: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.put("/emulator/hosts/other")
    known = {path: await tag_of(world, path) for path in OF_ONE_HOST}
    await change_much(world, "other")
    await service.state.service.recorder.close()  # it writes when nobody has called for a while
    monkeypatch.setattr(visit, "AT_MOST", 10**6)  # however slow the machine is
    unread = {path for path in known if path != "/ui/requests"}  # the journals share a generation
    with monkeypatch.context() as patched:
        for name in ("reading", "writing"):
            patched.setattr(Database, name, refused)
        for path in sorted(unread):
            answer = await world.get(path, headers=known[path])
            assert (answer.status_code, answer.content) == (304, b""), path
            assert answer.headers["ETag"] == known[path]["If-None-Match"], path
    for path, then in known.items():  # nor is there anything else to see
        seen = (await world.get(path)).headers["ETag"]
        assert seen.partition(".")[0] == then["If-None-Match"].partition(".")[0], path


@pytest.mark.parametrize("path", ["/", "/ui/topology?hosts=other"])
async def test_a_page_of_several_hosts_sees_what_each_does(
    client: httpx.AsyncClient, path: str
) -> None:
    await client.put("/emulator/hosts/other")
    known = await tag_of(client, path)
    await client.post("/hosts/other/v2/networks", json={"Name": "new", "Type": "Private"})
    assert (await client.get(path, headers=known)).status_code == 200


async def test_a_page_sees_that_its_host_was_made_anew(client: httpx.AsyncClient) -> None:
    await client.put("/emulator/hosts/other")
    await client.post("/hosts/other/v2/networks", json={"Name": "leftover", "Type": "Private"})
    known = await tag_of(client, "/hosts/other/ui/networks")
    await client.delete("/emulator/hosts/other")
    await client.put("/emulator/hosts/other")
    answer = await client.get("/hosts/other/ui/networks", headers=known)
    assert (answer.status_code, "leftover" in answer.text) == (200, False)


async def test_a_requests_page_sees_a_call_that_was_kept(client: httpx.AsyncClient) -> None:
    await client.post("/ui/requests", data={"action": "on"})
    known = await tag_of(client, "/ui/requests")
    await client.get("/v2/networks")
    assert (await client.get("/ui/requests", headers=known)).status_code == 200


async def test_a_tag_is_of_its_own_page(client: httpx.AsyncClient) -> None:
    known = await tag_of(client, "/ui/networks")
    assert (await client.get("/ui/endpoints", headers=known)).status_code == 200


async def test_what_time_alone_changes_is_seen_after_half_a_minute(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([100, 130, 131])
    monkeypatch.setattr(visit, "_moment", lambda: next(moments))
    known = await tag_of(client, "/ui/networks")
    monkeypatch.setattr(visit, "rendered", lambda *_, **__: "another")
    assert (await client.get("/ui/networks", headers=known)).status_code == 304
    assert (await client.get("/ui/networks", headers=known)).text == "another"


@pytest.mark.parametrize("tag", ['"x"', "*", '"a.b.c.d"', '"..."', '"x.y.9999999999999999999"'])
async def test_a_tag_that_is_none_sends_the_page(client: httpx.AsyncClient, tag: str) -> None:
    answer = await client.get("/ui/networks", headers={"If-None-Match": tag})
    assert answer.status_code == 200


async def test_polls_beyond_what_they_may_cost_wait(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = await tag_of(client, "/ui/networks")
    await client.post("/v2/networks", json={"Name": "new", "Type": "Private"})
    monkeypatch.setattr(PollBudget, "allows", lambda _budget: False)
    answer = await client.get("/ui/networks", headers=known)
    assert (answer.status_code, answer.headers["ETag"]) == (304, known["If-None-Match"])
    assert "new" in (await client.get("/ui/networks")).text  # who asks for the page gets it
    monkeypatch.undo()
    assert "new" in (await client.get("/ui/networks", headers=known)).text


def test_polls_may_cost_a_twentieth_of_the_rest_at_most() -> None:
    now, computed = 0.0, 0.0
    budget = PollBudget(lambda: now, lambda: computed)
    read = 0.0
    for _ in range(1000):  # a second of work of others in each, and as many polls as may be
        now += 1.0
        computed += 1.0
        while budget.allows():
            budget.spend(0.02)
            computed += 0.02
            read += 0.02
    assert 0.03 * 1000 <= read <= 0.05 * 1000


def test_after_a_quiet_while_every_open_page_is_read_again_at_once() -> None:
    now = 0.0
    budget = PollBudget(lambda: now, lambda: 0.0)
    while budget.allows():
        budget.spend(0.02)
    now = 100.0
    read = 0
    while budget.allows():
        budget.spend(0.02)
        read += 1
    assert read >= 20


async def test_an_age_that_grows_sends_nothing(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await client.get("/ui")
    assert " ago</time>" in page.text or "now</time>" in page.text
    monkeypatch.setattr(templates, "_ago", lambda _seconds: "5 min ago")
    monkeypatch.setattr(visit, "is_as_known", lambda *_: False)
    answer = await client.get("/ui", headers={"If-None-Match": page.headers["ETag"]})
    assert (answer.status_code, answer.content) == (304, b"")


async def test_a_clock_that_is_moved_is_told(client: httpx.AsyncClient) -> None:
    page = await client.get("/ui")
    assert (await client.put("/emulator/clock", json={"advance": "1h"})).is_success
    answer = await client.get("/ui", headers={"If-None-Match": page.headers["ETag"]})
    assert (answer.status_code, "1 h ago" in answer.text) == (200, True)
    assert 'data-clock="runs"' in answer.text


async def test_a_page_knows_its_own_tag(client: httpx.AsyncClient) -> None:
    page = await client.get("/ui/networks")
    assert f"<body data-tag='{page.headers['ETag']}' " in page.text


async def test_a_change_is_read_once_for_all_who_look(
    client: httpx.AsyncClient, service: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = ["/ui/networks", "/ui/topology"]
    known = {path: await tag_of(client, path) for path in paths}
    await client.post("/v2/networks", json={"Name": "new", "Type": "Private"})
    rendered: list[str] = []
    render = templates.rendered

    def noted(template: str, **members: object) -> str:
        rendered.append(template)
        return render(template, **members)

    monkeypatch.setattr(visit, "rendered", noted)
    monkeypatch.setattr(PollBudget, "allows", lambda _budget: True)
    with sent_to(service.state.service.database) as statements:
        answers = await asyncio.gather(
            *(client.get(path, headers=known[path]) for path in paths * 10)
        )
    assert [answer.status_code for answer in answers] == [200] * 20
    assert all("new" in answer.text for answer in answers)
    assert sorted(rendered) == ["objects/list.html", "topology/topology.html"]
    assert sum("FROM networks" in text for text in statements) <= 5  # of one page each
    for path in paths:  # those who look later
        assert (await client.get(path, headers=known[path])).status_code == 200
    assert len(rendered) == 2


async def test_who_goes_away_ends_nothing_for_others() -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def read() -> Response:
        begun.set()
        await may_end.wait()
        return Response("page", headers={"ETag": '"tag"'})

    pages = KeptPages()
    first, second = (
        asyncio.ensure_future(pages.get("key", 0, 30, lambda: True, read)) for _ in range(2)
    )
    await begun.wait()
    first.cancel()
    may_end.set()
    page = await second
    assert page is not None
    assert page.content == b"page"


async def test_a_reading_that_fails_is_kept_by_nobody() -> None:
    async def fail() -> Response:
        raise HnsError(Hr.E_FAIL)

    async def read() -> Response:
        return Response("page", headers={"ETag": '"tag"'})

    pages = KeptPages()
    with pytest.raises(HnsError):
        await pages.get("key", 0, 30, lambda: True, fail)
    assert await pages.get("key", 0, 30, lambda: True, read) is not None
    assert await pages.get("key", 31, 30, lambda: False, read) is None  # too old by then


async def test_the_oldest_pages_make_room() -> None:
    async def read() -> Response:
        return Response("x" * 60, headers={"ETag": '"tag"'})

    pages = KeptPages(most_bytes=100)
    for key in ("one", "other"):
        await pages.get(key, 0, 30, lambda: True, read)
    assert await pages.get("one", 0, 30, lambda: False, read) is None
    assert await pages.get("other", 0, 30, lambda: False, read) is not None
