"""The service as the command line sees it: one request, one answer, and clear failures.

Exit codes: 0 done, 1 the answer is no (a packet is lost), 2 wrong use, 3 no service there,
4 refused by the service, 5 no such object.
"""

import json
import os
import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import typer

LOST, WRONG_USE, NO_SERVICE, REFUSED, NOT_FOUND = 1, 2, 3, 4, 5

DEFAULT_URL = "http://127.0.0.1:8420"

_PAGE = 500
_NO_SUCH_OBJECT = 404


@dataclass
class Client:
    """Requests to one emulated host.

    token: HNSEMU_TOKEN, sent when it is set. debug: HNSEMU_DEBUG, requests are told on stderr as
    curl commands. patience: seconds.
    """

    url: str
    host: str = ""
    token: str = field(default_factory=lambda: os.environ.get("HNSEMU_TOKEN", ""), repr=False)
    debug: bool = field(default_factory=lambda: bool(os.environ.get("HNSEMU_DEBUG")))
    patience: float = 300
    _connections: Any = field(default=None, repr=False)  # httpx.Client, made at the first request

    def on(self, host: str) -> "Client":
        """Return a client of another host over the same connections; threads may share them."""
        return replace(self, host=host, _connections=self._opened())

    def _opened(self) -> Any:  # noqa: ANN401 (httpx is imported late)
        if self._connections is None:
            import httpx  # noqa: PLC0415 (commands without a service start faster)

            self._connections = httpx.Client(timeout=self.patience)
        return self._connections

    def get(self, path: str, **query: object) -> Any:  # noqa: ANN401 (any JSON value)
        """Return the JSON of an answer."""
        return self.send("GET", path, query=query).json()

    def text(self, method: str, path: str, body: object = None, **query: object) -> str:
        """Return an answer as text."""
        return str(self.send(method, path, body, query=query).text)

    def post(self, path: str, body: object, **query: object) -> Any:  # noqa: ANN401 (as above)
        """Return the JSON of an answer to a body."""
        return self.send("POST", path, body, query=query).json()

    def pages(self, path: str) -> Iterator[Any]:
        """Yield the items of a list, page by page."""
        after = ""
        while True:
            query = {"limit": _PAGE, **({"after": after} if after else {})}
            found = self.get(path, **query)
            yield from found
            if len(found) < _PAGE:
                return
            after = found[-1]["ID"]

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        query: Mapping[str, object] | None = None,
    ) -> Any:  # noqa: ANN401 (httpx.Response; httpx is imported late)
        """Return the answer.

        Raises: typer.Exit with a sentence on stderr when it is refused or nobody answers.
        """
        import httpx  # noqa: PLC0415 (commands without a service start faster)

        at = f"/hosts/{self.host}" if self.host and not path.startswith("/emulator") else ""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        content = None if body is None else json.dumps(body)
        if content is not None:
            headers["Content-Type"] = "application/json"
        asked = {name: str(value) for name, value in (query or {}).items() if value != ""}
        to = httpx.URL(f"{self.url.rstrip('/')}{at}{path}", params=asked or None)
        if self.debug:
            typer.echo(_curl(method, str(to), headers, content), err=True)
        try:
            answer = self._opened().request(method, to, content=content, headers=headers)
        except httpx.HTTPError as error:
            raise failed(
                f"nobody answers at {self.url}: {error}; start one with `hnsemu serve`, or name "
                "another with --url or HNSEMU_URL",
                NO_SERVICE,
            ) from error
        if self.debug:
            took = answer.elapsed.total_seconds() * 1000
            typer.echo(f"# {answer.status_code} in {took:.0f} ms, request "
                       f"{answer.headers.get('X-Request-Id', '?')}", err=True)  # fmt: skip
        if answer.is_success:
            return answer
        code = NOT_FOUND if answer.status_code == _NO_SUCH_OBJECT else REFUSED
        raise failed(_refusal(answer.text, answer.status_code), code)


def failed(sentence: str, code: int) -> typer.Exit:
    """Say what went wrong on stderr; return the exit to raise."""
    typer.echo(f"hnsemu: {sentence}", err=True)
    return typer.Exit(code)


def read_document(file: str) -> Any:  # noqa: ANN401 (any document)
    """Return the JSON or YAML document of a file, "-" for standard input.

    Raises: typer.Exit.
    """
    import yaml  # noqa: PLC0415 (as above)

    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        return yaml.safe_load(text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise failed(f"{file} cannot be read as JSON or YAML: {error}", WRONG_USE) from error


def _curl(method: str, url: str, headers: Mapping[str, str], content: str | None) -> str:
    """Return the request as a shell would send it; the token stays in its variable."""
    words = ["curl", "-X", method, shlex.quote(url)]
    for name, value in headers.items():
        is_secret = name == "Authorization"
        words += ["-H", '"Authorization: Bearer $HNSEMU_TOKEN"' if is_secret
                  else shlex.quote(f"{name}: {value}")]  # fmt: skip
    if content is not None:
        words += ["-d", shlex.quote(content)]
    return " ".join(words)


def _refusal(text: str, status: int) -> str:
    """Return what an error record says."""
    try:
        record = json.loads(text)
    except ValueError:
        return f"the service answered {status}: {text[:200]}"
    if not isinstance(record, dict) or "ErrorCode" not in record:
        return f"the service answered {status}: {text[:200]}"
    return f"{record.get('Detail') or record['Error']} ({record['ErrorCode']:#010x})"
