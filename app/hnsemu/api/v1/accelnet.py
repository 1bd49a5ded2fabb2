"""HNSCall /accelnet."""

from fastapi import APIRouter, Request, Response

from hnsemu.api.deps import body, is_strict
from hnsemu.api.v1.replies import hns_call, reply
from hnsemu.schema.base import parse
from hnsemu.schema.v1.accelnet import HNSMacAddressList, mac_address_list
from hnsemu.services import accelnet

router = APIRouter()


@hns_call(router, "GET", "/accelnet")
async def get_hns_accelnet(request: Request) -> Response:
    """HNSCall GET /accelnet/: the management MAC addresses; from HNS 15.4 on."""
    return await reply(request, lambda hns: mac_address_list(accelnet.get_management_macs(hns)))


@hns_call(router, "POST", "/accelnet", HNSMacAddressList)
async def set_hns_accelnet(request: Request) -> Response:
    """HNSCall POST /accelnet/: replaces the list."""
    asked = parse(HNSMacAddressList, await body(request), strict=is_strict(request)).addresses()
    return await reply(
        request, lambda hns: mac_address_list(accelnet.set_management_macs(hns, asked))
    )


@hns_call(router, "DELETE", "/accelnet")
async def delete_hns_accelnet(request: Request) -> Response:
    """HNSCall DELETE /accelnet/: answers the empty list."""
    return await reply(request, lambda hns: mac_address_list(accelnet.set_management_macs(hns, ())))
