"""The door: Docker's Engine API under /docker."""

from fastapi import FastAPI

from hnsemu.docker.api import (
    connections,
    containers,
    events,
    execs,
    images,
    networks,
    streams,
    system,
)
from hnsemu.docker.api.door import Door
from hnsemu.docker.api.failures import failure

_PARTS = (system, networks, connections, containers, streams, execs, images, events)

__all__ = ["failure", "install"]


def install(app: FastAPI) -> None:
    """Open the door behind the table of hnsemu's own routes."""
    app.router.routes.insert(1, Door(*(part.routes for part in _PARTS)))
