"""Signing in: with HNSEMU_TOKEN a browser gets a cookie for the token (docs/security.md)."""

from http import HTTPStatus
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response

from hnsemu.api.admission import COOKIE, SIGN_IN, session_of
from hnsemu.api.deps import hns_of, service
from hnsemu.pages.visit import Visit, base_of

router = APIRouter()

_MONTH = 30 * 86_400


@router.post(SIGN_IN, include_in_schema=False)
async def sign_in(request: Request) -> Response:
    """Give the cookie to who knows the token, and go to the page that was asked for."""
    members = parse_qs((await request.body()).decode("utf-8", "replace"))
    token = service(request).settings.token
    given = members.get("token", [""])[-1]
    if token and session_of(given) != session_of(token):
        return _form(request, "This is not the token of the service.", HTTPStatus.UNAUTHORIZED)
    answer = Response(
        status_code=HTTPStatus.SEE_OTHER,
        headers={"Location": f"{base_of(request)}{_own_path(members.get('to', ['/'])[-1])}"},
    )
    answer.set_cookie(
        COOKIE,
        session_of(token),
        max_age=_MONTH,
        path=f"{base_of(request)}/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return answer


@router.post(f"{SIGN_IN}/out", include_in_schema=False)
async def sign_out(request: Request) -> Response:
    """Take the cookie away."""
    answer = _form(request, "You are signed out.", HTTPStatus.OK)
    answer.delete_cookie(COOKIE, path=f"{base_of(request)}/")
    return answer


def _form(request: Request, message: str, status: int) -> Response:
    return Visit(request, hns_of(request)).shown(
        "access/sign_in.html", "Sign in", status=status, message=message, to="/"
    )


def _own_path(path: str) -> str:
    """Return a path of this service to go to; another server's address is `/`."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_own else "/"


def form_for(request: Request) -> Response:
    """Return the form in place of a page that was refused for want of the token."""
    query = request.url.query
    return Visit(request, hns_of(request)).shown(
        "access/sign_in.html",
        "Sign in",
        status=HTTPStatus.UNAUTHORIZED,
        message="",
        to=request.scope["path"] + (f"?{query}" if query else ""),
    )
