"""A handler declares its parameters in its signature: they are read, checked and described once."""

from dataclasses import dataclass
from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from hnsemu.api import routing
from hnsemu.api.admission import Admission
from hnsemu.api.declarations import HeaderParameter, JsonBody, PathParameter, QueryParameter
from hnsemu.api.deps import Service
from hnsemu.api.entrance import Entrance
from hnsemu.api.openapi_operations import describe
from hnsemu.api.parameters import Body
from hnsemu.api.router import Router
from hnsemu.config import Settings
from hnsemu.errors import HnsError, Hr
from hnsemu.host import SeededSource
from hnsemu.schema.v2.guest.ports import PortLease
from hnsemu.storage.database import Database


def _even(text: str) -> int:
    if not text.isdecimal() or int(text) % 2:
        raise HnsError(Hr.E_INVALIDARG, f"{text!r} is not even")
    return int(text)


_Shelf = Annotated[str, PathParameter(name="shelf")]
_Even = Annotated[int | None, QueryParameter(name="even", read=_even)]
_EvenShelf = Annotated[int, PathParameter(name="shelf", read=_even)]
_Needed = Annotated[int, QueryParameter(name="even", read=_even, is_required=True)]
_Reader = Annotated[str | None, HeaderParameter(name="Reader")]
_Secret = Annotated[str, QueryParameter(name="secret", default="none", is_public=False)]

_OptionalLease = Annotated[PortLease | None, JsonBody(PortLease, is_optional=True)]
_Words = Annotated[list[str], JsonBody()]


@dataclass(frozen=True)
class _Search:
    even: _Even = None
    reader: _Reader = None


def _router(handler: Any, method: str = "GET") -> Router:
    router = Router(tags=["shelves"])
    router.operation(method, "/shelves/{shelf}")(handler)
    return router


async def _answer(router: Router, method: str = "GET", url: str = "/shelves/a", **sent: Any) -> str:
    app = FastAPI()
    app.state.service = Service(Settings(), Database("sqlite://"), SeededSource())
    app.include_router(router)
    table = routing.install(app)
    app.add_exception_handler(HnsError, _refused)
    app.add_middleware(
        Entrance, routes=[table], admission=Admission("*", "", 1 << 20), service=app.state.service
    )
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return (await client.request(method, url, **sent)).text


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HnsError)
    return Response(f"refused: {error.detail}")


def _described(router: Router, method: str = "get") -> dict[str, Any]:
    app = FastAPI()
    app.include_router(router)
    describe()
    operation: dict[str, Any] = app.openapi()["paths"]["/shelves/{shelf}"][method]
    return operation


async def test_parameters_of_path_query_and_header_reach_the_handler() -> None:
    async def get_shelf(_request: Request, shelf: _Shelf, even: _Even, reader: _Reader) -> Response:
        return Response(f"{shelf} {even} {reader}")

    router = _router(get_shelf)
    assert await _answer(router) == "a None None"
    assert await _answer(router, url="/shelves/b?even=4", headers={"reader": "me"}) == "b 4 me"


async def test_a_dataclass_groups_parameters() -> None:
    async def get_shelf(_request: Request, search: _Search, _shelf: _Shelf) -> Response:
        return Response(f"{search.even} {search.reader}")

    router = _router(get_shelf)
    assert await _answer(router, url="/shelves/a?even=2", headers={"reader": "me"}) == "2 me"
    names = [parameter["name"] for parameter in _described(router)["parameters"]]
    assert names == ["shelf", "even", "Reader"]  # those of the path first


async def test_the_first_parameter_that_is_refused_decides_the_answer() -> None:
    async def first_even(_request: Request, _even: _Even, _shelf: _EvenShelf) -> Response:
        return Response("read")

    async def first_shelf(_request: Request, _shelf: _EvenShelf, _even: _Even) -> Response:
        return Response("read")

    url = "/shelves/1?even=3"
    assert await _answer(_router(first_even), url=url) == "refused: '3' is not even"
    assert await _answer(_router(first_shelf), url=url) == "refused: '1' is not even"


async def test_a_required_parameter_that_is_absent_is_refused_as_an_empty_text() -> None:
    async def get_shelf(_request: Request, _shelf: _Shelf, even: _Needed) -> Response:
        return Response(f"{even}")

    router = _router(get_shelf)
    assert await _answer(router) == "refused: '' is not even"
    assert await _answer(router, url="/shelves/a?even=2") == "2"
    assert _described(router)["parameters"][1]["required"] is True


async def test_a_body_is_parsed_as_its_model() -> None:
    async def put_shelf(_request: Request, lease: Body[PortLease], _shelf: _Shelf) -> Response:
        return Response(f"{lease.lease_seconds}")

    router = _router(put_shelf, "PUT")
    app_url = "/shelves/a"
    assert await _answer(router, "PUT", app_url, content=b'{"LeaseSeconds":9}') == "9"
    assert (await _answer(router, "PUT", app_url, content=b"{")).startswith("refused: the body")
    body = _described(router, "put")["requestBody"]
    assert body["required"] is True
    assert body["content"]["application/json"]["schema"]["$ref"].endswith("/PortLease")


async def test_an_optional_body_may_be_empty() -> None:
    async def put_shelf(_request: Request, lease: _OptionalLease, _shelf: _Shelf) -> Response:
        return Response(f"{lease}")

    router = _router(put_shelf, "PUT")
    assert await _answer(router, "PUT") == "None"
    assert _described(router, "put")["requestBody"]["required"] is False


async def test_a_parameter_that_is_not_public_is_read_and_not_described() -> None:
    async def get_shelf(_request: Request, _shelf: _Shelf, secret: _Secret) -> Response:
        return Response(secret)

    router = _router(get_shelf)
    assert await _answer(router, url="/shelves/a?secret=x") == "x"
    assert await _answer(router) == "none"
    assert [parameter["name"] for parameter in _described(router)["parameters"]] == ["shelf"]


def test_an_argument_without_a_source_is_a_mistake() -> None:
    async def get_shelf(_request: Request, _shelf: _Shelf, even: int) -> Response:
        return Response(f"{even}")

    with pytest.raises(TypeError, match="declares no parameter"):
        _router(get_shelf)


def test_the_handler_reads_every_parameter_of_its_path() -> None:
    async def get_shelf(_request: Request, _even: _Even) -> Response:
        return Response()

    with pytest.raises(ValueError, match=r"GET /shelves/\{shelf\}: the handler reads \[\]"):
        _router(get_shelf)


def test_a_body_that_is_no_document_needs_a_model_and_a_reader() -> None:
    async def no_model(_request: Request, _shelf: _Shelf, _body: _Words) -> Response:
        return Response()

    with pytest.raises(TypeError, match="needs the model"):
        _router(no_model, "PUT")
