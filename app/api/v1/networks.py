"""HNSCall /networks."""

from fastapi import APIRouter, Request, Response

from app.api.deps import body, call, is_strict, object_id
from app.api.v1.replies import both_slashes, reply, reply_fact, reply_facts
from app.schema.base import parse
from app.schema.v1.dialect import network_from_v1
from app.schema.v1.networks import HNSNetwork
from app.schema.v2.query import EVERYTHING
from app.services import network_modify, networks

router = APIRouter()


@both_slashes(router, "GET", "/networks")
async def list_hns_networks(request: Request) -> Response:
    """HNSCall GET /networks/."""
    return await reply_facts(request, await call(request, networks.list_networks, EVERYTHING))


@both_slashes(router, "POST", "/networks", HNSNetwork)
async def create_hns_network(request: Request) -> Response:
    """HNSCall POST /networks/."""
    asked = network_from_v1(await body(request), strict=is_strict(request))
    return await reply_fact(request, await call(request, networks.create_network, asked))


@both_slashes(router, "GET", "/networks/{id}")
async def get_hns_network(request: Request) -> Response:
    """HNSCall GET /networks/{id}."""
    return await reply_fact(request, await call(request, networks.get_network, object_id(request)))


@both_slashes(router, "POST", "/networks/{id}", HNSNetwork)
async def update_hns_network(request: Request) -> Response:
    """HNSCall POST /networks/{id}: switches extensions on and off."""
    asked = parse(HNSNetwork, await body(request), strict=is_strict(request))
    changed = await call(
        request, network_modify.set_extensions, object_id(request), asked.extensions or ()
    )
    return await reply_fact(request, changed)


@both_slashes(router, "DELETE", "/networks/{id}")
async def delete_hns_network(request: Request) -> Response:
    """HNSCall DELETE /networks/{id}."""
    await call(request, networks.delete_network, object_id(request))
    return await reply(request, None)
