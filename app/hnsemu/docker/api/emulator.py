"""/emulator/hosts/{name}/docker: control of the daemon that no API of Docker has."""

from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.deps import call
from hnsemu.api.pace import Pace
from hnsemu.api.parameters import HostName
from hnsemu.api.router import ControlRouter
from hnsemu.docker.errors import DockerError
from hnsemu.docker.schema.daemon import DockerDaemonRecord, daemon_record
from hnsemu.docker.services import daemon
from hnsemu.errors import HnsError, Hr

router = ControlRouter(prefix="/emulator/hosts", tags=["emulator"])


@router.operation("POST", "/{name}/docker/restart", gives=DockerDaemonRecord, pace=Pace.LONG)
async def restart_docker(request: Request, _host: HostName) -> Response:
    """Restart Docker's daemon, or start it: running containers end, restart policies apply.

    It takes over the networks that HNS has then, and deletes their endpoints.
    """
    try:
        standing = await call(request, daemon.restart_daemon)
    except DockerError as error:
        raise HnsError(Hr.E_SERVICE_NOT_ACTIVE, error.message) from error
    record = daemon_record(standing.daemon_id, standing.release)
    return answers.text(record.model_dump_json())
