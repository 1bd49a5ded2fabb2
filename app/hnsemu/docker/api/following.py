"""Waiting for what happens on a host, without a connection or a thread while nothing does."""

import math
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import replace

from anyio.lowlevel import checkpoint

from hnsemu.api.deps import hns_of, service
from hnsemu.api.faults import UNAVAILABLE
from hnsemu.docker.api.call import Call
from hnsemu.docker.domain.events import Event
from hnsemu.docker.services import events
from hnsemu.docker.services.containers import health
from hnsemu.docker.services.events import Place
from hnsemu.domain.filetime import TICKS
from hnsemu.errors import Refusal

_BRIEF = 0.1
"""Seconds between two looks at the health of containers that are probed even more often."""


async def events_after(
    call: Call, place: Place, until: int = 0, *, tells_health: bool = False
) -> AsyncGenerator[Event]:
    """Yield the events behind a place as they come, up to the moment `until`, a FILETIME.

    tells_health: whether the health of containers is looked at, and told, while the reader waits.
    Ends also when the daemon or the service does, or when the database does not answer.
    """
    wakes = hns_of(call.request).database.wakes
    with wakes.waiting(place.host_key) as waiter:
        while not wakes.stopped:
            waiter.prepare()
            try:
                found = await call.run(events.next_events, place)
            except UNAVAILABLE:
                return
            if found is None:
                return
            for event in found:
                if until and event.time > until:
                    return
                place = replace(place, number=event.number)
                yield event
            if found:
                await checkpoint()  # a client that reads fast must not keep the others waiting
                continue
            patience = float(service(call.request).settings.keep_alive)
            if tells_health:
                patience = min(patience, await _until_probed(call))
            if until and patience:
                patience = min(patience, (until - call.now()) / TICKS)
                if patience <= 0:
                    return
            await waiter.wait(patience)


async def _until_probed(call: Call) -> float:
    """Tell of containers whose health has changed; return the seconds until it may change again.

    They are 0 when there was something to tell.
    """
    with until_gone():
        outlook = await call.run_aside(health.outlook)  # probes trace packets
        if outlook is not None and outlook.is_news:
            await call.run_aside(health.tell_news)
            return 0
        if outlook is not None:
            return max(_BRIEF, (outlook.next - call.now()) / TICKS)
    return math.inf


async def of_container(call: Call, place: Place, container_id: str) -> AsyncGenerator[Event]:
    """Yield the events of one container as they come."""
    async with aclosing(events_after(call, place)) as following:
        async for event in following:
            if event.actor == container_id:
                yield event


@contextmanager
def until_gone() -> Iterator[None]:
    """Let a stream end without a word when what it is about is gone, or the database is."""
    try:
        yield
    except* (Refusal, *UNAVAILABLE):
        pass
