"""HNSCall /accelnet."""

from typing import Annotated

from fastapi import Request, Response

from hnsemu.api.declarations import JsonBody
from hnsemu.api.router import Router
from hnsemu.api.v1.replies import hns_call, reply
from hnsemu.schema.v1.accelnet import HNSMacAddressList, mac_address_list, read_mac_addresses
from hnsemu.services import accelnet

router = Router()

_MacAddressesBody = Annotated[tuple[str, ...], JsonBody(HNSMacAddressList, read_mac_addresses)]


@hns_call(router, "GET", "/accelnet")
async def get_hns_accelnet(request: Request) -> Response:
    """HNSCall GET /accelnet/: the management MAC addresses. Since HNS 15.4."""
    return await reply(request, lambda hns: mac_address_list(accelnet.get_management_macs(hns)))


@hns_call(router, "POST", "/accelnet")
async def set_hns_accelnet(request: Request, addresses: _MacAddressesBody) -> Response:
    """HNSCall POST /accelnet/: replaces the list."""
    return await reply(
        request, lambda hns: mac_address_list(accelnet.set_management_macs(hns, addresses))
    )


@hns_call(router, "DELETE", "/accelnet")
async def delete_hns_accelnet(request: Request) -> Response:
    """HNSCall DELETE /accelnet/: empties the list and returns it."""
    return await reply(request, lambda hns: mac_address_list(accelnet.set_management_macs(hns, ())))
