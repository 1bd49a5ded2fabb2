"""Pages: the emulated hosts in a browser, from the same use cases as the API."""

from fastapi import APIRouter

from hnsemu.pages import (
    access,
    api,
    assets,
    changes,
    coverage,
    docker,
    events,
    faults,
    hosts,
    matrix,
    objects,
    policy,
    ports,
    requests,
    snapshots,
    topology,
    trace,
    windows,
)
from hnsemu.pages.refusals import failure

__all__ = ["failure", "router"]

router = APIRouter()
for _part in (
    access,
    assets,
    changes,
    hosts,
    matrix,
    objects,
    policy,
    ports,
    topology,
    trace,
    windows,
    requests,
    faults,
    snapshots,
    events,
    docker,
    coverage,
    api,
):
    router.include_router(_part.router)
