"""HNS 1 over HTTP: `/v1/<the path of HNSCall>`, with and without a slash at the end."""

from fastapi import APIRouter

from hnsemu.api.v1 import accelnet, diagnostics, endpoints, namespaces, networks, policylists
from hnsemu.api.v1 import globals as global_paths
from hnsemu.api.v1.replies import failure

__all__ = ["failure", "router"]

router = APIRouter(prefix="/v1", tags=["hns"])
for _noun in (networks, endpoints, policylists, namespaces, global_paths, accelnet, diagnostics):
    router.include_router(_noun.router)
