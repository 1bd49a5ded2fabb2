"""The only catcher: every failure leaves the service as Windows' error record.

`/v1` answers its envelope instead (`app/schema/v1/envelope.py`).
"""

import logging

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.errors import HnsError, Hr

_log = logging.getLogger("hnsemu.api")

RESULT_HEADER = "Hns-Result"


def record(error: HnsError) -> dict[str, object]:
    """Return the error record: Windows' three members, then what to mend.

    Source: hns-behaviour.md section 6.1 [O] for the first three; `Detail` is ours.
    """
    shown: dict[str, object] = {
        "Success": False,
        "Error": error.hr.message,
        "ErrorCode": error.hr.hresult,
    }
    if error.detail:
        shown["Detail"] = error.detail
    return shown


def record_response(error: HnsError, *, status: int | None = None) -> Response:
    """Return the error record as an answer with its HTTP status and HRESULT."""
    return Response(
        orjson.dumps(record(error)),
        status or error.hr.status,
        {RESULT_HEADER: f"{error.hr.hresult:#010x}"},
        "application/json",
    )


def install(app: FastAPI) -> None:
    """Let `app` answer every failure through this file."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HnsError)  # noqa: S101 (registered for it)
        return answer(request, error)

    async def unroutable(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 (registered for it)
        known = {404: Hr.E_ELEMENT_NOT_FOUND, 405: Hr.E_NOT_SUPPORTED}
        hr = known.get(error.status_code, Hr.E_INVALIDARG)
        what = f"{request.method} {request.url.path}: {error.detail}; see /openapi.json"
        response = answer(request, HnsError(hr, what), status=error.status_code)
        response.headers.update(error.headers or {})
        return response

    async def unreadable(request: Request, error: Exception) -> Response:
        return answer(request, HnsError(Hr.HCN_E_INVALID_JSON, str(error)))

    async def unavailable(request: Request, error: Exception) -> Response:
        _log.error("the database does not answer: %s", error)
        what = "the database does not answer; try again"
        return answer(request, HnsError(Hr.E_RPC_SERVER_UNAVAILABLE, what))

    async def broken(request: Request, error: Exception) -> Response:
        _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return answer(request, HnsError(Hr.E_FAIL, "a defect of hnsemu; its log has the trace"))

    app.add_exception_handler(HnsError, refused)
    app.add_exception_handler(HTTPException, unroutable)
    app.add_exception_handler(RequestValidationError, unreadable)
    app.add_exception_handler(DBAPIError, unavailable)
    app.add_exception_handler(PoolTimeoutError, unavailable)
    app.add_exception_handler(SQLAlchemyError, broken)
    app.add_exception_handler(Exception, broken)


def answer(request: Request, error: HnsError, *, status: int | None = None) -> Response:
    """Return the answer to a failed request in the shape its dialect has."""
    shape = getattr(request.app.state, "v1_failure", None)
    if shape is not None and request.url.path.startswith("/v1"):
        response: Response = shape(request, error, status)
        return response
    return record_response(error, status=status)
