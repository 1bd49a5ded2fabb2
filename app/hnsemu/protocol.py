"""HTTP/1.1 as clients send it: a request that offers to upgrade its connection keeps its body.

Java's HttpClient and curl --http2 offer HTTP/2 (`Upgrade: h2c`) with every plain-text request. A
server may ignore the offer, but httptools takes all that follows such a head for the other
protocol, and uvicorn then serves the request as if its body were empty (uvicorn issue 2722).
"""

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# What decides where the body of a message ends, and whether another message may follow.
_FRAMING = {b"content-length", b"transfer-encoding"}


class UpgradeDecliningProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with the body of a request whose offer to upgrade is ignored."""

    def data_received(self, data: bytes) -> None:
        """Feed the parser; where it stops for an upgrade, go on with the body."""
        self._unset_keepalive_if_required()
        try:
            while data:
                try:
                    self.parser.feed_data(data)
                except httptools.HttpParserUpgrade as offer:
                    data = data[offer.args[0] :]
                    self._read_body()
                else:
                    return
        except httptools.HttpParserError:
            self.logger.debug("Invalid HTTP request received.")
            self.send_400_response("Invalid HTTP request received.")

    def on_message_complete(self) -> None:
        """End the request, unless the parser only stopped for an upgrade."""
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def _read_body(self) -> None:
        """Go on behind the head with a parser that was told no offer, only how long the body is."""
        framing = [name + b": " + value for name, value in self.headers if name in _FRAMING]
        version = self.scope["http_version"].encode()
        self.parser = httptools.HttpRequestParser(_BehindHead(self))
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self.parser.feed_data(b"\r\n".join([b"POST / HTTP/" + version, *framing, b"", b""]))


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
