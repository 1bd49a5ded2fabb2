"""HTTP for tests: JSON in, JSON out, refusals as exceptions."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from hnsemu.cli.connections import Answer, Connections, service_url
from hnsemu.cli.tls import Trust

Json = Any

_TIMEOUT = 300  # seconds without a byte
__tracebackhide__ = True  # pytest shows the line of the test


class Refusal(Exception):  # noqa: N818 (the answer of a service that works, no error in it)
    """The service refused a request.

    status: of HTTP. hresult: a number, None in an answer without one. answer: the document, or the
    text of an answer that is no JSON.
    """

    def __init__(self, request: str, status: int, answer: Json) -> None:
        """Keep what was answered; the message says it in a sentence."""
        record = answer if isinstance(answer, dict) else {}
        self.status, self.answer = status, answer
        self.hresult: int | None = record.get("ErrorCode")
        reason = record.get("Detail") or record.get("Error") or record.get("message") or answer
        code = "" if self.hresult is None else f" {self.hresult:#010x}"
        super().__init__(f"{request}: {status}{code}: {reason}")


@dataclass(frozen=True)
class Api:
    """Requests below a URL.

    url: without a slash at its end. token: sent as a bearer token unless it is empty.
    """

    url: str
    connections: Connections
    token: str = ""
    prefix: str = ""

    def below(self, path: str) -> "Api":
        """Return the requests below a path, over the same connections."""
        return replace(self, url=f"{self.url}{path}", prefix=f"{self.prefix}{path}")

    def get(self, path: str = "", **query: object) -> Json:
        """Return the document at a path. Raises: Refusal; OSError where nothing answers."""
        return self.send("GET", path, query=query)

    def post(self, path: str, document: Json = None, **query: object) -> Json:
        """Send a document and return the answer. Raises: as `get`."""
        return self.send("POST", path, document, query=query)

    def put(self, path: str, document: Json = None, **query: object) -> Json:
        """Send a document and return the answer. Raises: as `get`."""
        return self.send("PUT", path, document, query=query)

    def delete(self, path: str, **query: object) -> Json:
        """Delete what is at a path. Raises: as `get`."""
        return self.send("DELETE", path, query=query)

    def send(
        self,
        method: str,
        path: str,
        document: Json = None,
        query: Mapping[str, object] | None = None,
    ) -> Json:
        """Send a document, or a text as it is, and return the answer: None if it is empty.

        Raises: as `get`.
        """
        answer = self.answer(method, path, document, query or {})
        value = _value(answer)
        if not answer.is_success:
            raise Refusal(f"{method} {self.prefix}{path}", answer.status, value)
        return value

    def answer(self, method: str, path: str, document: Json, query: Mapping[str, object]) -> Answer:
        """Send a document and return the whole answer, refusals too. Raises: OSError."""
        is_text = document is None or isinstance(document, str)
        body = document if is_text else json.dumps(document, default=dict)
        headers = {"User-Agent": "hnsemu-testing", "Accept": "application/json, */*"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        given = {name: value for name, value in query.items() if value is not None}
        target = f"{self.prefix}{path}" + (f"?{urlencode(given)}" if given else "")
        return self.connections.ask(method, target, body, headers)


def api_of(url: str) -> Api:
    """Return the requests to a service, with the token and certificates that variables name.

    Raises: ValueError for what is no address of a service, and for a file of no certificates.
    """
    address = service_url(url.rstrip("/"))
    trust = Trust(ca=os.environ.get("HNSEMU_CA", ""))
    connections = Connections(address, trust.context(address.scheme), _TIMEOUT)
    return Api(url.rstrip("/"), connections, os.environ.get("HNSEMU_TOKEN", ""))


def _value(answer: Answer) -> Json:
    if not answer.text:
        return None
    try:
        return json.loads(answer.text)
    except ValueError:
        return answer.text
