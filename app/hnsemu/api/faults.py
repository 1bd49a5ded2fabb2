"""Failures become answers here and nowhere else: Windows' error record.

Under `/v1` it is the envelope of HNSCall (`app/hnsemu/api/v1/`). Windows has no HTTP status; we
chose one for each error (docs/adr/0004-http-status.md). The header `Hns-Result` has the HRESULT.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from importlib import import_module

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from hnsemu.api.scope import path_of
from hnsemu.errors import HnsError, Hr
from hnsemu.storage.failures import is_full

_log = logging.getLogger("hnsemu.api")

RESULT_HEADER = "Hns-Result"

UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeoutError)
"""The exceptions of a database that does not answer."""

Shape = Callable[[Request, HnsError, int], Awaitable[Response]]
"""How an API answers a refusal: the request, the error, and the HTTP status."""

_LONGEST_DETAIL = 4000  # characters; a request may be as long as it likes

_CLIENT_CLOSED_REQUEST = 499  # nginx's status of a request whose client hung up

# The codes of requests that no route accepts; other refusals of routing are bad parameters.
_UNROUTABLE = {404: Hr.E_ELEMENT_NOT_FOUND, 405: Hr.E_NOT_SUPPORTED}


def record(error: HnsError) -> dict[str, object]:
    """Return the error record: Windows' three members, then Detail with what to change.

    Source: hns-behaviour.md section 6.1 [O] for the first three; `Detail` is ours.
    """
    shown: dict[str, object] = {
        "Success": False,
        "Error": error.hr.message,
        "ErrorCode": error.hr.hresult,
    }
    if error.detail:
        shown["Detail"] = _cut(error.detail)
    return shown


def _cut(detail: str) -> str:
    """Return a sentence without the middle of what it repeats of a document, if that is long."""
    if len(detail) <= _LONGEST_DETAIL:
        return detail
    return f"{detail[: _LONGEST_DETAIL // 2]} … {detail[-_LONGEST_DETAIL // 2 :]}"


async def record_response(_request: Request, error: HnsError, status: int) -> Response:
    """Return the error record as an answer: the shape of every API but HNS 1."""
    return Response(
        orjson.dumps(record(error)),
        status,
        {RESULT_HEADER: f"{error.hr.hresult:#010x}"},
        "application/json",
    )


async def answer(request: Request, error: HnsError, *, status: int | None = None) -> Response:
    """Return the answer to a failed request, in the form of its API."""
    request.state.hresult = f"{error.hr.hresult:#010x}"  # for the log
    area = path_of(request.scope).strip("/").partition("/")[0]
    module = request.app.state.shapes.get(area)
    shape: Shape = import_module(module).failure if module else record_response
    return await shape(request, error, status or error.hr.status)


def install(app: FastAPI, shapes: Mapping[str, str]) -> None:
    """Let `app` answer all failures through this module.

    shapes: modules with a Shape named `failure`, by the first segment of the path;
            `record_response` for other paths.
    """
    app.state.shapes = shapes
    app.add_exception_handler(HnsError, _refused)
    app.add_exception_handler(HTTPException, _unroutable)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(ClientDisconnect, _gone)
    for failure in UNAVAILABLE:
        app.add_exception_handler(failure, _unavailable)
    app.add_exception_handler(Exception, _broken)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HnsError)  # noqa: S101 (registered for it)
    return await answer(request, error)


async def _unroutable(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 (registered for it)
    hr = _UNROUTABLE.get(error.status_code, Hr.E_INVALIDARG)
    what = error.detail
    if error.status_code == HTTPStatus.NOT_FOUND:
        path = path_of(request.scope)
        hint = "GET /openapi.json lists all paths"
        if path.startswith("/hosts/") and request.scope.get("root_path"):
            hint = "hosts are not below each other: take the address of the service"
        what = f"there is no path {path}; {hint}"
    response = await answer(request, HnsError(hr, what), status=error.status_code)
    response.headers.update(error.headers or {})
    return response


async def _unreadable(request: Request, error: Exception) -> Response:
    return await answer(request, HnsError(Hr.HCN_E_INVALID_JSON, str(error)))


async def _gone(request: Request, _error: Exception) -> Response:
    """Answer a client that has gone: only the log of requests and the metrics show it."""
    refusal = HnsError(Hr.E_INVALIDARG, "the client hung up before its request was complete")
    return await answer(request, refusal, status=_CLIENT_CLOSED_REQUEST)


async def _unavailable(request: Request, error: Exception) -> Response:
    _log.error("%s %s: the database does not answer: %s", request.method, request.url.path, error)
    what = "the database does not answer; try again, and read the log of the service"
    if is_full(error):
        what = "the disk of the database is full, nothing was changed; free space and try again"
    return await answer(request, HnsError(Hr.E_RPC_SERVER_UNAVAILABLE, what))


async def _broken(request: Request, error: Exception) -> Response:
    _log.error(
        "%s %s failed: %r", request.method, request.url.path, error
    )  # the server logs the traceback
    return await answer(
        request, HnsError(Hr.E_FAIL, "an error in hnsemu itself; its log has the traceback")
    )
