"""A service of a later version: the one behind it, with a member more in every object."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

MEMBER = "AddedLater"

_HOP_BY_HOP = {"connection", "host", "upgrade", "http2-settings", "transfer-encoding", "expect"}


@contextmanager
def later(url: str) -> Iterator[str]:
    """Serve the service at `url` on a port of its own; the block gets its URL."""
    trusted = httpx.create_ssl_context()  # once: to read it takes longer than a request

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            with httpx.Client(base_url=url, timeout=300, verify=trusted) as client:
                headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP_BY_HOP}
                answer = client.request(
                    self.command, self.path, headers=headers, content=self._body()
                )
            text = answer.content
            if answer.headers.get("content-type", "").startswith("application/json") and text:
                text = json.dumps(_extended(json.loads(text)), separators=(",", ":")).encode()
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name not in {"content-length", "date", "server"}:
                    self.send_header(name, value)
            if answer.status_code != httpx.codes.NO_CONTENT:
                self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _pass_on  # noqa: N815

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length", "0")))
            body = b""
            while size := int(self.rfile.readline().partition(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _extended(value: object) -> object:
    """Return an answer with a member more in every object but Settings, which hold anything."""
    if isinstance(value, list):
        return [_extended(item) for item in value]
    if not isinstance(value, dict):
        return value
    parts = {name: part if name == "Settings" else _extended(part) for name, part in value.items()}
    return {**parts, MEMBER: {"Known": False}}
