"""Who may see the pages, and who may change things there."""

import html
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from hnsemu.config import Settings
from tests.pages.services import serving

WORD = "a-token"


@pytest.fixture
async def guarded(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of a service with a token."""
    async with serving(Settings(database_url=database_url, token=WORD)) as client:
        yield client


async def sign_in(client: httpx.AsyncClient, token: str, to: str = "/ui") -> httpx.Response:
    return await client.post("/ui/sign-in", data={"token": token, "to": to})


@pytest.mark.parametrize("path", ["/", "/ui/networks", "/docs", "/hosts/default/ui"])
async def test_a_page_without_the_token_is_a_form(guarded: httpx.AsyncClient, path: str) -> None:
    answer = await guarded.get(path)
    assert answer.status_code == 401
    assert 'type="password"' in answer.text
    assert f'name="to" value="{path}"' in answer.text
    assert (await guarded.get("/assets/1/style.css")).status_code == 200


async def test_the_token_opens_pages_and_what_they_ask_for(guarded: httpx.AsyncClient) -> None:
    answer = await sign_in(guarded, WORD, "/ui/networks?q=nat")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/ui/networks?q=nat")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert WORD not in cookie
    for path in ("/ui/networks", "/docs", "/openapi.json", "/v2/networks"):
        assert (await guarded.get(path)).status_code == 200
    assert (await guarded.post("/ui/sign-in/out")).status_code == 200
    assert (await guarded.get("/ui/networks")).status_code == 401


async def test_a_wrong_token_opens_nothing(guarded: httpx.AsyncClient) -> None:
    answer = await sign_in(guarded, "another")
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
    forged = await guarded.get("/ui", headers={"Cookie": "hnsemu=0; hnsemu="})
    assert forged.status_code == 401


@pytest.mark.parametrize(
    "to", ["//elsewhere.example", "https://elsewhere.example", "/\\e", "", "x"]
)
async def test_signing_in_leads_nowhere_else(guarded: httpx.AsyncClient, to: str) -> None:
    assert (await sign_in(guarded, WORD, to)).headers["Location"] == "/"


async def test_a_page_of_another_site_changes_nothing_with_the_cookie(
    guarded: httpx.AsyncClient,
) -> None:
    await sign_in(guarded, WORD)
    refused = await guarded.post(
        "/v2/networks", json={"Type": "NAT"}, headers={"Origin": "https://elsewhere.example"}
    )
    assert refused.status_code == 403


async def test_a_service_without_a_token_needs_no_sign_in(client: httpx.AsyncClient) -> None:
    assert (await client.get("/ui")).status_code == 200
    assert "Sign out" not in (await client.get("/ui")).text


async def test_pages_can_be_left_out(database_url: str) -> None:
    async with serving(Settings(database_url=database_url, ui="off")) as client:
        answer = await client.get("/ui")
        assert answer.status_code == 404
        assert answer.json()["ErrorCode"]


@pytest.mark.parametrize("path", ["/ui/requests", "/ui/faults", "/ui/snapshots"])
async def test_pages_that_change_nothing_have_no_buttons_for_it(
    reading: httpx.AsyncClient, path: str
) -> None:
    fault = {"match": {"operation": "HcnOpenNetwork"}, "then": {"hresult": "E_FAIL"}}
    await reading.post("/emulator/hosts/default/faults", json=fault)
    await reading.put("/emulator/hosts/default/snapshots/clean")
    page = await reading.get(path)
    assert page.status_code == 200
    assert '<form method="post"' not in page.text


async def test_a_journal_is_turned_on_by_what_a_page_without_buttons_says(
    reading: httpx.AsyncClient,
) -> None:
    page = html.unescape((await reading.get("/ui/requests")).text)
    command = re.search(r"curl -X PUT (\S+) -d \"(.*?)\"", page)
    assert command is not None
    assert (await reading.put(command[1], content=command[2])).json()["enabled"] is True
