"""Around each call of a program: the host's journal records it, its faults let it fail.

Calls are those of /v1, /v2 and /docker; nothing under /emulator, no probe and no page is one. On a
host with neither a call passes with a comparison of numbers (see `watches.py`).
"""

from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

import anyio
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hnsemu.api.deps import WATCHER, Service
from hnsemu.api.faulting import Faulting
from hnsemu.api.faults import answer
from hnsemu.api.recording import Recording
from hnsemu.api.scope import host_of, segments_of
from hnsemu.domain.operations import DOORS
from hnsemu.domain.watch import Watch
from hnsemu.errors import HnsError, Hr
from hnsemu.storage.transaction import WatchChanged, Watcher

_CONTROL = "emulator"  # what is behind it sees every call that was answered
_START = "http.response.start"
_FAILURES = (HnsError, SQLAlchemyError)


class Watching:
    """Let each call of a program begin with what is true of its host's journal."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        """Wrap `app`, which serves for `service`."""
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; a call begins again when its host is not as it was believed."""
        door = segments_of(scope)[0]
        if door not in DOORS:
            if door == _CONTROL:
                await self._service.recorder.flush()
            await self._app(scope, receive, send)
            return
        name, repeatable = host_of(scope), Repeatable(receive)
        watch = self._service.watches.of(name)
        while True:
            try:
                await self._serve(watch, scope, repeatable, send)
            except WatchChanged:
                repeatable.rewind()
                scope["state"].pop("hresult", None)
            else:
                return
            try:
                watch = await self._service.watches.learn(name)
            except _FAILURES as error:
                refusal = HnsError(
                    Hr.E_RPC_SERVER_UNAVAILABLE,
                    f"the database does not answer: {error}; nothing was changed, try again",
                )
                response = await answer(Request(scope), refusal)
                await response(scope, receive, send)
                return

    async def _serve(self, watch: Watch, scope: Scope, receive: "Repeatable", send: Send) -> None:
        watcher = scope[WATCHER] = Watcher(watch.host_key, watch.version)
        if watch.journal is None and not watch.faults:
            await self._app(scope, receive, self._confirming(watch, watcher, scope, send))
            return
        await receive.read()
        recording = Recording(
            self._service, watch, watcher, scope, receive.body, is_whole=receive.is_whole
        )
        confirming = self._confirming(watch, watcher, scope, recording.around(send))
        try:
            await self._faulty(watch, recording, scope, receive, confirming)
        except WatchChanged:
            raise
        except BaseException:
            with anyio.CancelScope(shield=True):
                await recording.end(status=500)
            raise
        await recording.end()

    async def _faulty(
        self, watch: Watch, recording: Recording, scope: Scope, receive: "Repeatable", send: Send
    ) -> None:
        """Let the call happen, as the faults of the host want it."""
        if not watch.faults:
            await self._app(scope, receive, send)
            return
        faulting = Faulting(self._service, watch, scope, receive.body)
        await faulting.serve(self._app, receive, send, recording)

    def _confirming(self, watch: Watch, watcher: Watcher, scope: Scope, send: Send) -> Send:
        """Return `send`, which lets no answer go whose call no transaction has confirmed."""

        async def confirmed(message: Message) -> None:
            if not watcher.is_confirmed and message["type"] == _START:
                watcher.is_confirmed = True
                with suppress(*_FAILURES):  # nobody can say, and the answer says why
                    if await self._service.watches.learn(host_of(scope)) != watch:
                        raise WatchChanged
            await send(message)

        return confirmed


class Repeatable:
    """What a client sends, which can be received again from the beginning."""

    def __init__(self, receive: Receive) -> None:
        """Begin with nothing received."""
        self._receive = receive
        self._messages: list[Message | Exception] = []
        self._next = 0

    async def __call__(self) -> Message:
        """Return the next message, or raise what receiving it raised."""
        if self._next == len(self._messages):
            message = await self._receive()
            if message["type"] != "http.request":
                return message
            self._messages.append(message)
        found = self._messages[self._next]
        self._next += 1
        if isinstance(found, Exception):
            raise found
        return found

    def rewind(self) -> None:
        """Begin again."""
        self._next = 0

    async def read(self) -> None:
        """Receive the whole body; what fails is raised when it is received again."""
        is_there = any(isinstance(m, Exception) or _is_last(m) for m in self._messages)
        while not is_there:
            try:
                message = await self._receive()
            except Exception as error:  # noqa: BLE001 (it is raised later, where it is expected)
                self._messages.append(error)
                return
            self._messages.append(message)
            is_there = _is_last(message)

    @property
    def is_whole(self) -> bool:
        """Whether all of the body was received."""
        last = self._messages[-1] if self._messages else None
        if last is None or isinstance(last, Exception):
            return False
        return last["type"] == "http.request" and not last.get("more_body", False)

    @property
    def body(self) -> bytes:
        """The body as far as it was received."""
        return b"".join(
            message.get("body", b"")
            for message in self._messages
            if not isinstance(message, Exception)
        )


def _is_last(message: MutableMapping[str, Any]) -> bool:
    return message["type"] != "http.request" or not message.get("more_body", False)
