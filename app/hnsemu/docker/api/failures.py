"""Refusals of hnsemu itself below /docker, in Docker's shape: hosts, tokens, bodies, databases."""

from fastapi import Request, Response

from hnsemu.docker.api import answers
from hnsemu.docker.api.door import daemon_answering, headers_of
from hnsemu.docker.domain.daemons import daemon_of
from hnsemu.domain.releases import NEWEST
from hnsemu.errors import HnsError


async def failure(request: Request, error: HnsError, status: int) -> Response:
    """Return the error body that Docker's clients print."""
    response = answers.refusal(error.detail or error.hr.message.strip(), status)
    response.headers.update(headers_of(daemon_answering(request.scope) or daemon_of(NEWEST)))
    return response
