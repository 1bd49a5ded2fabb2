"""The body of a request, however it arrives."""

from collections.abc import Iterator

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message

from hnsemu.api.incoming import IncomingRequest


def part(data: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": data, "more_body": more}


def request(*messages: Message) -> IncomingRequest:
    left: Iterator[Message] = iter(messages)

    async def receive() -> Message:
        return next(left)

    return IncomingRequest({"type": "http"}, receive)


@pytest.mark.parametrize(
    ("messages", "body"),
    [
        pytest.param([part(b"{}")], b"{}", id="at once"),
        pytest.param([part(b"{", more=True), part(b"}")], b"{}", id="in parts"),
        pytest.param([part(b"{}", more=True), part(b"")], b"{}", id="with an empty end"),
        pytest.param([{"type": "http.request"}], b"", id="not at all"),
    ],
)
async def test_a_body_is_received_once_and_kept(messages: list[Message], body: bytes) -> None:
    incoming = request(*messages)
    assert await incoming.body() == body
    assert await incoming.body() == body
    assert b"".join([data async for data in incoming.stream()]) == body


async def test_a_client_that_hangs_up_has_sent_no_body() -> None:
    with pytest.raises(ClientDisconnect):
        await request(part(b"{", more=True), {"type": "http.disconnect"}).body()
