"""/emulator/hosts/{name}/journal and /requests: what programs called, and what is proven by it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Request, Response
from fastapi.sse import EventSourceResponse, format_sse_event

from hnsemu.api import answers
from hnsemu.api.declarations import QueryParameter
from hnsemu.api.deps import call, call_aside, hns_of, service
from hnsemu.api.events import HEADERS, EventStream, Resumption, comment
from hnsemu.api.faults import UNAVAILABLE
from hnsemu.api.pace import Pace
from hnsemu.api.parameters import HostName, StrictBody
from hnsemu.api.router import ControlRouter
from hnsemu.domain.digits import number_in
from hnsemu.domain.filetime import TICKS
from hnsemu.domain.journal import CallMatch, Journal
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.host.durations import read_duration
from hnsemu.schema.host.journal import (
    CallList,
    CallRecord,
    JournalDocument,
    JournalRecord,
    call_list,
    call_record,
    journal_record,
    read_hresult,
    read_pattern,
    read_status,
)
from hnsemu.schema.host.verification import (
    VerificationRecord,
    VerifyDocument,
    verification_record,
)
from hnsemu.services import journal
from hnsemu.storage.transaction import Hns

router = ControlRouter(prefix="/hosts")

_LONGEST_WAIT = 300  # seconds
_RENEWED = 60  # seconds that a stream announces beyond its next look
_AT_ONCE = 200


def _read_wait(text: str) -> float:
    seconds = read_duration(text, "wait")
    if seconds > _LONGEST_WAIT:
        raise HnsError(Hr.E_INVALIDARG, f"wait: {text} is longer than {_LONGEST_WAIT}s")
    return seconds


def _read_number(name: str) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = number_in(text)
        if number is None:
            raise HnsError(Hr.E_INVALIDARG, f"{name}: {text!r} is not a number from 0")
        return number

    return read


_NUMBER = {"type": "integer", "format": "int64", "minimum": 0}


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which calls are listed, and how long to wait for them."""

    operation: Annotated[
        str | None,
        QueryParameter(
            name="op",
            description="Pattern of the operation, with `*` and `?`.",
            example="HcnCreate*",
            read=read_pattern,
        ),
    ] = None
    since: Annotated[
        int,
        QueryParameter(
            name="since",
            description="Only calls behind this number.",
            schema=_NUMBER,
            read=_read_number("since"),
            default=0,
        ),
    ] = 0
    status: Annotated[
        int | None,
        QueryParameter(
            name="status",
            description="A status, or a class such as 4xx.",
            example="4xx",
            read=read_status,
        ),
    ] = None
    hresult: Annotated[
        int | None,
        QueryParameter(
            name="hresult",
            description="An HRESULT: number or name.",
            example="0x803b0001",
            read=read_hresult,
        ),
    ] = None
    text: Annotated[
        str | None,
        QueryParameter(name="text", description="Is in the path, the request or the answer."),
    ] = None
    wait: Annotated[
        float,
        QueryParameter(
            name="wait",
            description="How long to wait for enough calls: 5s, 500ms; 300s at the most.",
            example="5s",
            read=_read_wait,
            default=0.0,
        ),
    ] = 0.0
    least: Annotated[
        int,
        QueryParameter(
            name="min",
            description="How many calls are enough.",
            schema={**_NUMBER, "default": 1},
            read=_read_number("min"),
            default=1,
        ),
    ] = 1

    @property
    def match(self) -> CallMatch:
        """Return which calls are meant."""
        return CallMatch(
            operation=self.operation, status=self.status, hresult=self.hresult, text=self.text
        )


@router.operation("GET", "/{name}/journal", gives=JournalRecord)
async def get_journal(request: Request, _host: HostName) -> Response:
    """Whether the calls of programs on this host are recorded, and how many were."""
    return _shown(await call(request, journal.get_journal))


@router.operation("PUT", "/{name}/journal", gives=JournalRecord)
async def set_journal(
    request: Request, document: StrictBody[JournalDocument], _host: HostName
) -> Response:
    """Turn the journal on or off, or change its bounds. One that was off begins empty."""
    settings = document.to_domain()
    return _shown(await call(request, journal.set_journal, settings))


