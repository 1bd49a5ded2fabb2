"""Which requests are refused before they reach a route.

A request is refused with a foreign Host header, from a page of another site, without the token,
with a compressed body, or with one over the limit. docs/security.md describes the attacks.
"""

import functools
import hmac
import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

from hnsemu.domain.digits import number_in
from hnsemu.errors import HnsError, Hr

_PORT = re.compile(r":\d*$")
_ANY = "*"
_SAFE = {"GET", "HEAD", "OPTIONS"}
_BODILESS = {"GET", "HEAD"}
_PLAIN = {"", "identity"}
OPEN_PATHS = {"/healthz", "/livez", "/readyz"}
"""Probes, which need no token."""

SIGN_IN = "/ui/sign-in"
"""Where a browser sends the token, and gets the cookie."""

COOKIE = "hnsemu"
"""Its value stands for the token in requests of a browser."""

_UNGUARDED = re.compile(rf"(/hosts/[^/]+)?({SIGN_IN}(/out)?|/assets/[^/]*(/[^/]*)?)")

Headers = Mapping[bytes, bytes]
"""The first value of each header by its name in lower case."""


@dataclass(frozen=True, slots=True)
class Denial:
    """Why a request is not admitted, the HTTP status, and headers of its own.

    is_call: whether its caller is admitted and only what it sent is refused. A host's journal
             records that; of anybody else it records nothing, so that nobody without the token
             writes to the database, or pushes the calls of a test out of the journal.
    """

    error: HnsError
    status: int
    headers: Mapping[str, str] | None = None
    is_call: bool = False


class Admission:
    """The checks of a request, in their order."""

    def __init__(self, allowed_hosts: Iterable[str], token: str, body_limit: int) -> None:
        """Set what is admitted.

        allowed_hosts: host names without a port, besides loopback; `*` accepts all.
        token:         what clients must send; an empty one accepts all requests.
        body_limit:    bytes.
        """
        self._allowed = {"localhost", *(name.strip().lower() for name in allowed_hosts)} - {""}
        self._token = token.encode()
        self._cookie = f"{COOKIE}={session_of(token)}".encode()
        self._limit = body_limit
        self._is_own = functools.lru_cache(maxsize=256)(self._is_own_host)

    def denial(self, scope: Scope, headers: Headers) -> Denial | None:
        """Return why a request is refused before its route is looked for, None if it is not."""
        return (
            self._foreign_host(scope, headers)
            or self._no_token(scope, headers)
            or _foreign_origin(scope, headers)
            or _encoded_body(scope, headers)
            or self._large_body(scope, headers)
        )

    def limited(self, scope: Scope, receive: Receive, headers: Headers) -> Receive:
        """Return `receive` with a limit to the body; one whose length was announced has it."""
        if scope["method"] in _BODILESS or (
            b"content-length" in headers and b"transfer-encoding" not in headers
        ):
            return receive
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._limit:
                raise HTTPException(413, self._too_large())
            return message

        return limited

    def _foreign_host(self, scope: Scope, headers: Headers) -> Denial | None:
        """Refuse foreign Host headers, so that no page in a browser reaches a local service.

        Loopback names and addresses are accepted, and the address that the request came to.
        A request with several (RFC 9112, section 3.2) is answered with 400.
        """
        if len(headers) < len(scope["headers"]) and _count(scope, b"host") > 1:
            refusal = HnsError(Hr.E_INVALIDARG, "the request has several Host headers; send one")
            return Denial(refusal, 400)
        host = headers.get(b"host", b"").decode("latin-1")
        if _ANY in self._allowed or self._is_own(host, (scope.get("server") or ("",))[0]):
            return None
        refusal = HnsError(
            Hr.E_ACCESSDENIED,
            f"this service does not answer to the Host {host!r}; use localhost, or list "
            "the name in HNSEMU_ALLOWED_HOSTS",
        )
        return Denial(refusal, 421)

    def _is_own_host(self, host: str, reached: str) -> bool:
        """Tell whether a Host header names this service, which was reached at an address."""
        name = _PORT.sub("", host).lower()
        if name in self._allowed:
            return True
        try:
            address = ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return False
        return address.is_loopback or str(address) == reached

    def _no_token(self, scope: Scope, headers: Headers) -> Denial | None:
        """Refuse requests without the token, if the service has one; probes need none."""
        if not self._token or scope["path"] in OPEN_PATHS:
            return None
        scheme, _, given = headers.get(b"authorization", b"").partition(b" ")
        is_right = hmac.compare_digest(given.strip(), self._token)
        if scheme.lower() == b"bearer" and is_right:
            return None
        if self._has_cookie(headers) or _UNGUARDED.fullmatch(scope["path"]):
            return None
        refusal = HnsError(
            Hr.E_ACCESSDENIED,
            "this service requires a token: send `Authorization: Bearer <HNSEMU_TOKEN>`",
        )
        return Denial(refusal, 401, {"WWW-Authenticate": 'Bearer realm="hnsemu"'})

    def _has_cookie(self, headers: Headers) -> bool:
        """Tell whether the browser has signed in; `_foreign_origin` guards what it changes."""
        cookies = headers.get(b"cookie", b"").split(b";")
        return any(hmac.compare_digest(cookie.strip(), self._cookie) for cookie in cookies)

    def _large_body(self, scope: Scope, headers: Headers) -> Denial | None:
        """Refuse a body that is announced to be over the limit."""
        announced = headers.get(b"content-length", b"").decode("latin-1")
        if scope["method"] in _BODILESS or not announced.isdigit():
            return None
        if number_in(announced, self._limit) is not None:
            return None
        return Denial(HnsError(Hr.E_INVALIDARG, self._too_large()), 413, is_call=True)

    def _too_large(self) -> str:
        return f"the body is larger than {self._limit} bytes; raise HNSEMU_BODY_LIMIT"


