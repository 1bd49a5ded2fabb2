"""/exec: commands in running containers."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from http import HTTPStatus

import anyio
from fastapi import Response

from hnsemu.api.raw_stream import Stream, StreamResponse
from hnsemu.docker.api import answers
from hnsemu.docker.api.call import Call
from hnsemu.docker.api.door import Routes
from hnsemu.docker.api.following import of_container, until_gone
from hnsemu.docker.api.streams import Typing, framed, stream_type, typed_lines
from hnsemu.docker.domain.detaching import Watch, read_keys
from hnsemu.docker.domain.events import Event
from hnsemu.docker.domain.execs import DETACHED
from hnsemu.docker.domain.terminal import INTERRUPTED, Terminal
from hnsemu.docker.schema.execs import EXEC, START, exec_document
from hnsemu.docker.services import events
from hnsemu.docker.services.containers import execs
from hnsemu.docker.services.containers.execs import Session

routes = Routes()

_LEFT = "exec attach failed: error on attach stdin: read escape sequence\r\n"
"""What a client hears that detaches: dockerd takes its keys for an error.

Source: moby v28.5.2 daemon/exec.go, which compares the error that container/stream/attach.go has
wrapped [C].
"""


@routes.on("POST", "/containers/{id}/exec")
async def create_exec(call: Call) -> Response:
    """Keep a command that is to be run in a container."""
    config = await call.document(EXEC)
    created = await call.run(execs.create_exec, call.path("id"), config)
    return answers.document({"Id": created}, HTTPStatus.CREATED)


@routes.on("POST", "/exec/{id}/start", lasts=True)
async def start_exec(call: Call) -> Response:
    """Run a command, and connect the client to what it prints unless it is detached."""
    wanted = await call.document(START)
    exec_id = call.path("id")
    place = await call.run(events.newest)
    detached = bool(wanted["Detach"])
    session = await call.run_aside(execs.start_exec, exec_id, detached)  # it may trace packets
    if detached:
        return answers.nothing(HTTPStatus.OK)

    async def converse(stream: Stream) -> None:
        if session.output is not None:
            await stream.write(framed(session.output.lines, has_console=session.has_console))
            return
        code = INTERRUPTED  # also when its client leaves, or its container ends
        try:
            with until_gone():
                async with aclosing(of_container(call, place, session.container_id)) as following:
                    code = await _last(call, session, stream, following)
        finally:
            with anyio.CancelScope(shield=True), until_gone():
                await call.run(execs.end_exec, exec_id, code)

    return StreamResponse(converse, {"Content-Type": stream_type(session.has_console)})


@routes.on("GET", "/exec/{id}/json")
async def inspect_exec(call: Call) -> Response:
    """Answer with how far a command is."""
    return answers.document(exec_document(await call.run(execs.inspect_exec, call.path("id"))))


@routes.on("POST", "/exec/{id}/resize")
async def resize_exec(call: Call) -> Response:
    """Give the console of a command another size, of which nothing is kept."""
    call.size()
    await call.run(execs.resize_exec, call.path("id"))
    return answers.nothing(HTTPStatus.OK)


async def _last(
    call: Call, session: Session, stream: Stream, following: AsyncIterator[Event]
) -> int:
    """Let a command last until its input or its container ends; return its exit code."""
    code = INTERRUPTED
    async with anyio.create_task_group() as tasks:

        async def end_with_container() -> None:
            async for event in following:
                if event.action in {"die", "destroy"}:
                    break
            tasks.cancel_scope.cancel()

        tasks.start_soon(end_with_container)
        converse = _on_console if session.has_console else _line_by_line
        found = await converse(call, session, stream)
        if found is not None:
            code = found
            tasks.cancel_scope.cancel()
    return code


async def _line_by_line(call: Call, session: Session, stream: Stream) -> int | None:
    """Return the exit code of a shell, None for a command that its input does not end."""
    async for line in typed_lines(stream):
        if not session.reads_input:
            continue
        output = await call.run_aside(execs.run_line, session.container_id, line)
        if output.ends:
            return output.exit_code
        await stream.write(framed(output.lines, has_console=False))
    return 0 if session.reads_input else None


async def _on_console(call: Call, session: Session, stream: Stream) -> int | None:
    """Return the exit code of what has a console, None for a command that its input did not end."""
    await _show(stream, framed(session.greeting, has_console=True), session.prompt)
    watch = Watch(read_keys(session.detach_keys))
    typing = Typing(stream, Terminal(echoes=session.reads_input), watch)
    async for typed in typing.keys():
        await _show(stream, b"", typed.echo)
        if typed.is_break and not session.reads_input:
            return INTERRUPTED
        if typed.line is not None and session.reads_input:
            output = await call.run_aside(execs.run_line, session.container_id, typed.line)
            if output.ends:
                return output.exit_code
            await _show(stream, framed(output.lines, has_console=True), session.prompt)
        elif typed.is_break:
            await _show(stream, b"", session.prompt)
    if typing.is_detached:
        await call.run(execs.detach_exec, session.exec_id)
        await _show(stream, b"", _LEFT)
        return DETACHED
    return 0 if session.reads_input else None


async def _show(stream: Stream, data: bytes, text: str) -> None:
    if data or text:
        await stream.write(data + text.encode())
