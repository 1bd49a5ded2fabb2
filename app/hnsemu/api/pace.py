"""Where a request is answered: in the event loop when that takes little time, else in a thread.

On SQLite a use case runs in the event loop, where it costs least (docs/adr/0003). A request must
not keep others waiting there, so it goes to a thread, whole, from the parsing of its body to the
answer, when

- its body is not small,
- its operation may take long,
- or the host has objects so large that any request may take long.
"""

import enum
import logging
import time
import traceback
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, ParamSpec, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import Request, Response

from hnsemu.api.deps import IN_THREAD, Service, lane, service, uncollected
from hnsemu.errors import HnsError

_log = logging.getLogger("hnsemu.api")

P = ParamSpec("P")
T = TypeVar("T")

Work = Callable[[], Coroutine[Any, Any, Response]]
"""Reads the parameters of a request, calls its handler, and returns the answer."""

LONG = 0.05
"""Seconds of a large request in a thread after which any request may take long."""


class Pace(enum.Enum):
    """How long an operation takes.

    SHORT:   little, unless the body is large: 16 KiB, ten times what real clients send.
    STEEP:   it grows faster than the body: load balancers have frontends for each VIP and port.
    LONG:    it may take long, however small the request is.
    PATIENT: it waits for something, or must answer whatever else is busy.
    RECORDS: it reads the journal of the host, which takes long unless that is short.
    """

    SHORT = enum.auto()
    STEEP = enum.auto()
    LONG = enum.auto()
    PATIENT = enum.auto()
    RECORDS = enum.auto()


_SMALL = {Pace.SHORT: 16 * 1024, Pace.STEEP: 1024}
"""The largest body, in bytes, that is read in the event loop."""


async def paced(request: Request, work: Work, size: int, pace: Pace) -> Response:
    """Run the work of a request where it delays no other.

    size: bytes of its body.
    """
    held = service(request)
    if pace is Pace.PATIENT:
        return await work()
    if size > _SMALL.get(pace, _SMALL[Pace.SHORT]):
        return await _in_thread(held, work, held.large, is_large=True)
    if pace is Pace.LONG or (pace is Pace.RECORDS and not _has_short_journal(request)):
        limiter = held.aside if held.database.is_sqlite else lane(request)
        return await _in_thread(held, work, limiter)
    if held.database.is_sqlite and held.is_crowded:
        return await _in_thread(held, work, lane(request))
    return await work()


async def aside_if_large(
    request: Request, size: int, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run the work on a body of `size` bytes: beside the event loop if it is large.

    For requests that are PATIENT, and read their body in the event loop.
    """
    if IN_THREAD.get() or size <= _SMALL[Pace.SHORT]:
        return work(*args, **kwargs)
    return await run_sync(
        partial(uncollected, work, *args, **kwargs), limiter=service(request).large
    )


def _has_short_journal(request: Request) -> bool:
    """Tell it before the parameters are read, which address the request to its host."""
    held = service(request)
    watch = held.watches.of(request.path_params["name"])
    return held.recorder.is_short(watch.host_key)


async def _in_thread(
    held: Service,
    work: Work,
    limiter: CapacityLimiter,
    *,
    is_large: bool = False,
) -> Response:
    seconds, response = await run_sync(partial(uncollected, _finish, work), limiter=limiter)
    if is_large and seconds > LONG and not held.is_crowded and held.database.is_sqlite:
        held.is_crowded = True
        _log.info("there are large objects: requests are answered in threads from now on")
    return response


def _finish(work: Work) -> tuple[float, Response]:
    """Run the work in this thread; return the seconds of processor time and the answer."""
    started = time.thread_time()
    token = IN_THREAD.set(True)
    try:
        response = _result(work())
    except Exception as error:
        _release(error)
        raise
    finally:
        IN_THREAD.reset(token)
    return time.thread_time() - started, response


def _result(work: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine returns that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    work.close()
    raise RuntimeError("the handler waits for something; declare it Pace.PATIENT")


def _release(error: BaseException) -> None:
    """Let go of the documents that a failure holds: freeing them takes long, too."""
    failure: BaseException | None = error
    while failure is not None:
        traceback.clear_frames(failure.__traceback__)
        failure = failure.__cause__ or failure.__context__
    if isinstance(error, HnsError):
        error.__cause__ = error.__context__ = None