def session_of(token: str) -> str:
    """Return what a cookie holds in place of the token, which nobody can learn from it."""
    return hmac.new(token.encode(), b"hnsemu pages", "sha256").hexdigest()


def _foreign_origin(scope: Scope, headers: Headers) -> Denial | None:
    """Refuse changes from a page of another site (CSRF).

    Browsers name the site in Origin and Sec-Fetch-Site, which no page can remove. Other programs
    send neither, whatever content type they use.
    """
    origin, site = headers.get(b"origin"), headers.get(b"sec-fetch-site", b"")
    if scope["method"] in _SAFE or (origin is None and not site):
        return None
    host = headers.get(b"host", b"")
    is_own = origin is None or origin in {b"http://" + host, b"https://" + host}
    if is_own and site not in {b"cross-site", b"same-site"}:
        return None
    name = (origin or b"").decode("latin-1") or "another site"
    refusal = HnsError(
        Hr.E_ACCESSDENIED,
        f"a page of {name} may not change anything here; only programs and pages of this "
        "service may",
    )
    return Denial(refusal, 403)


def _encoded_body(scope: Scope, headers: Headers) -> Denial | None:
    """Refuse a compressed body (RFC 9110, section 15.5.16): the limit is one of bytes as sent."""
    coding = headers.get(b"content-encoding", b"").decode("latin-1").strip()
    if scope["method"] in _BODILESS or coding.lower() in _PLAIN:
        return None
    if headers.get(b"content-length", b"0") == b"0" and b"transfer-encoding" not in headers:
        return None
    refusal = HnsError(
        Hr.E_NOT_SUPPORTED,
        f"the body has the Content-Encoding {coding!r}; send it as it is, without that header",
    )
    return Denial(refusal, 415, {"Accept-Encoding": "identity"}, is_call=True)


def _count(scope: Scope, header: bytes) -> int:
    return sum(name == header for name, _ in scope["headers"])
