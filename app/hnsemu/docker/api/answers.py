"""Answers of the door: documents, empty ones, and refusals."""

from http import HTTPStatus

import orjson
from fastapi import Response

_JSON = "application/json"


def document(value: object, status: int = HTTPStatus.OK) -> Response:
    """Return a JSON answer."""
    return Response(orjson.dumps(value), status, media_type=_JSON)


def nothing(status: int = HTTPStatus.NO_CONTENT) -> Response:
    """Return an answer without a body."""
    return Response(status_code=status)


def refusal(message: str, status: int) -> Response:
    """Return Docker's error body."""
    return document({"message": message}, status)
