"""Large hosts: the first page of a view costs what is on it, not what the host has."""

import sys
from collections.abc import Callable
from types import FrameType

import httpx
import pytest

from hnsemu.api.deps import hns_of
from hnsemu.pages.navigation import NAVIGATION
from hnsemu.pages.windows import TABLES
from tests.pages.conftest import NETWORK, SCHEMA

FEW, MANY = 220, 520
LISTS = [place.path for _, places in NAVIGATION for place in places]
PATHS = [f"/ui{path}" for path in (*LISTS, *(f"/windows/{table.word}" for table in TABLES))]


async def here(request: object, use_case: Callable[[object], object]) -> object:
    """Answer in the event loop, where calls are counted."""
    return use_case(hns_of(request))  # type: ignore[arg-type]


async def work(client: httpx.AsyncClient, path: str) -> int:
    """Return how many functions the second answer of a page calls: the first fills caches."""
    await client.get(path)
    count = 0

    def seen(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(seen)
    try:
        answer = await client.get(path)
    finally:
        sys.setprofile(None)
    assert answer.status_code == 200
    return count


async def filled(client: httpx.AsyncClient, network: str, first: int, last: int) -> None:
    for number in range(first, last):
        body = {"Name": f"e-{number}", "HostComputeNetwork": network, **SCHEMA}
        assert (await client.post("/v2/endpoints", json=body)).is_success


async def test_a_first_page_costs_the_same_on_a_host_of_any_size(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["hnsemu.pages.router"], "call_aside", here)
    network = (await client.post("/v2/networks", json=NETWORK)).json()["ID"]
    await filled(client, network, 0, FEW)
    few = {path: await work(client, path) for path in PATHS}
    await filled(client, network, FEW, MANY)
    many = {path: await work(client, path) for path in PATHS}
    grown = {path: (few[path], many[path]) for path in PATHS if many[path] > 1.2 * few[path] + 200}
    assert grown == {}
