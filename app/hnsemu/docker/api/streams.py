"""/containers/{id}/attach, logs, wait and stats: replies that last."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

import anyio
import orjson
from anyio.lowlevel import checkpoint
from fastapi import Response
from starlette.responses import StreamingResponse

from hnsemu.api.deps import hns_of, service
from hnsemu.api.faults import UNAVAILABLE
from hnsemu.api.raw_stream import Stream, StreamResponse
from hnsemu.docker.api import answers
from hnsemu.docker.api.call import Call
from hnsemu.docker.api.door import Routes
from hnsemu.docker.api.following import of_container, until_gone
from hnsemu.docker.domain.detaching import Watch, read_keys
from hnsemu.docker.domain.events import FAILED, PRINTED, printed_lines
from hnsemu.docker.domain.logs import STDERR, STDOUT, LogLine
from hnsemu.docker.domain.measurements import Measurement
from hnsemu.docker.domain.terminal import LONGEST_LINE, Terminal, Typed
from hnsemu.docker.domain.times import rfc3339_full
from hnsemu.docker.errors import BAD_REQUEST, DockerError
from hnsemu.docker.schema.stats import stats_document
from hnsemu.docker.services import events
from hnsemu.docker.services.containers import execs, log_lines, statistics
from hnsemu.docker.services.containers.log_lines import LogPlace
from hnsemu.docker.services.events import ContainerPlace

routes = Routes()

MULTIPLEXED = "application/vnd.docker.multiplexed-stream"
RAW = "application/vnd.docker.raw-stream"

_CONDITIONS = ("", "not-running", "next-exit", "removed")
_SECOND = 1.0


@dataclass(frozen=True, slots=True)
class Typing:
    """A client that types on a console, which it may leave by its keys."""

    stream: Stream
    terminal: Terminal
    watch: Watch

    @property
    def is_detached(self) -> bool:
        """Tell whether the client has typed the keys by which it leaves."""
        return self.watch.is_over

    async def keys(self) -> AsyncIterator[Typed]:
        """Yield what comes of the keys, until the client ends its half or detaches."""
        while not self.watch.is_over and (data := await self.stream.read()):
            for typed in self.terminal.feed(self.watch.feed(data)):
                yield typed


@routes.on("POST", "/containers/{id}/wait", lasts=True)
async def wait(call: Call) -> Response:
    """Answer at once with the head, and with the exit code when the container has ended."""
    condition = call.text("condition")
    if condition not in _CONDITIONS:
        raise DockerError(BAD_REQUEST, f'invalid condition: "{condition}"')
    place = await call.run(events.newest_of_container, call.path("id"))
    return StreamingResponse(_exit(call, place, condition), media_type="application/json")


@routes.on("POST", "/containers/{id}/attach", lasts=True)
async def attach(call: Call) -> Response:
    """Connect the client to what the container prints, and to its input."""
    keys = _detach_keys(call)
    place = await call.run(events.attach, call.path("id"))

    async def converse(stream: Stream) -> None:
        with until_gone():
            if call.flag("logs"):
                await _replay(call, place, stream)
            if call.flag("stream"):
                await _follow(call, place, stream, keys)

    return StreamResponse(converse, {"Content-Type": stream_type(place.has_console)})


def _detach_keys(call: Call) -> bytes:
    """Return the keys by which the client leaves a console.

    Raises: DockerError 400.
    """
    text = call.text("detachKeys")
    try:
        return read_keys(text)
    except ValueError as error:
        raise DockerError(BAD_REQUEST, f"Invalid detach keys ({text}) provided") from error


@routes.on("GET", "/containers/{id}/logs", lasts=True)
async def logs(call: Call) -> Response:
    """Answer with what the container printed, and with what it will print if wanted."""
    streams = {
        number for name, number in (("stdout", STDOUT), ("stderr", STDERR)) if call.flag(name)
    }
    if not streams:
        raise DockerError(BAD_REQUEST, "Bad parameters: you must choose at least one stream")
    moments = call.moments()  # read before the head goes out
    tail = call.number("tail", -1)
    place = await call.run(log_lines.begin, call.path("id"), tail if tail >= 0 else None)
    media_type = stream_type(place.has_console)
    return StreamingResponse(_log(call, place, streams, moments), media_type=media_type)


@routes.on("GET", "/containers/{id}/stats", lasts=True)
async def stats(call: Call) -> Response:
    """Answer with the counters of the container's endpoints, once or each second."""
    first = await call.run(statistics.measure, call.path("id"))
    if call.text("stream") and not call.flag("stream"):
        return answers.document(stats_document(first, None))
    place = await call.run(events.newest_of_container, first.container.id)
    return StreamingResponse(_measurements(call, place, first), media_type="application/json")


def stream_type(has_console: bool) -> str:  # noqa: FBT001 (the one thing it depends on)
    """Return the media type of what a container prints."""
    return RAW if has_console else MULTIPLEXED


def framed(lines: Iterable[str], *, has_console: bool, stream: int = STDOUT) -> bytes:
    """Return lines as Docker streams them: as they are on a console, else in a frame."""
    data = "".join(f"{line}\r\n" for line in lines).encode()
    if has_console or not data:
        return data
    return bytes([stream, 0, 0, 0]) + len(data).to_bytes(4, "big") + data


