"""The table finds the handler of a path, and handles methods, slashes and HEAD as HTTP does."""

import httpx
import pytest
from fastapi import Request, Response
from starlette.routing import Match
from starlette.types import Scope

from hnsemu.api.routing import RouteTable
from hnsemu.errors import Hr


async def _one(_request: Request) -> Response:
    return Response("one")


async def _many(_request: Request) -> Response:
    return Response("many")


def _scope(path: str) -> Scope:
    segments = path.strip("/").split("/")
    return {"type": "http", "method": "GET", "path": path, "hnsemu.segments": segments}


@pytest.fixture
def table() -> RouteTable:
    routes = RouteTable()
    routes.add("/things", ["GET"], _many)
    routes.add("/things/{id}", ["GET"], _one)
    routes.add("/things/{id}/parts", ["GET"], _many)
    routes.add("/things/special", ["GET"], _many)
    return routes


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/things", {}),
        ("/things/", {}),
        ("/things/7", {"id": "7"}),
        ("/things/7/", {"id": "7"}),
        ("/things/7/parts", {"id": "7"}),
        ("/things/special", {}),
    ],
)
def test_a_path_is_found_with_its_parameters(
    table: RouteTable, path: str, parameters: dict[str, str]
) -> None:
    match, found = table.matches(_scope(path))
    assert match is Match.FULL
    assert found["path_params"] == parameters


@pytest.mark.parametrize("path", ["/", "/thing", "/things/7/whole", "/things/7/parts/8", "*"])
def test_an_undeclared_path_is_left_to_the_other_routes(table: RouteTable, path: str) -> None:
    assert table.matches(_scope(path))[0] is Match.NONE


def test_two_handlers_cannot_share_a_method_and_path(table: RouteTable) -> None:
    table.add("/things", ["GET"], _many)
    with pytest.raises(ValueError, match="declared twice"):
        table.add("/things", ["GET"], _one)


def test_a_parameter_has_one_name(table: RouteTable) -> None:
    with pytest.raises(ValueError, match="called id"):
        table.add("/things/{name}/whole", ["GET"], _one)


async def test_an_unknown_method_is_refused_with_all_known_ones(client: httpx.AsyncClient) -> None:
    answer = await client.put("/v2/networks/")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, POST"
    assert answer.json()["ErrorCode"] == Hr.E_NOT_SUPPORTED.hresult
    assert "GET, HEAD, POST" in answer.json()["Detail"]


@pytest.mark.parametrize("path", ["/v2", "/v2/nothing", "/v1/nothing/", "/v3/networks"])
async def test_an_unknown_path_is_refused_by_name(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 404
    assert answer.json()["ErrorCode"] == Hr.E_ELEMENT_NOT_FOUND.hresult
    assert path in answer.json()["Detail"]


async def test_a_path_outside_ascii_is_refused_like_any_other(client: httpx.AsyncClient) -> None:
    for path in ("/v2/netwörks", "/v2/networks/%00", "/v2/networks/%ff", "/%2e%2e/x"):
        answer = await client.get(path)
        assert answer.status_code in {400, 404}, path
        assert answer.json()["Success"] is False
