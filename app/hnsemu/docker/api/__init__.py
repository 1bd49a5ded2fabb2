"""The door: Docker's Engine API under /docker."""

from fastapi import FastAPI

from hnsemu.docker.api import (
    connections,
    containers,
    emulator,
    events,
    execs,
    images,
    networks,
    refused,
    streams,
    system,
    volumes,
)
from hnsemu.docker.api.door import Door
from hnsemu.docker.api.failures import failure
from hnsemu.docker.services.daemon import Client

_PARTS = (
    system,
    networks,
    connections,
    containers,
    streams,
    execs,
    images,
    events,
    volumes,
    refused,
)

CLIENTS = (Client(),)
"""What starts with every host."""

__all__ = ["CLIENTS", "emulator", "failure", "install"]


def install(app: FastAPI) -> None:
    """Open the door behind the table of hnsemu's own routes."""
    app.router.routes.insert(1, Door(*(part.routes for part in _PARTS)))
