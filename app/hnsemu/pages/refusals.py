"""What went wrong, as a page."""

from difflib import get_close_matches
from http import HTTPStatus

from fastapi import Request, Response

from hnsemu.api.deps import call_aside, hns_of
from hnsemu.api.faults import RESULT_HEADER, record
from hnsemu.errors import HnsError, Hr
from hnsemu.pages.access import form_for
from hnsemu.pages.navigation import NAVIGATION, Place
from hnsemu.pages.visit import Visit
from hnsemu.services import hosts

_NEAR = 5  # hosts that a page suggests


async def failure(request: Request, error: HnsError, status: int) -> Response:
    """Return the page that says what was refused, why, and what to do."""
    if status == HTTPStatus.UNAUTHORIZED:
        return form_for(request)
    hns = hns_of(request)
    known = await _other_hosts(request, error)
    response = Visit(request, hns).shown(
        "refused.html",
        "Refused",
        status=status,
        code=status,
        record=record(error),
        around=_around(request.url.path) if known is None else None,
        near=[] if known is None else get_close_matches(hns.host_name, known, _NEAR),
        is_of_host=known is None,
    )
    response.headers[RESULT_HEADER] = f"{error.hr.hresult:#010x}"
    return response


async def _other_hosts(request: Request, error: HnsError) -> list[str] | None:
    """Return the hosts that there are where the request names another, else None."""
    if error.hr is not Hr.E_ELEMENT_NOT_FOUND:
        return None
    known = await call_aside(request, hosts.host_names)
    return None if hns_of(request).host_name in known else known


def _around(path: str) -> Place | None:
    """Return the list that has what a path names, None without one."""
    places = (place for _, places in NAVIGATION for place in places if place.path)
    return next((place for place in places if f"/ui{place.path}/" in path), None)
