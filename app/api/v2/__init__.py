"""HCN 2 over HTTP: one router per noun, one handler per function."""

from fastapi import APIRouter

from app.api.v2 import (
    endpoints,
    loadbalancers,
    namespaces,
    networks,
    notifications,
    policylists,
    sdnroutes,
)

router = APIRouter(prefix="/v2")
for _noun in (
    networks,
    endpoints,
    namespaces,
    loadbalancers,
    sdnroutes,
    policylists,
    notifications,
):
    router.include_router(_noun.router)
