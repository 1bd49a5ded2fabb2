"""HTTP/1.1 as clients send it: requests that offer to upgrade their connection.

Java's HttpClient and curl --http2 offer HTTP/2 (`Upgrade: h2c`) with every plain-text request. A
server may ignore the offer, but httptools takes all that follows such a head for the other
protocol, and uvicorn then serves the request as if its body were empty (uvicorn issue 2722).

Docker's clients offer `Upgrade: tcp` to attach to a container. An application takes that offer up
with status 101, and the connection is then a stream of bytes in both directions. uvicorn has no
such thing; `RawStream` tells what an application sends and receives.

A client has a limited time to send a request: uvicorn waits for the rest of one for ever.

uvicorn writes the head of an answer and its body apart; here they are one write.
"""

import asyncio
from contextlib import suppress
from typing import Any, cast

import httptools
import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from hnsemu.api.faulting import DROP
from hnsemu.api.faults import RESULT_HEADER, record
from hnsemu.api.raw_stream import EXTENSION
from hnsemu.errors import HnsError, Hr

# What decides where the body of a message ends, and whether another message may follow.
_FRAMING = {b"content-length", b"transfer-encoding"}
_SWITCHING = 101


class UpgradeProtocol(HttpToolsProtocol):
    """uvicorn's protocol; `tcp` is taken up if the application wants, other offers are ignored."""

    _stream: "RawStream | None" = None

    def __init__(self, *args: Any, request_timeout: float = 60, **kwargs: Any) -> None:  # noqa: ANN401 (uvicorn's)
        """Serve one connection, as uvicorn calls it.

        request_timeout: seconds in which a request must have arrived, headers and body.
        """
        super().__init__(*args, **kwargs)
        self._request_timeout = request_timeout
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Expect the first request."""
        super().connection_made(transport)  # type: ignore[arg-type]  # a transport of a stream
        self.transport = PairedWrites(self.transport, self.loop)  # type: ignore[assignment]
        self._expect_request()

    def on_message_begin(self) -> None:
        """Expect the rest of this request."""
        super().on_message_begin()
        self._expect_request()

    def data_received(self, data: bytes) -> None:
        """Feed the parser; where it stops for an upgrade, go on with the body."""
        self._unset_keepalive_if_required()
        try:
            while data:
                if self._stream is not None:
                    self._stream.feed(data)
                    return
                try:
                    self.parser.feed_data(data)
                except httptools.HttpParserUpgrade as offer:
                    data = data[offer.args[0] :]
                    if self._stream is None:
                        self._read_body()
                else:
                    return
        except httptools.HttpParserError:
            self.logger.debug("Invalid HTTP request received.")
            self.send_400_response("Invalid HTTP request received.")

    def eof_received(self) -> bool | None:  # type: ignore[override] # asyncio keeps open on True
        """Keep the connection when only the client's half of a stream has ended."""
        if self._stream is None:
            return None
        self._stream.feed_end()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the application on the stream, too."""
        self._expect_nothing()
        super().connection_lost(exc)
        if self._stream is not None:
            self._stream.lose()

    def on_headers_complete(self) -> None:
        """Start the application; one whose request offers a stream can take it up."""
        if not self.url.startswith((b"/", b"*")):
            self._take_host_from_target()
        cast("dict[str, Any]", self.scope)[DROP] = self._drop
        self.scope["headers"] = list(self.headers)  # uvicorn adds the trailers to its own list
        if not (self.parser.should_upgrade() and self._offers_stream()):
            super().on_headers_complete()
            return
        self._expect_nothing()
        stream = self._stream = RawStream(self, int(dict(self.headers).get(b"content-length", 0)))
        self.scope["extensions"] = {EXTENSION: {}}
        served, self.app = self.app, stream.around(self.app)
        try:
            super().on_headers_complete()
        finally:
            self.app = served
        stream.begin(self.cycle)

    def on_message_complete(self) -> None:
        """End the request, unless the parser only stopped for an upgrade."""
        if not self.parser.should_upgrade():
            self._expect_nothing()
            super().on_message_complete()

    def _drop(self) -> None:
        """Close the connection without an answer, or in the middle of one."""
        self.transport.abort()

    def _expect_request(self) -> None:
        self._expect_nothing()
        self._deadline = self.loop.call_later(self._request_timeout, self._give_up)

    def _expect_nothing(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        """End a connection whose request does not arrive, unless it waits for us."""
        self._deadline = None
        if self.transport.is_closing():
            return
        if self.flow.read_paused:
            self._expect_request()
            return
        if self.cycle is None or not self.cycle.response_started or self.cycle.response_complete:
            self.transport.write(_too_slow(self._request_timeout))
        self.transport.close()

    def end_offer(self, following: bytes) -> None:
        """Go on with HTTP: the application answered without taking up the offer."""
        self._stream = None
        self._read_with(httptools.HttpRequestParser(self))
        if following:
            self.data_received(following)

    def _take_host_from_target(self) -> None:
        """Let the host of `GET http://host/path` count, not the Host header (RFC 9112, 3.2.2)."""
        with suppress(httptools.HttpParserInvalidURLError):  # uvicorn answers 400
            target = httptools.parse_url(self.url)
            port = b"" if target.port is None else b":%d" % target.port
            self.headers[:] = [header for header in self.headers if header[0] != b"host"]
            self.headers.append((b"host", (target.host or b"") + port))

    def _offers_stream(self) -> bool:
        is_chunked = any(name == b"transfer-encoding" for name, _ in self.headers)
        return self._get_upgrade() == b"tcp" and not is_chunked

    def _read_body(self) -> None:
        """Go on behind the head with a parser that was told no offer, only how long the body is."""
        framing = [name + b": " + value for name, value in self.headers if name in _FRAMING]
        version = self.scope["http_version"].encode()
        self._read_with(httptools.HttpRequestParser(_BehindHead(self)))
        self.parser.feed_data(b"\r\n".join([b"POST / HTTP/" + version, *framing, b"", b""]))

    def _read_with(self, parser: httptools.HttpRequestParser) -> None:
        parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self.parser = parser


class PairedWrites:
    """A transport that holds a write back until the next one, and no longer than this turn.

    The head of an answer and its body reach the socket together. What is written for a client that
    has hung up goes nowhere; uvloop would raise.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        """Write to `transport`."""
        self._transport = transport
        self._loop = loop
        self._held: bytes | None = None

    def write(self, data: bytes) -> None:
        """Write the data behind those that are held back, or hold them back."""
        if self._held is None:
            self._held = data
            self._loop.call_soon(self._release)
            return
        held, self._held = self._held, None
        self._transport.writelines((held, data))

    def close(self) -> None:
        """Write what is held back, and close."""
        self._release()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (what the transport has)
        """Return what the transport has of that name."""
        return getattr(self._transport, name)

    def _release(self) -> None:
        if self._held is not None:
            held, self._held = self._held, None
            if not self._transport.is_closing():
                self._transport.write(held)


