"""/host: what Windows would show of the emulated host, and what it would do with a packet."""

from fastapi import APIRouter

from hnsemu.api.host import trace, vfp, views

router = APIRouter()
for _part in (views, vfp, trace):
    router.include_router(_part.router)

__all__ = ["router"]
