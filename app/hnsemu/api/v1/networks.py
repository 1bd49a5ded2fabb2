"""HNSCall /networks."""

from typing import Annotated

from fastapi import Request, Response

from hnsemu.api.declarations import JsonBody
from hnsemu.api.pace import Pace
from hnsemu.api.parameters import Body, HnsNetworkId
from hnsemu.api.router import Router
from hnsemu.api.v1.replies import hns_call, reply, reply_fact, reply_facts
from hnsemu.schema.v1.dialect import network_from_v1
from hnsemu.schema.v1.networks import HNSNetwork
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.services import networks

router = Router()

_NetworkBody = Annotated[HostComputeNetwork, JsonBody(HNSNetwork, network_from_v1)]


@hns_call(router, "GET", "/networks")
async def list_hns_networks(request: Request) -> Response:
    """HNSCall GET /networks/."""
    return await reply_facts(request, networks.list_networks)


@hns_call(router, "POST", "/networks")
async def create_hns_network(request: Request, document: _NetworkBody) -> Response:
    """HNSCall POST /networks/."""
    return await reply_fact(request, networks.create_network, document)


@hns_call(router, "GET", "/networks/{id}")
async def get_hns_network(request: Request, network_id: HnsNetworkId) -> Response:
    """HNSCall GET /networks/{id}."""
    return await reply_fact(request, networks.get_network, network_id)


@hns_call(router, "POST", "/networks/{id}")
async def update_hns_network(
    request: Request, document: Body[HNSNetwork], network_id: HnsNetworkId
) -> Response:
    """HNSCall POST /networks/{id}: switches extensions on and off."""
    extensions = document.extensions or ()
    return await reply_fact(request, networks.set_extensions, network_id, extensions)


@hns_call(router, "DELETE", "/networks/{id}", pace=Pace.LONG)
async def delete_hns_network(request: Request, network_id: HnsNetworkId) -> Response:
    """HNSCall DELETE /networks/{id}."""
    return await reply(request, networks.delete_network, network_id)
