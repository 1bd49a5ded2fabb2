"""What is held back for the next write is not written to a client that has gone meanwhile."""

import asyncio
import socket
from typing import Any

import uvloop

from hnsemu.protocol import PairedWrites


def test_nothing_is_written_to_a_client_that_has_gone() -> None:
    failures = list[dict[str, Any]]()

    async def answer() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: failures.append(context))
        ours, theirs = socket.socketpair()
        with theirs:
            transport, _ = await loop.create_connection(asyncio.Protocol, sock=ours)
            paired = PairedWrites(transport, loop)
            transport.abort()
            paired.write(b"head")
            await asyncio.sleep(0)
            await asyncio.sleep(0)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(answer())
    assert failures == []
