"""HNSCall /globals."""

from fastapi import Request, Response

from hnsemu.api.router import Router
from hnsemu.api.v1.replies import hns_call, reply
from hnsemu.errors import HnsError, Hr
from hnsemu.services import hosts
from hnsemu.storage.transaction import Hns

router = Router()

_SERVED_SINCE = (7, 2)  # 1803. Source: hns-behaviour.md section 5 [D]


@hns_call(router, "GET", "/globals")
async def get_hns_globals(request: Request) -> Response:
    """HNSCall GET /globals; only its Version is known."""
    return await reply(request, lambda hns: {"Version": _version(hns)})


@hns_call(router, "GET", "/globals/version")
async def get_hns_version(request: Request) -> Response:
    """HNSCall GET /globals/version, with which every Go client starts."""
    return await reply(request, _version)


def _version(hns: Hns) -> dict[str, int]:
    release = hosts.release_of_host(hns)
    if release.hns < _SERVED_SINCE:
        raise HnsError(
            Hr.HCN_E_REQUEST_UNSUPPORTED, f"{release.title} does not serve its HNS version yet"
        )
    major, minor = release.hns
    return {"Major": major, "Minor": minor}
