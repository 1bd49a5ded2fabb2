"""Failures of the service itself are answered as error records too."""

import logging
from typing import NoReturn

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from hnsemu.errors import Hr
from hnsemu.services import networks

AREAS = ["/v2/networks", "/v1/networks/"]


def _fail_with(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every list of networks fail with `error`."""

    def fail(*_: object) -> NoReturn:
        raise error

    monkeypatch.setattr(networks, "list_networks", fail)


@pytest.mark.parametrize("path", AREAS)
async def test_an_internal_error_is_a_record_without_its_cause(
    client: httpx.AsyncClient,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    _fail_with(RuntimeError("secret"), monkeypatch)
    with caplog.at_level(logging.ERROR):
        answer = await client.get(path)
    assert answer.status_code == 500
    assert answer.json()["ErrorCode"] == Hr.E_FAIL.hresult
    assert "secret" not in answer.text
    assert "secret" in caplog.text
    assert f"GET {path}" in caplog.text
    assert answer.headers["Hns-Host"] == "default"
    assert answer.headers["X-Request-Id"]


@pytest.mark.parametrize("path", AREAS)
@pytest.mark.parametrize(
    "error",
    [
        OperationalError("SELECT 1", {}, Exception("gone")),
        PoolTimeoutError("no connection is free"),
    ],
    ids=["lost", "busy"],
)
async def test_a_database_that_does_not_answer_is_a_service_unavailable(
    client: httpx.AsyncClient, path: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fail_with(error, monkeypatch)
    answer = await client.get(path)
    assert answer.status_code == 503
    assert answer.json()["ErrorCode"] == Hr.E_RPC_SERVER_UNAVAILABLE.hresult
    assert "SELECT" not in answer.text


async def test_not_ready_without_a_database(
    service: FastAPI, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> NoReturn:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(service.state.service.database, "reading", gone)
    assert (await client.get("/readyz")).status_code == 503
    assert (await client.get("/healthz")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "result"),
    [
        ("GET", "/v1/endpoints/11111111-2222-3333-4444-555555555555", "0x00000000"),
        ("DELETE", "/v1/endpoints/11111111-2222-3333-4444-555555555555", "0x00000000"),
        ("POST", "/v1/endpoints/11111111-2222-3333-4444-555555555555/attach", "0x803b0002"),
        ("GET", "/v2/endpoints/11111111-2222-3333-4444-555555555555", "0x803b0002"),
    ],
)
async def test_the_header_has_the_result_of_the_windows_function(
    client: httpx.AsyncClient, method: str, path: str, result: str
) -> None:
    answer = await client.request(method, path)
    assert answer.status_code == 404
    assert answer.headers["Hns-Result"] == result
    assert answer.json()["ErrorCode"] == Hr.HCN_E_ENDPOINT_NOT_FOUND.hresult
