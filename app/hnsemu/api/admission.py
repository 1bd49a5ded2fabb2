"""Middleware that refuses requests before they reach a route.

A request is refused with a foreign Host header, from a page of another site, without the token, or
with a body over the limit. docs/security.md describes the attacks.
"""

import hmac
import ipaddress
import re
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hnsemu.api.faults import answer
from hnsemu.errors import HnsError, Hr

_PORT = re.compile(r":\d*$")
_ANY = "*"
_SAFE = {"GET", "HEAD", "OPTIONS"}
OPEN_PATHS = {"/healthz", "/livez", "/readyz"}
"""Probes, which need no token."""


class AllowedHosts:
    """Refuse foreign Host headers, so that no page in a browser reaches a local service.

    Loopback names and addresses are accepted, and the address that the request came to.
    """

    def __init__(self, app: ASGIApp, allowed: Iterable[str]) -> None:
        """Wrap `app`; `allowed` are host names without a port; `*` accepts all."""
        self._app = app
        self._allowed = {"localhost", *(name.strip().lower() for name in allowed)} - {""}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 421 to a foreign Host header, 400 to several (RFC 9112, section 3.2)."""
        if scope["type"] == "http" and len(Headers(scope=scope).getlist("host")) > 1:
            refusal = HnsError(Hr.E_INVALIDARG, "the request has several Host headers; send one")
            response = await answer(Request(scope), refusal, status=400)
            await response(scope, receive, send)
            return
        if scope["type"] == "http" and _ANY not in self._allowed:
            host = Headers(scope=scope).get("host", "")
            if not self._is_own(_PORT.sub("", host).lower(), scope):
                refusal = HnsError(
                    Hr.E_ACCESSDENIED,
                    f"this service does not answer to the Host {host!r}; use localhost, or list "
                    "the name in HNSEMU_ALLOWED_HOSTS",
                )
                response = await answer(Request(scope), refusal, status=421)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _is_own(self, name: str, scope: Scope) -> bool:
        if name in self._allowed:
            return True
        try:
            address = ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return False
        return address.is_loopback or str(address) == (scope.get("server") or ("",))[0]


class OwnOrigin:
    """Refuse changes from a page of another site (CSRF).

    Browsers name the site in Origin and Sec-Fetch-Site, which no page can remove. Other programs
    send neither, whatever content type they use.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 to a change from another site."""
        if scope["type"] == "http" and scope["method"] not in _SAFE:
            headers = Headers(scope=scope)
            origin, site = headers.get("origin"), headers.get("sec-fetch-site", "")
            own = {f"{scheme}://{headers.get('host', '')}" for scheme in ("http", "https")}
            if (origin is not None and origin not in own) or site in {"cross-site", "same-site"}:
                refusal = HnsError(
                    Hr.E_ACCESSDENIED,
                    f"a page of {origin or 'another site'} may not change anything here; only "
                    "programs and pages of this service may",
                )
                response = await answer(Request(scope), refusal, status=403)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)


class BearerToken:
    """Refuse requests without the token, if the service has one; probes need none."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        """Wrap `app`; an empty `token` accepts all requests."""
        self._app = app
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 401 to a request that does not carry the token."""
        if scope["type"] == "http" and self._token and scope["path"] not in OPEN_PATHS:
            scheme, _, given = Headers(scope=scope).get("authorization", "").partition(" ")
            is_right = hmac.compare_digest(given.strip().encode(), self._token)
            if scheme.lower() != "bearer" or not is_right:
                refusal = HnsError(
                    Hr.E_ACCESSDENIED,
                    "this service requires a token: send `Authorization: Bearer <HNSEMU_TOKEN>`",
                )
                response = await answer(Request(scope), refusal, status=401)
                response.headers["WWW-Authenticate"] = 'Bearer realm="hnsemu"'
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)


class BodyLimit:
    """Refuse bodies over the limit, whether Content-Length announces them or not."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        """Wrap `app`; `limit` in bytes."""
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 to an oversized body."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced) > self._limit:
            refusal = HnsError(Hr.E_INVALIDARG, self._sentence())
            response = await answer(Request(scope), refusal, status=413)
            await response(scope, receive, send)
            return
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._limit:
                raise HTTPException(413, self._sentence())
            return message

        await self._app(scope, limited, send)

    def _sentence(self) -> str:
        return f"the body is larger than {self._limit} bytes; raise HNSEMU_BODY_LIMIT"