class RawStream:
    """A request that offers `Upgrade: tcp`, and the stream that it becomes with status 101.

    Until it answers, the application has the request as any other. It takes up the offer with
    `http.response.start` and status 101. From then on each `http.response.body` is written as it
    is, the last one (without more_body) closes the connection, and what the client sends is
    received as {"type": EXTENSION, "data": bytes}; the data are empty once the client has ended
    its half. After any other status the connection goes on as HTTP.
    """

    def __init__(self, protocol: UpgradeProtocol, body_left: int) -> None:
        """Expect a body of `body_left` bytes before what belongs to the stream."""
        self._protocol = protocol
        self._cycle: RequestResponseCycle | None = None
        self._body_left = body_left
        self._data = bytearray()
        self._has_ended = self._is_lost = self._is_taken = False
        self._news = asyncio.Event()

    def begin(self, cycle: RequestResponseCycle) -> None:
        """Note what runs the application; a request without a body is complete."""
        self._cycle = cycle
        self.feed(b"")

    def feed(self, data: bytes) -> None:
        """Take what the client sent: first the rest of the body, then what follows it."""
        body, data = data[: self._body_left], data[self._body_left :]
        self._body_left -= len(body)
        cycle = self._cycle
        if cycle is not None and cycle.more_body:
            cycle.body += body
            cycle.more_body = self._body_left > 0
            cycle.message_event.set()
        self._data += data
        if len(self._data) > HIGH_WATER_LIMIT:
            self._protocol.flow.pause_reading()
        self._news.set()

    def feed_end(self) -> None:
        """Note that the client sends no more."""
        self._has_ended = True
        self._news.set()

    def lose(self) -> None:
        """Note that the connection is gone."""
        self._is_lost = True
        self._news.set()

    def around(self, app: ASGIApp) -> ASGIApp:
        """Return `app` with the stream between it and the server."""

        async def on_stream(scope: Scope, receive: Receive, send: Send) -> None:
            async def received() -> Message:
                return await (self._receive() if self._is_taken else receive())

            async def sent(message: Message) -> None:
                if self._is_taken or message.get("status") == _SWITCHING:
                    await self._send(message)
                else:
                    await send(message)

            await app(scope, received, sent)
            if not self._is_taken:
                await self._decline()

        return on_stream

    async def _decline(self) -> None:
        while self._body_left and not self._is_lost:
            self._protocol.flow.resume_reading()
            self._news.clear()
            await self._news.wait()
        if not self._is_lost:
            self._protocol.end_offer(bytes(self._data))

    async def _receive(self) -> Message:
        while not (self._data or self._has_ended or self._is_lost):
            self._protocol.flow.resume_reading()
            self._news.clear()
            await self._news.wait()
        if self._is_lost:
            return {"type": "http.disconnect"}
        data = bytes(self._data)
        self._data.clear()
        return {"type": EXTENSION, "data": data}

    async def _send(self, message: Message) -> None:
        flow, transport = self._protocol.flow, self._protocol.transport
        if flow.write_paused and not self._is_lost:
            await flow.drain()
        if self._is_lost:
            return
        if not self._is_taken:
            self._is_taken = True
            transport.write(_head(message))
            self._mark(is_complete=False)
            return
        transport.write(message.get("body", b""))
        if not message.get("more_body", False):
            self._mark(is_complete=True)
            transport.close()

    def _mark(self, *, is_complete: bool) -> None:
        """Tell uvicorn how far the answer is, which it did not send itself."""
        if self._cycle is not None:
            self._cycle.response_started = True
            self._cycle.response_complete = is_complete