@router.operation("GET", "/{name}/requests", gives=CallList, pace=Pace.PATIENT)
async def list_requests(request: Request, wanted: CallFilter, _host: HostName) -> Response:
    """The calls of /v1, /v2 and /docker that were recorded on this host, oldest first.

    With `wait`, the answer comes as soon as there are `min` of them, or when the time is over.
    """
    host_key, state = await call(request, journal.begin_reading)
    deadline = asyncio.get_running_loop().time() + wanted.wait
    if not wanted.wait or not state.is_on:
        return answers.text((await _listed(request, wanted))[1])
    wakes = hns_of(request).database.wakes
    await call(request, journal.announce_wait, host_key, round(wanted.wait * TICKS))
    with service(request).recorder.waiting(host_key), wakes.waiting(host_key) as waiter:
        leaving = asyncio.ensure_future(_hang_up(request))
        leaving.add_done_callback(lambda _: waiter.wake())
        try:
            while True:
                waiter.prepare()
                count, text = await _listed(request, wanted)
                left = deadline - asyncio.get_running_loop().time()
                if count >= wanted.least or left <= 0 or wakes.stopped or leaving.done():
                    return answers.text(text)
                await waiter.wait(left)
        finally:
            leaving.cancel()


@router.operation("GET", "/{name}/requests/events", events=CallRecord)
async def stream_requests(request: Request, resumption: Resumption, _host: HostName) -> Response:
    """The calls as they are recorded: an event `call` each, whose id is its number."""
    after = resumption.number()
    host_key, state = await call(request, journal.begin_reading)
    if after is not None and (state.lost_behind(after) or after > state.last):
        raise HnsError(
            Hr.E_JOURNAL_ENTRY_DELETED,
            f"the journal cannot go on behind call {after}: it has those behind {state.lost}, up "
            f"to {state.last}; start without Last-Event-ID and after",
        )
    if request.method == "HEAD":
        return Response(headers=HEADERS, media_type=EventSourceResponse.media_type)
    number = state.last if after is None else after
    return EventStream(_events(request, host_key, number), headers=HEADERS)


@router.operation("DELETE", "/{name}/requests", status=204)
async def clear_requests(request: Request, _host: HostName) -> Response:
    """Empty the journal. Numbers go on counting."""
    await call(request, journal.clear_calls)
    return answers.nothing()


@router.operation("POST", "/{name}/requests/verify", gives=VerificationRecord, pace=Pace.RECORDS)
async def verify_requests(
    request: Request, document: StrictBody[VerifyDocument], _host: HostName
) -> Response:
    """Whether programs called what is expected: so many calls of a kind, or a sequence.

    The answer is 200 either way; `verified` says it. Where calls were lost that could change the
    answer, the request is refused (410) instead.
    """
    expectation, missed = document.to_domain(), service(request).recorder.missed

    def verified(hns: Hns) -> str:
        verification = journal.verify_calls(hns, expectation, document.since, missed)
        return verification_record(verification).model_dump_json()

    return answers.text(await call(request, verified))


async def _hang_up(request: Request) -> None:
    """Return when the client has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _listed(request: Request, wanted: CallFilter) -> tuple[int, str]:
    """Return how many calls are meant, and the document of them."""

    def listed(hns: Hns) -> tuple[int, str]:
        missed = service(request).recorder.missed
        state, calls = journal.find_calls(hns, wanted.match, wanted.since, missed)
        return len(calls), call_list(state, calls).model_dump_json()

    await service(request).recorder.flush()
    return await call_aside(request, listed)


async def _events(request: Request, host_key: int, number: int) -> AsyncGenerator[bytes]:
    """Yield the calls behind a number as they come."""
    wakes, silence = hns_of(request).database.wakes, service(request).settings.keep_alive
    recorder = service(request).recorder
    ticks = round((silence + _RENEWED) * TICKS)
    with recorder.waiting(host_key), wakes.waiting(host_key) as waiter:
        yield comment("connected", number)
        while not wakes.stopped:
            waiter.prepare()
            try:
                await call(request, journal.announce_wait, host_key, ticks)
                await recorder.flush()
                state, calls = await call(request, journal.find_calls, CallMatch(), number)
            except UNAVAILABLE:
                yield comment("the database does not answer; come back")
                return
            except HnsError:
                yield comment("the host was removed")
                return
            if state.lost_behind(number):
                yield comment("the journal has lost calls behind this one; start again")
                return
            for found in calls[:_AT_ONCE]:
                number = found.number
                text = call_record(found).model_dump_json()
                yield format_sse_event(id=str(number), event="call", data_str=text)
            if len(calls) <= _AT_ONCE and not await waiter.wait(silence):
                yield comment("keep-alive")
        yield comment("the service stops")


def _shown(state: Journal) -> Response:
    return answers.text(journal_record(state).model_dump_json())