async def _exit(call: Call, place: ContainerPlace, condition: str) -> AsyncIterator[bytes]:
    """Yield the reply of wait. The head goes out before: docker run starts when it has it."""
    code = place.exit_code
    if condition in {"", "not-running"} and not place.is_running:
        yield _exit_document(code)
        return
    async for event in of_container(call, place.place, place.container_id):
        if event.action in {"die", FAILED}:
            code = int(event.attributes.get("exitCode", "0"))
        if event.action == "destroy" or (event.action == "die" and condition != "removed"):
            yield _exit_document(code)
            return


def _exit_document(code: int) -> bytes:
    return orjson.dumps({"StatusCode": code}) + b"\n"


async def _replay(call: Call, place: ContainerPlace, stream: Stream) -> None:
    log = await call.run(log_lines.begin, place.container_id, None)
    async for data in _log(call, log, {STDOUT, STDERR}, (0, 0)):
        await stream.write(data)


async def _follow(call: Call, place: ContainerPlace, stream: Stream, keys: bytes) -> None:
    """Pass on what the container prints until it ends, and what is typed into it."""
    runs = anyio.Event()
    if place.is_running:
        runs.set()
    async with anyio.create_task_group() as tasks:
        if call.flag("stdin") and place.takes_keys:
            typing = Typing(stream, Terminal(echoes=place.reads_input), Watch(keys))
            tasks.start_soon(_type_on_console, call, place, typing, runs, tasks.cancel_scope)
        elif call.flag("stdin") and not place.has_console:
            tasks.start_soon(_type, call, place, stream, runs)
        async for event in of_container(call, place.place, place.container_id):
            if event.action == PRINTED:
                data = framed(printed_lines(event), has_console=place.has_console)
                await stream.write(data + event.attributes.get("prompt", "").encode())
            if event.action == "start":
                runs.set()
            if event.action in {"die", "destroy"}:
                break
        tasks.cancel_scope.cancel()


async def _type(call: Call, place: ContainerPlace, stream: Stream, runs: anyio.Event) -> None:
    """Run each line that the client types in the container's own shell, once it runs.

    docker run attaches before it starts the container.
    """
    await runs.wait()
    with until_gone():
        async for line in typed_lines(stream):
            await call.run_aside(execs.type_into, place.container_id, line)  # it may trace packets
        await call.run(execs.type_into, place.container_id, None)


async def _type_on_console(
    call: Call, place: ContainerPlace, typing: Typing, runs: anyio.Event, scope: anyio.CancelScope
) -> None:
    """Do what the keys do that the client presses, once the container runs.

    A client that ends its half, or detaches, is no longer attached; what runs on a console goes on.
    Source: moby v28.5.2 container/stream/attach.go [C].
    """
    await runs.wait()
    with until_gone():
        async for typed in typing.keys():
            if typed.echo:
                await typing.stream.write(typed.echo.encode())
            if typed.is_break:
                await call.run(execs.interrupt, place.container_id)
            elif typed.line is not None:
                await call.run_aside(execs.type_into, place.container_id, typed.line)
        if typing.is_detached:
            await call.run(events.detach, place.container_id)
        scope.cancel()


async def typed_lines(stream: Stream) -> AsyncIterator[str]:
    """Yield the lines that a client types, until it ends its half.

    What goes beyond the longest line that cmd.exe reads is lost.
    """
    typed = bytearray()
    while data := await stream.read():
        *lines, rest = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        for line in lines:
            typed += line[: LONGEST_LINE - len(typed)]
            yield typed.decode("utf-8", "replace")
            typed.clear()
        typed += rest[: LONGEST_LINE - len(typed)]
    if typed:
        yield typed.decode("utf-8", "replace")


async def _log(
    call: Call, place: LogPlace, streams: set[int], moments: tuple[int, int]
) -> AsyncIterator[bytes]:
    """Yield the lines of a log; no connection is held while they are sent or awaited."""
    database = hns_of(call.request).database
    (since, until), follows = moments, call.flag("follow")
    with database.wakes.waiting(place.place.host_key) as waiter:
        while not database.wakes.stopped:
            waiter.prepare()
            try:
                page = await call.run(log_lines.next_lines, place)
            except UNAVAILABLE:
                return
            for line in page.lines:
                if until and line.time > until:
                    return
                if line.stream in streams and line.time >= since:
                    yield framed(
                        [_shown(call, line)], has_console=place.has_console, stream=line.stream
                    )
            if page.is_gone:
                return
            place = page.place
            if page.lines:
                await checkpoint()  # a client that reads fast must not keep the others waiting
                continue
            if not follows or not page.is_running:
                return
            await waiter.wait(service(call.request).settings.keep_alive)


def _shown(call: Call, line: LogLine) -> str:
    return f"{rfc3339_full(line.time)} {line.text}" if call.flag("timestamps") else line.text


async def _measurements(
    call: Call, place: ContainerPlace, first: Measurement
) -> AsyncIterator[bytes]:
    """Yield the counters each second, until the container is removed or the daemon ends."""
    wakes = hns_of(call.request).database.wakes
    last, now = None, first
    while not wakes.stopped:
        yield orjson.dumps(stats_document(now, last)) + b"\n"
        await anyio.sleep(_SECOND)
        found = None
        with until_gone():
            found = await call.run(statistics.measure_again, place)
        if found is None:
            return
        last, now = now, found
