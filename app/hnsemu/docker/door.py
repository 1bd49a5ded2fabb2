"""Docker's Engine API under /docker, and the daemon of each host, loaded when somebody asks for it.

Most services are never asked, and it is a quarter of the program.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from anyio.to_thread import run_sync
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from hnsemu.api.scope import path_of
from hnsemu.storage.transaction import HostClient, Transaction

if TYPE_CHECKING:
    from hnsemu.storage.nouns import Noun

_PREFIX = "/docker/"


class _Door(BaseRoute):
    """All of Docker's routes as one."""

    _answer: ASGIApp | None = None  # loaded in a thread, once: a thread for each call costs as much

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Take every path below /docker."""
        if scope["type"] == "http" and (path_of(scope) + "/").startswith(_PREFIX):
            return Match.FULL, {}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if self._answer is None:
            self._answer = (await run_sync(import_module, "hnsemu.docker.api")).answer
        await self._answer(scope, receive, send)


class _Client:
    """The daemon as a client of HNS: it starts with the host that runs it."""

    section = "docker"

    @property
    def nouns(self) -> "Sequence[Noun]":
        """Return what the daemon keeps, for state documents."""
        found: Sequence[Noun] = import_module("hnsemu.docker.storage.state").NOUNS
        return found

    def host_started(self, tx: Transaction) -> None:
        """Start the daemon if it has been started before, or the host's definition says so."""
        _daemon().host_started(tx)

    def host_ends(self, tx: Transaction) -> None:
        """Let the other hosts of a swarm forget what this one has on its networks."""
        _daemon().host_ends(tx)

    def endpoints_of(self, tx: Transaction, container: str, sender: str = "") -> Sequence[str]:
        """Return the endpoints of a container that runs, or of the one whose network it shares.

        Raises: TYPE_E_AMBIGUOUSNAME for what means several containers.
        """
        found: Sequence[str] = _daemon().endpoints_of(tx, container, sender)
        return found

    def present(self, tx: Transaction, kind: str, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the names of those containers or networks of the daemon that have these ids."""
        found: Mapping[str, str] = import_module("hnsemu.docker.storage.presence").present(
            tx, kind, ids
        )
        return found

    def check_state(self, tx: Transaction) -> None:
        """Read what the daemon keeps as its callers will read it."""
        _daemon().check_state(tx)


CLIENTS: tuple[HostClient, ...] = (_Client(),)
"""What starts with every host."""


def routes() -> BaseRoute:
    """Return all of Docker's routes as one, to be tried behind the table of hnsemu's own."""
    return _Door()


@cache
def _daemon() -> Any:  # noqa: ANN401 (a module that is loaded late)
    return import_module("hnsemu.docker.services.daemon")
