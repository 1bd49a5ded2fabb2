"""A visit: a request for a page of one host, and the answer to it."""

import json
import shlex
import time
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs, quote, urlencode

from fastapi import Request, Response

from hnsemu import DEFAULT_URL, __version__
from hnsemu.api.deps import service
from hnsemu.api.scope import host_of
from hnsemu.config import Settings
from hnsemu.domain import digits
from hnsemu.domain.clock import Clock
from hnsemu.domain.filetime import utc
from hnsemu.errors import HnsError, Hr
from hnsemu.pages.digest import digest_of, digest_of_page
from hnsemu.pages.navigation import NAVIGATION
from hnsemu.pages.templates import rendered
from hnsemu.storage.transaction import Hns

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

# A browser looks again with the tag of the page that it shows.
_NO_TAG = 'data-tag=""'

AT_MOST = 30
"""Seconds for which a page is the same while nothing is written."""

_LATER = 5  # seconds
_LARGEST_FORM, _MOST_MEMBERS = 1024 * 1024, 1000
_LARGEST = 10**18 - 1


@dataclass(frozen=True, slots=True)
class Visit:
    """A request for a page, and the HNS service of the host that its URL names.

    state: stands for the state that the page is read from, or for an earlier one; "" for none.
    hosts: names of those that the page shows, "" for journals; None for all.
    """

    request: Request
    hns: Hns
    state: str = ""
    hosts: frozenset[str] | None = None

    @property
    def settings(self) -> Settings:
        """Return the settings of the service."""
        return service(self.request).settings

    @property
    def may_change(self) -> bool:
        """Whether pages change what they show; else they have no buttons for it."""
        return self.settings.ui == "write"

    @property
    def base(self) -> str:
        """Return the path of the service: "" unless a proxy puts it below another path."""
        return base_of(self.request)

    @property
    def here(self) -> str:
        """Return the path of the host's pages, as the browser asks for it."""
        return f"{self.base}{self.path}"

    @property
    def path(self) -> str:
        """Return the path of the host's pages below the service's own."""
        return pages_of(self.hns.host_name)

    @property
    def address(self) -> str:
        """Return the address of the host's API, as the browser reached it."""
        reached = str(self.request.base_url).rstrip("/")
        return f"{reached.removesuffix(f'/hosts/{self.hns.host_name}')}/hosts/{self.hns.host_name}"

    @property
    def options(self) -> str:
        """Return the options by which a command reaches the host: its name, and where it is."""
        root = self.address.removesuffix(f"/hosts/{self.hns.host_name}")
        at = [] if root == DEFAULT_URL else ["--url", root]
        return shlex.join(["--host", self.hns.host_name, *at])

    def asks(self, name: str, default: str = "") -> str:
        """Return what the query string says about `name`; the last one counts."""
        return self.request.query_params.get(name, default)

    @property
    def start(self) -> int:
        """Return the position at which a table begins, as the query string says; 0 without one.

        Raises: E_INVALIDARG.
        """
        return self.place("start") or 0

    def place(self, name: str) -> int | None:
        """Return the number that the query string says about `name`, None without one.

        Raises: E_INVALIDARG.
        """
        text = self.asks(name)
        number = digits.number_in(text)
        if text and number is None:
            what = f"{name}: {text!r} is no place in the table; follow the links below it"
            raise HnsError(Hr.E_INVALIDARG, what)
        return number

    def form(self) -> dict[str, str]:
        """Return the members of a form that was sent; the last one of a name counts.

        Raises: E_INVALIDARG for a form that no page has.
        """
        content: bytes = getattr(self.request, "_body", b"")
        if len(content) > _LARGEST_FORM or content.count(b"&") > _MOST_MEMBERS:
            what = f"a form has at most {_LARGEST_FORM} bytes and {_MOST_MEMBERS} members"
            raise HnsError(Hr.E_INVALIDARG, f"{what}; send a large document to the API")
        members = parse_qs(content.decode("utf-8", "replace"), keep_blank_values=True)
        return {name: values[-1] for name, values in members.items()}

    def again(self, **changed: object) -> str:
        """Return the query string of this page with other members; None leaves one out."""
        members = {**self.request.query_params, **changed}
        return urlencode({name: value for name, value in members.items() if value is not None})

    def shown(
        self,
        template: str,
        title: str,
        *,
        document: str = "",
        status: int = 200,
        is_of_host: bool = True,
        **members: object,
    ) -> Response:
        """Return the page that a template makes.

        template:   its path below `pages`.
        document:   path that answers the same as JSON, as the API does.
        is_of_host: whether it is about the host; pages about the service lead to no host's pages.
        """
        content = rendered(
            template,
            visit=self,
            title=title,
            host=self.hns.host_name,
            here=self.here,
            base=self.base,
            document=document,
            navigation=NAVIGATION if is_of_host else (),
            version=__version__,
            now=utc(self.hns.now()),
            clock=self.hns.database.clock.latest or Clock(),
            hosts=json.dumps(None if self.hosts is None else sorted(self.hosts)),
            **members,
        )
        tag = f'"{digest_of_page(content)}.{self.state}"'
        content = content.replace(_NO_TAG, f"data-tag='{tag}'", 1)
        return Response(content, status, {**_HEADERS, "ETag": tag}, "text/html")

    def elsewhere(self, path: str) -> Response:
        """Return the answer to a form: go on at `path`, below the host's pages."""
        return Response(
            status_code=HTTPStatus.SEE_OTHER, headers={"Location": f"{self.here}{path}"}
        )


