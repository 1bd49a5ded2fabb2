"""Answers as bytes. `schema/` renders the documents; they are dumped once."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import urlencode

import orjson
from fastapi import Request, Response
from starlette.responses import StreamingResponse

from hnsemu.errors import HnsError, Hr

_JSON = "application/json"
_PIECE = 1 << 16
IN_MEMORY = 1 << 20
"""The largest answer, in bytes, that is not kept in a file."""


def document(value: Any, status: int = 200) -> Response:  # noqa: ANN401 (any JSON value)
    """Return `value` as a JSON answer."""
    return Response(orjson.dumps(value), status, media_type=_JSON)


def text(value: str, status: int = 200) -> Response:
    """Return JSON text as an answer, unchanged."""
    return Response(value, status, media_type=_JSON)


def texts(values: Iterable[str]) -> Response:
    """Return JSON texts as one array."""
    return Response(f"[{','.join(values)}]", media_type=_JSON)


def spooled(pieces: Iterable[bytes]) -> Response:
    """Return the pieces of a JSON text, worked out now, as one answer.

    A small one is like any other; a large one is kept in a file and sent from there.
    """
    with spooling() as file:
        for piece in pieces:
            file.write(piece)
        size = file.tell()
    if size <= IN_MEMORY:
        with file:
            return Response(file.read(), media_type=_JSON)
    length = {"Content-Length": str(size)}
    return StreamingResponse(pieces_of(file), headers=length, media_type=_JSON)


@contextmanager
def spooling() -> Iterator[IO[bytes]]:
    """Yield a file to write an answer to; behind the block it is at its beginning, for a reader.

    A client that reads slowly then holds no transaction, nor memory.
    Raises: E_RPC_SERVER_UNAVAILABLE where the file has no room.
    """
    file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (`pieces_of` closes it)
    try:
        yield file
        file.seek(0)
    except OSError as error:
        file.close()
        what = f"there is no room for the answer in the folder of temporary files: {error}"
        raise HnsError(Hr.E_RPC_SERVER_UNAVAILABLE, what) from error
    except BaseException:
        file.close()
        raise


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """Yield what an answer's file holds, and close it."""
    with file:
        while piece := file.read(_PIECE):
            yield piece


def created(request: Request, answer: Response, noun: str, object_id: str) -> Response:
    """Return `answer` with status 201 and the address of the new object."""
    answer.status_code = 201
    root = request.scope.get("root_path", "")
    answer.raw_headers.append((b"location", f"{root}/v2/{noun}/{object_id}".encode("latin-1")))
    return answer


def continued(request: Request, answer: Response, last_id: str | None) -> Response:
    """Return `answer` with the address of the next page in the header `Link` (RFC 8288).

    last_id: id of the last item of this page; None when there is no next page.
    """
    if last_id is not None:
        parameters = {**request.query_params, "after": last_id}
        answer.headers["Link"] = f'<{request.scope["path"]}?{urlencode(parameters)}>; rel="next"'
    return answer


def nothing() -> Response:
    """Return 204."""
    return Response(status_code=204)
