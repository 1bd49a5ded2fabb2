"""Answers as bytes: documents are rendered by `schema/` and dumped once."""

from collections.abc import Iterable
from typing import Any

import orjson
from fastapi import Request
from starlette.responses import Response

_JSON = "application/json"


def document(value: Any, status: int = 200) -> Response:  # noqa: ANN401 (any JSON value)
    """Return `value` as a JSON answer."""
    return Response(orjson.dumps(value), status, media_type=_JSON)


def text(value: str, status: int = 200) -> Response:
    """Return JSON text as an answer, as it is."""
    return Response(value, status, media_type=_JSON)


def texts(values: Iterable[str]) -> Response:
    """Return JSON texts as one array."""
    return Response(f"[{','.join(values)}]", media_type=_JSON)


def created(request: Request, answer: Response, noun: str, object_id: str) -> Response:
    """Turn `answer` into 201 with the address of the new object."""
    answer.status_code = 201
    prefix = request.scope.get("hnsemu.prefix", "")
    answer.headers["Location"] = f"{prefix}/v2/{noun}/{object_id}"
    return answer


def nothing() -> Response:
    """Return 204."""
    return Response(status_code=204)
