"""What the faults of a host do to one call, between its arrival and its answer.

A fault holds no thread and no database connection while it delays or hangs. It stands around the
handler of a call of /v1, /v2 or /docker, so nothing else can fail by it.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TypeVar

import anyio
import orjson
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hnsemu.api.deps import WATCHER, Service
from hnsemu.api.faults import RESULT_HEADER, answer
from hnsemu.api.recording import Recording, caller_of
from hnsemu.api.scope import host_of, path_of
from hnsemu.domain.fault_presets import localised_error, localised_message, result_of
from hnsemu.domain.faults import Action, Attempt, Effect, Fault, is_matched, without_members
from hnsemu.domain.journal import name_in
from hnsemu.domain.operations import operation_of
from hnsemu.domain.watch import Watch
from hnsemu.domain.wildcards import matches
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v1.envelope import spaced
from hnsemu.services import faults, hosts
from hnsemu.storage.transaction import Hns

T = TypeVar("T")

FAULTY = "hnsemu.faulty"
"""Key of a scope: the release of the host, of a call that a fault refuses."""

DROP = "hnsemu.drop"
"""Key of a scope: closes the connection without an answer; see hnsemu.protocol."""

_CALL_ENDED = 400  # the first status that is no success


class Faulting:
    """The faults of one host around one call."""

    def __init__(self, service: Service, watch: Watch, scope: Scope, body: bytes) -> None:
        """Look at a call whose body has arrived."""
        self._service, self._watch, self._scope = service, watch, scope
        self._body = body
        method, path = scope["method"], path_of(scope)
        caller = caller_of(scope)
        self._operation = operation_of(method, path)
        self._name = caller.operation or self._operation.name
        query = scope.get("query_string", b"").decode("ascii", "replace")
        self._attempt = Attempt(
            self._name,
            method,
            f"{path}?{query}" if query else path,
            clients=tuple(filter(None, (caller.address, caller.agent, caller.process))),
        )

    async def serve(
        self,
        app: ASGIApp,
        receive: Receive,
        send: Send,
        recording: Recording,
    ) -> None:
        """Let the call happen as the faults want it."""
        try:
            action = await self._action()
        except (HnsError, SQLAlchemyError):
            action = Action()  # the handler of the call meets the same, and answers it
        recording.fault = ",".join(map(str, action.numbers))
        effect = action.effect
        if action.delay:
            await anyio.sleep(action.delay)
        if effect.restarts:
            await self._run(partial(hosts.restart_hns, self._hns(with_watcher=False)))
        if effect.is_undone:
            self._scope[WATCHER].keeps = False
        self._scope[WATCHER].halves = effect.is_halved
        if effect.is_done:
            await app(self._scope, receive, _nowhere)
        if effect.hangs:
            await recording.lasts()
            await self._hang(action, receive)
        if effect.hangs or effect.drops:
            await recording.end()
            await self._drop(receive)
        elif effect.hresult is not None or effect.status is not None:
            await self._refuse(effect, send)
        else:
            if effect.without:
                receive = self._stripped(effect.without, receive)
            changed = _changing(effect, send) if _changes_answer(effect) else send
            await app(self._scope, receive, self._arming(changed))

    async def _action(self) -> Action:
        found = await self._matching()
        if not found:
            return Action()
        numbers = [fault.number for fault in found]
        return await self._run(partial(faults.meet_faults, self._hns(), numbers))

    async def _matching(self) -> Sequence[Fault]:
        attempt = self._attempt
        if any(fault.rule.match.name is not None for fault in self._watch.faults):
            names = {
                name_in(self._body.decode("utf-8", "replace")),
                Request(self._scope).query_params.get("name", ""),
                self._operation.object_id,
            }
            if self._operation.object_id:
                work = partial(
                    faults.name_of,
                    self._hns(),
                    self._operation.noun,
                    self._operation.object_id,
                )
                names.add(await self._run(work))
            attempt = Attempt(
                attempt.operation,
                attempt.method,
                attempt.path,
                tuple(filter(None, names)),
                attempt.clients,
            )
        return [fault for fault in self._watch.faults if is_matched(fault.rule.match, attempt)]

    async def _hang(self, action: Action, receive: Receive) -> None:
        """Wait until the fault ends, the service stops, or the client has gone."""
        wakes = self._service.database.wakes
        work = partial(faults.is_there, self._hns(with_watcher=False), action.numbers[-1])

        async def until_gone() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            group.cancel_scope.cancel()

        with wakes.waiting(self._watch.host_key) as waiter:
            async with anyio.create_task_group() as group:
                group.start_soon(until_gone)
                while not wakes.stopped:
                    waiter.prepare()
                    try:
                        is_there = await self._run(work)
                    except HnsError:
                        is_there = False  # the host is gone
                    if not is_there:
                        break
                    await waiter.wait(self._patience(action))
                group.cancel_scope.cancel()

    def _patience(self, action: Action) -> float:
        """Return how many seconds a call hangs before it looks whether it still does."""
        keep_alive: float = self._service.settings.keep_alive
        return min(keep_alive, 1.0) if action.expires else keep_alive

    async def _drop(self, receive: Receive) -> None:
        drop = self._scope.get(DROP)
        if drop is None:
            raise ConnectionAbortedError("a fault drops the connection")
        drop()
        while (await receive())["type"] != "http.disconnect":
            pass

    async def _refuse(self, effect: Effect, send: Send) -> None:
        self._scope[FAULTY] = self._watch.release
        hresult = Hr.E_FAIL.hresult if effect.hresult is None else effect.hresult
        error = HnsError(result_of(hresult, effect.text))
        refused = await answer(Request(self._scope), error, status=effect.status)
        told = replace(effect, language="") if effect.text else effect
        changed = _changing(told, send) if _changes_answer(told) else send
        await refused(self._scope, self._receive_nothing, changed)

    async def _receive_nothing(self) -> Message:
        return {"type": "http.disconnect"}

    def _stripped(self, names: Sequence[str], receive: Receive) -> Receive:
        """Return `receive`, from which the body comes without some members."""
        try:
            body = orjson.dumps(without_members(orjson.loads(self._body), names))
        except orjson.JSONDecodeError:
            return receive
        message: Message | None = {"type": "http.request", "body": body, "more_body": False}

        async def stripped() -> Message:
            nonlocal message
            if message is None:
                return await receive()
            first, message = message, None
            return first

        return stripped

    def _arming(self, send: Send) -> Send:
        """Return `send`, which arms the faults that follow this call before its answer goes."""

        async def arming(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < _CALL_ENDED:
                await self._arm()
            await send(message)

        return arming

    async def _arm(self) -> None:
        numbers = [
            fault.number
            for fault in self._watch.faults
            if fault.rule.match.follows is not None
            and matches(fault.rule.match.follows, self._name)
        ]
        if numbers:
            arm = partial(faults.arm_faults, self._hns(with_watcher=False), numbers)
            with suppress(HnsError, SQLAlchemyError):  # the call has happened, and says so
                await self._run(arm)

    def _hns(self, *, with_watcher: bool = True) -> Hns:
        held = self._service
        watcher = self._scope[WATCHER] if with_watcher else None
        return Hns(held.database, host_of(self._scope), held.source, held.clients, watcher)

    async def _run(self, work: Callable[[], T]) -> T:
        return await self._service.recorder.run(work)


async def _nowhere(_message: Message) -> None:
    """Throw an answer away."""


def _changes_answer(effect: Effect) -> bool:
    return bool(effect.hides or effect.language or effect.is_spaced)


def _changing(effect: Effect, send: Send) -> Send:
    """Return `send`, through which JSON answers that end at once go changed."""
    head: Message | None = None
    body = bytearray()

    async def changed(message: Message) -> None:
        nonlocal head
        if message["type"] == "http.response.start" and _is_document(message):
            head = message
            return
        if head is None or message["type"] != "http.response.body":
            await send(message)
            return
        body.extend(message.get("body", b""))
        if message.get("more_body", False):
            return
        content = _changed(effect, bytes(body), head)
        length = (b"content-length", str(len(content)).encode())
        others = [header for header in head["headers"] if header[0].lower() != length[0]]
        await send({**head, "headers": [*others, length]})
        await send({"type": "http.response.body", "body": content})

    return changed


def _is_document(head: Message) -> bool:
    headers = {name.lower(): value for name, value in head["headers"]}
    media_type: bytes = headers.get(b"content-type", b"")
    return b"content-length" in headers and media_type.startswith(b"application/json")


def _changed(effect: Effect, body: bytes, head: Message) -> bytes:
    """Return a document without what an effect hides, in its language and its spelling."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:  # printed with blanks, which is JSON, or no document at all
        return body
    if effect.hides:
        document = without_members(document, effect.hides)
    if effect.language and isinstance(document, dict) and "Error" in document:
        headers = {name.lower(): value for name, value in head["headers"]}
        code = headers.get(RESULT_HEADER.lower().encode())
        hresult = document.get("ErrorCode") or (int(code, 16) if code else 0)
        document["Error"] = localised_error(effect.language, hresult)
    message = document.get("message") if isinstance(document, dict) else None
    if effect.language and isinstance(message, str):
        document["message"] = localised_message(effect.language, message)
    if effect.is_spaced:
        return spaced(document).encode()
    return orjson.dumps(document)
