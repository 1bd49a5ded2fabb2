"""What one request costs, counted: the same on every machine, however busy."""

import json
from collections.abc import Callable, Coroutine, MutableMapping
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from hnsemu.api.examples import ENDPOINT, NETWORK
from hnsemu.storage.prepared import Prepared
from tests.conftest import DATABASES
from tests.work import calls

ONE_ENDPOINT = f"/v2/endpoints/{ENDPOINT}"
V2 = {"Major": 2, "Minor": 0}
ON_SQLITE = pytest.mark.parametrize("database_url", DATABASES[:1], indirect=True)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Prepared]:
    """Return a list that grows by each prepared statement that is run."""
    found: list[Prepared] = []
    ask = Prepared.ask

    def noting(statement: Prepared, *arguments: Any) -> Any:
        found.append(statement)
        return ask(statement, *arguments)

    monkeypatch.setattr(Prepared, "ask", noting)
    return found


async def test_one_statement_reads_an_endpoint_and_what_is_watched_of_its_host(
    world: httpx.AsyncClient, asked: list[Prepared]
) -> None:
    await world.get(ONE_ENDPOINT)
    asked.clear()
    answer = await world.get(ONE_ENDPOINT)
    assert answer.status_code == 200
    assert len(asked) == 1


@ON_SQLITE
async def test_reading_an_endpoint_calls_few_functions(
    world: httpx.AsyncClient, service: FastAPI
) -> None:
    assert world
    ask = _request(service, "GET", ONE_ENDPOINT)
    ask()  # what is kept of a path is nobody's work
    assert calls(ask, of_c=False) < 140


@ON_SQLITE
async def test_what_clients_repeat_calls_few_functions(
    world: httpx.AsyncClient, service: FastAPI
) -> None:
    assert world
    endpoint = json.dumps({"SchemaVersion": V2}).encode()
    create = _request(service, "POST", f"/v2/networks/{NETWORK}/endpoints", endpoint)
    create()
    assert calls(create, of_c=False) < 550
    _balance(service, 1)()
    assert calls(_balance(service, 2), of_c=False) < 500


def _balance(app: FastAPI, host: int) -> Callable[[], None]:
    """Return what creates a load balancer with a VIP of its own."""
    document = {
        "HostComputeEndpoints": [ENDPOINT],
        "FrontendVIPs": [f"10.200.0.{host}"],
        "PortMappings": [{"Protocol": 6, "InternalPort": 80, "ExternalPort": 80}],
        "SchemaVersion": V2,
    }
    return _request(app, "POST", "/v2/loadbalancers", json.dumps(document).encode())


def _request(app: FastAPI, method: str, path: str, body: bytes = b"") -> Callable[[], None]:
    """Return what sends a request to the application, whose answer waits for nothing."""

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        assert message.get("status", 200) < 300

    def ask() -> None:
        app.state.service.is_crowded = False  # whatever this machine took for long before
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(b"host", b"localhost"), (b"content-length", b"%d" % len(body))],
        }
        _finish(app(scope, receive, send))

    return ask


def _finish(work: Coroutine[Any, Any, None]) -> None:
    with pytest.raises(StopIteration):
        work.send(None)
