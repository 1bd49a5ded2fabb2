"""HCN 2 over HTTP: one router per noun, one handler per function."""

from fastapi import APIRouter

from hnsemu.api.v2 import (
    endpoints,
    guestnetworkservices,
    loadbalancers,
    namespaces,
    networks,
    notifications,
    policylists,
    portreservations,
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
    guestnetworkservices,
    portreservations,
    notifications,
):
    router.include_router(_noun.router)