def pages_of(host: str) -> str:
    """Return the path of a host's pages below the service's own."""
    return f"/hosts/{quote(host, safe='')}/ui"


def state_tag(request: Request, state: str) -> str:
    """Return what stands for a page in a state of the database, and when it was read; "" for none.

    A poll that knows it is answered without reading: `is_as_known`.
    """
    return f"{digest_of(f'{__version__} {state} {request.url}')}.{_moment()}" if state else ""


def is_poll(request: Request) -> bool:
    """Tell whether a browser that shows the page only looks whether it has changed."""
    return request.method == "GET" and bool(_known(request)[1])


def is_as_known(request: Request, state: str) -> bool:
    """Tell whether a browser knows the page in this state, and read it not long ago.

    Some things happen on a host by time alone, so nothing holds for more than 30 s.
    """
    now, _, moment = state.partition(".")
    known, _, then = _known(request)[1].partition(".")
    if not state or known != now:
        return False
    return 0 <= int(moment) - number_in(then) <= AT_MOST


def page_key(request: Request, state: str) -> tuple[str, int]:
    """Return what stands for a page in a state, and the time in seconds.

    state: what `state_tag` returns, not empty.
    """
    known, _, moment = state.partition(".")
    return f"{base_of(request)} {known}", int(moment)


def unless_known(request: Request, answer: Response) -> Response:
    """Return an answer, or that a browser shows it already."""
    tag = answer.headers.get("etag", "")
    if tag and _known(request)[0] == tag.strip('"').partition(".")[0]:
        return not_modified(tag)
    return answer


def _known(request: Request) -> tuple[str, str]:
    """Return what a browser knows of a page: the digest of its content, and its state's tag."""
    content, _, state = request.headers.get("if-none-match", "").strip('"').partition(".")
    return content, state


def not_modified(tag: str) -> Response:
    """Return the answer to a browser that shows what there is to show."""
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})


def not_now(request: Request) -> Response:
    """Return the answer to a browser whose page is read later, as there is too much to do."""
    headers = {"ETag": request.headers["if-none-match"], "Retry-After": str(_LATER)}
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)


def _moment() -> int:
    return int(time.time())


def number_in(text: str) -> int:
    """Return the number that a text is, 0 for one that is none, or is larger than anything here."""
    return digits.number_in(text, _LARGEST) or 0


def base_of(request: Request) -> str:
    """Return the path that a proxy puts before the service's own paths, "" without one."""
    root: str = request.scope.get("root_path", "")
    return root.removesuffix(f"/hosts/{host_of(request.scope)}")
