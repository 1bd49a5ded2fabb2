"""Refusals of hnsemu itself below /docker, in Docker's shape: hosts, tokens, bodies, databases."""

from fastapi import Request, Response

from hnsemu.api.faulting import FAULTY
from hnsemu.docker.api import answers
from hnsemu.docker.api.door import daemon_answering, headers_of
from hnsemu.docker.domain.daemons import daemon_of
from hnsemu.docker.errors import FAILED
from hnsemu.docker.services.hns import text_of
from hnsemu.domain.releases import NEWEST
from hnsemu.errors import HnsError


async def failure(request: Request, error: HnsError, status: int) -> Response:
    """Return the error body that Docker's clients print; of a fault, what dockerd says of HNS."""
    release = request.scope.get(FAULTY)
    if release is None:
        response = answers.refusal(error.detail or error.hr.message.strip(), status)
    else:
        text = text_of(error, release, request.method)
        response = answers.refusal(text, FAILED if status == error.hr.status else status)
    response.headers.update(headers_of(daemon_answering(request.scope) or daemon_of(NEWEST)))
    return response
