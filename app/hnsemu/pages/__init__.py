"""Pages: the emulated hosts in a browser, from the same use cases as the API."""

from fastapi import APIRouter

from hnsemu.pages import access, assets, hosts, objects, topology, trace
from hnsemu.pages.refusals import failure

__all__ = ["failure", "router"]

router = APIRouter()
for _part in (access, assets, hosts, objects, topology, trace):
    router.include_router(_part.router)
