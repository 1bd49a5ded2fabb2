"""What went wrong, as a page."""

from difflib import get_close_matches
from functools import partial
from http import HTTPStatus
from urllib.parse import quote

from fastapi import Request, Response

from hnsemu.api.deps import call_aside, hns_of
from hnsemu.api.faults import RESULT_HEADER, record
from hnsemu.errors import HnsError, Hr
from hnsemu.pages.access import form_for
from hnsemu.pages.navigation import NAVIGATION, Place
from hnsemu.pages.objects.nouns import NOUNS
from hnsemu.pages.visit import Visit, pages_of
from hnsemu.schema.v2.query import EVERYTHING
from hnsemu.services import hosts
from hnsemu.storage.transaction import Hns

_UNKNOWN = {
    Hr.HCN_E_NETWORK_NOT_FOUND,
    Hr.HCN_E_ENDPOINT_NOT_FOUND,
    Hr.E_ELEMENT_NOT_FOUND,
    Hr.HCN_E_GUID_CONVERSION_FAILURE,
}
_NEAR = 5  # hosts or objects that a page suggests
_KNOWN = 200  # objects among which it looks for them
_ALIKE = 0.8  # two GUIDs that have nothing to do with each other are half alike


async def failure(request: Request, error: HnsError, status: int) -> Response:
    """Return the page that says what was refused, why, and what to do."""
    if status == HTTPStatus.UNAUTHORIZED:
        return form_for(request)
    hns = hns_of(request)
    known = await _other_hosts(request, error)
    around = _around(request.url.path) if known is None else None
    if known is not None:
        close = get_close_matches(hns.host_name, known, _NEAR)
        near = [(name, f"/hosts/{quote(name, safe='')}/ui") for name in close]
    elif error.hr in _UNKNOWN:
        near = await call_aside(request, partial(_near, around, request.path_params.get("id", "")))
    else:
        near = []
    response = Visit(request, hns).shown(
        "refused.html",
        "Refused",
        status=status,
        code=status,
        record=record(error),
        around=around,
        near=near,
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


def _near(around: Place | None, named: str, hns: Hns) -> list[tuple[str, str]]:
    """Return the objects whose name or id is like the one that a path names, and where they are."""
    noun = NOUNS.get(around.path.strip("/")) if around is not None else None
    if noun is None or not named:
        return []
    try:
        shown = noun.list(hns, EVERYTHING, _KNOWN, None)
    except HnsError:  # the host went meanwhile
        return []
    ids = {text: one["ID"] for one in shown for text in (one["ID"], one.get("Name")) if text}
    return [
        (text, f"{pages_of(hns.host_name)}/{noun.word}/{ids[text]}")
        for text in get_close_matches(named, ids, _NEAR, _ALIKE)
    ]


def _around(path: str) -> Place | None:
    """Return the list that has what a path names, None without one."""
    places = (place for _, places in NAVIGATION for place in places if place.path)
    return next((place for place in places if f"/ui{place.path}/" in path), None)
