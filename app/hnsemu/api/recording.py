"""One call on its way into the journal: what was asked, and what goes out as its answer.

The answer of a call is held until the call is recorded, so that a client that has it finds it in
the journal. One that lasts is in the journal as running before its head goes out.
"""

import time
from dataclasses import replace
from functools import lru_cache
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.types import Message, Scope, Send

from hnsemu.api.deps import Service
from hnsemu.api.scope import path_of
from hnsemu.domain.clock import Clock
from hnsemu.domain.digits import number_in
from hnsemu.domain.journal import Call, Caller, body_of
from hnsemu.domain.operations import operation_of
from hnsemu.domain.storable import storable
from hnsemu.domain.watch import Watch
from hnsemu.storage.transaction import Watcher

_SAID = (b"user-agent", b"hns-process", b"hns-function")
_LONGEST = 256  # characters of what a caller says of itself
_EMPTY = {204, 304}
_MOST_ANNOUNCED = 2**62  # what fits into a column


class Recording:
    """The record of one call."""

    def __init__(
        self,
        service: Service,
        watch: Watch,
        watcher: Watcher,
        scope: Scope,
        body: bytes,
        *,
        is_whole: bool = True,
    ) -> None:
        """Note what is called, now; nothing is recorded if the journal is off.

        body:     as far as it was received; `is_whole` if that is all of it.
        """
        self._recorder = None if watch.journal is None else service.recorder
        self._host_key = watch.host_key
        self._most = 0 if watch.journal is None else watch.journal.body
        self._watcher, self._scope = watcher, scope
        self._clock = time.perf_counter()
        self._arrived = service.source.filetime()
        self._started: int | None = None
        self._known = service.database.clock
        self._request = body_of(body, self._most)
        if not is_whole:
            size = max(len(body), announced_size(scope))
            self._request = replace(self._request, size=size, is_cut=True)
        self._caller = caller_of(scope)
        self._answer = bytearray()
        self._size = self._status = self._number = 0
        self._head: Message | None = None
        self._is_done = False
        self.fault = ""

    def around(self, send: Send) -> Send:
        """Return `send`, which notes what it sends, and records the call before the end of it."""

        async def recorded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._status = message["status"]
                if _ends_at_once(message):
                    self._head = message
                    return
                await self._begin()
                await send(message)
                return
            body = message.get("body", b"")
            self._size += len(body)
            self._answer += body[: max(0, self._most - len(self._answer))]
            if not message.get("more_body", False):
                await self.end()
            if self._head is not None:
                head, self._head = self._head, None
                await send(head)
            await send(message)

        return recorded

    async def lasts(self) -> None:
        """Record that the call has no answer yet, for a long time to come."""
        await self._begin()

    async def end(self, status: int = 0) -> None:
        """Record the call, unless it is. status: of an answer that nobody has seen go out."""
        if self._is_done or self._recorder is None:
            return
        self._is_done = True
        if not self._status:
            self._status = status
        call = self._call(is_running=False)
        if self._number:
            await self._recorder.finish(self._host_key, call)
        else:
            await self._recorder.add(self._host_key, call)

    async def _begin(self) -> None:
        if self._recorder is None:
            return
        begun = await self._recorder.begin(self._host_key, self._call(is_running=True))
        self._number = begun.number

    def _call(self, *, is_running: bool) -> Call:
        method, path = self._scope["method"], path_of(self._scope)
        operation = self._caller.operation or operation_of(method, path).name
        query = self._scope.get("query_string", b"").decode("ascii", "replace")
        hresult = _hresult(self._scope, self._status)
        if self._started is None:  # by now the call has met the clock of its host
            self._started = (self._known.latest or Clock()).at(self._arrived)
        return Call(
            operation=operation,
            method=method,
            path=storable(f"{quote(path, safe=_IN_PATHS)}?{query}" if query else path),
            started=self._started,
            number=self._number,
            microseconds=round(1_000_000 * (time.perf_counter() - self._clock)),
            status=self._status,
            hresult=hresult,
            request=self._request,
            answer=body_of(bytes(self._answer), self._most, self._size),
            changes=tuple(self._watcher.changes),
            caller=self._caller,
            fault=self.fault,
            is_running=is_running,
        )


def announced_size(scope: Scope) -> int:
    """Return how many bytes a request says that its body has, 0 where it does not say."""
    text = Headers(scope=scope).get("content-length", "")
    size = number_in(text)
    if size is None:
        return _MOST_ANNOUNCED if text.isdigit() else 0
    return min(size, _MOST_ANNOUNCED)


_IN_PATHS = "/{}:@!$&'()*+,;=-._~"


def _ends_at_once(head: Message) -> bool:
    """Tell whether the whole answer follows its head."""
    names = {name.lower() for name, _ in head["headers"]}
    return b"content-length" in names or head["status"] in _EMPTY


def caller_of(scope: Scope) -> Caller:
    """Return who calls, as far as it says."""
    headers = dict(reversed(scope["headers"]))
    agent, process, function = (headers.get(name, b"") for name in _SAID)
    return _caller((scope.get("client") or ("",))[0], agent, process, function)


@lru_cache(maxsize=256)
def _caller(address: str, *said: bytes) -> Caller:
    return Caller(address, *(storable(text.decode("latin-1"))[:_LONGEST] for text in said))


def _hresult(scope: Scope, status: int) -> int | None:
    """Return what HNS answered; Docker's calls have no HRESULT unless hnsemu refused them."""
    text = scope.get("state", {}).get("hresult")
    if text is not None:
        return int(text, 16)
    return None if path_of(scope).startswith("/docker") or not status else 0
