"""Answers of the door: documents, empty ones, and refusals."""

from collections.abc import AsyncIterator
from http import HTTPStatus

import orjson
from fastapi import Response
from fastapi.responses import StreamingResponse

_JSON = "application/json"
_PIECE = 1 << 20
"""Bytes that go to the client at once."""


def document(value: object, status: int = HTTPStatus.OK) -> Response:
    """Return a JSON answer; a large one is sent in pieces, between which others have their turn."""
    content = orjson.dumps(value)
    if len(content) <= _PIECE:
        return Response(content, status, media_type=_JSON)
    length = {"Content-Length": str(len(content))}
    return StreamingResponse(_pieces(content), status, length, media_type=_JSON)


def nothing(status: int = HTTPStatus.NO_CONTENT) -> Response:
    """Return an answer without a body."""
    return Response(status_code=status)


def refusal(message: str, status: int) -> Response:
    """Return Docker's error body."""
    return document({"message": message}, status)


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), _PIECE):
        yield content[start : start + _PIECE]