def _head(message: Message) -> bytes:
    lines = [b"HTTP/1.1 101 UPGRADED"]
    lines += [name + b": " + value for name, value in message["headers"]]
    return b"\r\n".join([*lines, b"", b""])


def _too_slow(seconds: float) -> bytes:
    """Return the answer 408 to a request of which only a part has arrived."""
    refusal = HnsError(
        Hr.E_INVALIDARG,
        f"the request did not arrive whole within {seconds:g} seconds; send it faster, or raise "
        "HNSEMU_REQUEST_TIMEOUT",
    )
    body = orjson.dumps(record(refusal))
    head = (
        "HTTP/1.1 408 Request Timeout\r\ncontent-type: application/json\r\nconnection: close\r\n"
        f"{RESULT_HEADER.lower()}: {refusal.hr.hresult:#010x}\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _BehindHead:
    """Parser callbacks that pass over the head of the first message, which has been read."""

    def __init__(self, protocol: HttpToolsProtocol) -> None:
        self._protocol = protocol
        self._in_first_head = True

    def on_message_begin(self) -> None:
        if not self._in_first_head:
            self._protocol.on_message_begin()

    def on_url(self, url: bytes) -> None:
        if not self._in_first_head:
            self._protocol.on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._in_first_head:
            self._protocol.on_header(name, value)

    def on_headers_complete(self) -> None:
        if not self._in_first_head:
            self._protocol.on_headers_complete()
        self._in_first_head = False

    def on_body(self, body: bytes) -> None:
        self._protocol.on_body(body)

    def on_message_complete(self) -> None:
        self._protocol.on_message_complete()
