"""HNSCall /networks."""

from fastapi import APIRouter, Request, Response

from hnsemu.api.deps import body, is_strict, object_id
from hnsemu.api.v1.replies import hns_call, reply, reply_fact, reply_facts
from hnsemu.schema.base import parse
from hnsemu.schema.v1.dialect import network_from_v1
from hnsemu.schema.v1.networks import HNSNetwork
from hnsemu.services import networks

router = APIRouter()


@hns_call(router, "GET", "/networks")
async def list_hns_networks(request: Request) -> Response:
    """HNSCall GET /networks/."""
    return await reply_facts(request, networks.list_networks)


@hns_call(router, "POST", "/networks", HNSNetwork)
async def create_hns_network(request: Request) -> Response:
    """HNSCall POST /networks/."""
    asked = network_from_v1(await body(request), strict=is_strict(request))
    return await reply_fact(request, networks.create_network, asked)


@hns_call(router, "GET", "/networks/{id}")
async def get_hns_network(request: Request) -> Response:
    """HNSCall GET /networks/{id}."""
    return await reply_fact(request, networks.get_network, object_id(request))


@hns_call(router, "POST", "/networks/{id}", HNSNetwork)
async def update_hns_network(request: Request) -> Response:
    """HNSCall POST /networks/{id}: switches extensions on and off."""
    asked = parse(HNSNetwork, await body(request), strict=is_strict(request))
    return await reply_fact(
        request, networks.set_extensions, object_id(request), asked.extensions or ()
    )


@hns_call(router, "DELETE", "/networks/{id}")
async def delete_hns_network(request: Request) -> Response:
    """HNSCall DELETE /networks/{id}."""
    return await reply(request, networks.delete_network, object_id(request))
