"""The door: Docker's Engine API under /docker."""

from hnsemu.docker.api import (
    connections,
    containers,
    events,
    execs,
    files,
    images,
    networks,
    refused,
    streams,
    swarms,
    system,
    volumes,
)
from hnsemu.docker.api.door import Door

_PARTS = (
    system,
    networks,
    connections,
    containers,
    streams,
    execs,
    files,
    images,
    events,
    volumes,
    swarms,
    refused,
)

answer = Door(*(part.routes for part in _PARTS)).handle
"""What answers a request for a path below /docker."""
