"""/healthz, /livez and /readyz: probes of the service."""

from fastapi import Request, Response

from hnsemu import __version__
from hnsemu.api import answers, seeds
from hnsemu.api.deps import call
from hnsemu.api.router import Router
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import Document
from hnsemu.services import hosts

router = Router(tags=["operations"])


class ServiceStatus(Document):
    """Whether the service is alive, or ready."""

    status: str | None = None
    version: str | None = None


@router.operation("GET", "/healthz", gives=ServiceStatus)
async def get_health(_request: Request) -> Response:
    """Answers 200 while the process lives."""
    return answers.document({"Status": "ok", "Version": __version__})


@router.operation("GET", "/livez", gives=ServiceStatus)
async def get_liveness(_request: Request) -> Response:
    """Answers 200 while the process lives, as /healthz does."""
    return answers.document({"Status": "ok", "Version": __version__})


@router.operation("GET", "/readyz", gives=ServiceStatus)
async def get_readiness(request: Request) -> Response:
    """Answers 200 when the database answers and the seeds are loaded."""
    reason = seeds.pending()
    if reason:
        raise HnsError(Hr.E_SERVICE_NOT_ACTIVE, reason)
    await call(request, hosts.list_hosts, 1)
    return answers.document({"Status": "ready", "Version": __version__})
