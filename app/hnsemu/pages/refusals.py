"""What went wrong, as a page."""

from http import HTTPStatus

from fastapi import Request, Response

from hnsemu.api.deps import hns_of
from hnsemu.api.faults import RESULT_HEADER, record
from hnsemu.errors import HnsError
from hnsemu.pages.access import form_for
from hnsemu.pages.navigation import NAVIGATION, Place
from hnsemu.pages.visit import Visit


async def failure(request: Request, error: HnsError, status: int) -> Response:
    """Return the page that says what was refused, why, and what to do."""
    if status == HTTPStatus.UNAUTHORIZED:
        return form_for(request)
    response = Visit(request, hns_of(request)).shown(
        "refused.html",
        "Refused",
        status=status,
        code=status,
        record=record(error),
        around=_around(request.url.path),
    )
    response.headers[RESULT_HEADER] = f"{error.hr.hresult:#010x}"
    return response


def _around(path: str) -> Place | None:
    """Return the list that has what a path names, None without one."""
    places = (place for _, places in NAVIGATION for place in places if place.path)
    return next((place for place in places if f"/ui{place.path}/" in path), None)
