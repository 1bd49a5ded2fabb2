"""What a client types into a shell, line by line."""

from starlette.types import Message

from hnsemu.api.raw_stream import EXTENSION, Stream
from hnsemu.docker.api import streams


async def test_what_is_typed_without_an_end_does_not_pile_up() -> None:
    pieces = [b"a" * 65536] * 200 + [b"b\r\nwho", b"ami\n", b"\n", b"exit", b""]

    async def received() -> Message:
        return {"type": EXTENSION, "data": pieces.pop(0)}

    async def sent(_message: Message) -> None:
        raise AssertionError

    lines = [line async for line in streams.typed_lines(Stream(received, sent))]
    assert lines == ["a" * 8191, "whoami", "", "exit"]
