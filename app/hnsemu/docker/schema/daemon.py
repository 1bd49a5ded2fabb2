"""The daemon as /emulator shows it."""

from pydantic import BaseModel, ConfigDict

from hnsemu.docker.domain.daemons import daemon_of, dotted
from hnsemu.domain.releases import Release


class DockerDaemonRecord(BaseModel):
    """Docker's daemon on a host."""

    model_config = ConfigDict(frozen=True)

    id: str
    version: str
    api_version: str


def daemon_record(daemon_id: str, release: Release) -> DockerDaemonRecord:
    """Return the record of a daemon that runs on a host of `release`."""
    daemon = daemon_of(release)
    return DockerDaemonRecord(id=daemon_id, version=daemon.version, api_version=dotted(daemon.api))
