"""/host: the state that Windows would show, and its decisions about a packet."""

from fastapi import APIRouter

from hnsemu.api.host import topology, trace, vfp, views

router = APIRouter()
for _part in (views, topology, vfp, trace):
    router.include_router(_part.router)

__all__ = ["router"]
