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

router = APIRouter()
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
    router.routes.extend(_noun.router.routes)  # including them would build each again
