"""HNSCall /globals."""

from fastapi import APIRouter, Request, Response

from app.api.v1.replies import both_slashes, reply
from app.api.v2.rendering import release_of
from app.errors import HnsError, Hr

router = APIRouter()

_SERVED_SINCE = (7, 2)  # 1803. Source: hns-behaviour.md section 5 [D]


@both_slashes(router, "GET", "/globals")
async def get_hns_globals(request: Request) -> Response:
    """HNSCall GET /globals; only its Version is known."""
    return await reply(request, {"Version": await _version(request)})


@both_slashes(router, "GET", "/globals/version")
async def get_hns_version(request: Request) -> Response:
    """HNSCall GET /globals/version, with which every Go client starts."""
    return await reply(request, await _version(request))


async def _version(request: Request) -> dict[str, int]:
    release = await release_of(request)
    if release.hns < _SERVED_SINCE:
        raise HnsError(
            Hr.HCN_E_REQUEST_UNSUPPORTED, f"{release.title} does not serve its HNS version yet"
        )
    major, minor = release.hns
    return {"Major": major, "Minor": minor}
