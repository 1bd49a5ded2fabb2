"""The HTTP client behind the commands: one request, one response, clear error messages.

Exit codes: 0 success, 1 negative result (a packet is not delivered), 2 usage error, 3 service
unreachable, 4 refused by the service, 5 object not found.
"""

import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import typer

from hnsemu.cli.connections import FAILURES, Answer, Connections, service_url, until_command_ends
from hnsemu.cli.tls import Trust, certificate_problem, trust_of_command
from hnsemu.domain.visible import one_line, visible

NOT_DELIVERED, USAGE_ERROR, NO_SERVICE, REFUSED, NOT_FOUND = 1, 2, 3, 4, 5

_PAGE = 500
_ELSEWHERE = "give another address with --url or HNSEMU_URL"
_NO_FILE = "''"
_HTTP_NOT_FOUND = 404
_AMBIGUOUS = 0x8002802C  # TYPE_E_AMBIGUOUSNAME


@dataclass
class Client:
    """Requests to one emulated host.

    token: value of HNSEMU_TOKEN, sent unless it is empty. debug: whether requests are printed to
    stderr as curl commands (HNSEMU_DEBUG). trust: which certificates are accepted. timeout:
    seconds. elsewhere: what to do where no service answers at the address.
    """

    url: str
    host: str = ""
    token: str = field(default_factory=lambda: os.environ.get("HNSEMU_TOKEN", ""), repr=False)
    debug: bool = field(default_factory=lambda: bool(os.environ.get("HNSEMU_DEBUG")))
    trust: Trust = field(default_factory=trust_of_command)
    timeout: float = 300
    elsewhere: str = _ELSEWHERE
    _connections: Connections | None = field(default=None, repr=False)

    def on(self, host: str) -> "Client":
        """Return a client for another host that shares the connections; safe across threads."""
        return replace(self, host=host, _connections=self.connections())

    def connections(self) -> Connections:
        """Return the connections to the service.

        Raises: typer.Exit, with a message on stderr, for a URL or a certificate file that is none.
        """
        if self._connections is None:
            self._connections = connections_to(self.url, self.trust, self.timeout)
        return self._connections

    def get(self, path: str, **query: object) -> Any:  # noqa: ANN401 (any JSON value)
        """Return the JSON value of a response."""
        return json.loads(self.send("GET", path, query=query))

    def text(self, method: str, path: str, body: object = None, **query: object) -> str:
        """Return the text of a response."""
        return self.send(method, path, body, query=query)

    def post(self, path: str, body: object, **query: object) -> Any:  # noqa: ANN401 (as above)
        """Send a JSON body and return the JSON value of the response."""
        return json.loads(self.send("POST", path, body, query=query))

    def pages(self, path: str, key: str = "ID") -> Iterator[Any]:
        """Yield the items of a list, fetched page by page.

        key: the member that identifies an item, from which the next page continues.
        """
        after = ""
        while True:
            items = self.get(path, limit=_PAGE, after=after)
            yield from items
            if len(items) < _PAGE:
                return
            after = items[-1][key]

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        text: str | None = None,
        query: Mapping[str, object] | None = None,
        explain: Callable[[str], str] = str,
    ) -> str:
        """Return the text of the answer to a request; query members that are "" are left out.

        text:    a body that is a text already.
        explain: returns the sentence to print of that in a refusal.
        Raises: typer.Exit, with a message on stderr, if the service refuses or cannot be reached.
        """
        prefix = "" if path.startswith("/emulator") else host_prefix(self.host)
        headers = authorization(self.token)
        content = text if body is None else json.dumps(body)
        if content is not None:
            headers["Content-Type"] = "application/json"
        parameters = {name: str(value) for name, value in (query or {}).items() if value != ""}
        target = f"{prefix}{path}" + (f"?{urlencode(parameters)}" if parameters else "")
        connections = self.connections()
        if self.debug:
            url = f"{self.url.rstrip('/')}{target}"
            typer.echo(_curl(method, url, headers, content), err=True)
        try:
            answer = connections.ask(method, target, content, headers)
        except FAILURES as error:
            raise unreachable(self.url, error, self.elsewhere) from error
        if self.debug:
            typer.echo(_outcome(answer), err=True)
        if answer.is_success:
            return answer.text
        raise refused(answer.text, answer.status, explain)


def authorization(token: str) -> dict[str, str]:
    """Return the header that carries a token, none if it is empty.

    Raises: typer.Exit for a text that no header can carry.
    """
    if not (token.isascii() and token.isprintable()):
        raise failed("HNSEMU_TOKEN has characters that no header can carry", USAGE_ERROR)
    return {"Authorization": f"Bearer {token}"} if token else {}


def host_prefix(host: str) -> str:
    """Return the first part of the paths of an emulated host, "" for `default`."""
    return f"/hosts/{quote(host, safe='')}" if host else ""


def connections_to(url: str, trust: Trust, timeout: float) -> Connections:
    """Return connections to a service. timeout: seconds.

    Raises: typer.Exit, with a message on stderr, for a URL or a certificate file that is none.
    """
    try:
        service = service_url(url)
    except ValueError as error:
        raise failed(f"{url!r} is no address of a service: {error}", USAGE_ERROR) from error
    try:
        return until_command_ends(Connections(service, trust.context(service.scheme), timeout))
    except ValueError as error:
        raise failed(str(error), USAGE_ERROR) from error


def unreachable(url: str, error: Exception, elsewhere: str = _ELSEWHERE) -> typer.Exit:
    """Print why a request got no answer; return the exit to raise.

    elsewhere: how the command is told of a service at another address.
    """
    sentence = certificate_problem(url, error) or (
        f"no service answers at {url}: {error}; start one with `hnsemu serve`, or {elsewhere}"
    )
    return failed(sentence, NO_SERVICE)


def refused(text: str, status: int, explain: Callable[[str], str] = str) -> typer.Exit:
    """Print why a request was refused; return the exit to raise.

    text: the answer. explain: returns the sentence to print of that in the answer.
    """
    return failed(explain(_refusal(text, status)), _exit_code(text, status))


def failed(sentence: str, code: int) -> typer.Exit:
    """Print an error message to stderr, on one line; return the exit to raise."""
    typer.echo(f"hnsemu: {visible(sentence)}", err=True)
    return typer.Exit(code)


def segment(name: str) -> str:
    """Return a name as a segment of a path; without one the path would be another.

    Raises: typer.Exit.
    """
    if not name:
        raise failed("a name is empty; an unset variable, perhaps", USAGE_ERROR)
    return quote(name, safe="")


def emulator_path(host: str) -> str:
    """Return the path of what controls an emulated host.

    Raises: typer.Exit for a host without a name.
    """
    return f"/emulator/hosts/{segment(host)}"


def read_text(file: str) -> str:
    """Return the text of a file, which PowerShell may have written; "-" for standard input.

    Raises: typer.Exit.
    """
    # ruff: noqa: PLC0415 (commands without a file start faster)
    from hnsemu.domain.file_text import decoded
    from hnsemu.errors import HnsError

    try:
        return decoded(sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes())
    except (OSError, HnsError) as error:
        reason = error.detail if isinstance(error, HnsError) else error.strerror
        raise failed(f"cannot read {file or _NO_FILE}: {reason}", USAGE_ERROR) from error


def read_document(file: str) -> Any:  # noqa: ANN401 (any document)
    """Return the JSON or YAML document in a file, "-" for standard input.

    Raises: typer.Exit, also for a value that JSON does not have, such as a date of YAML.
    """
    import yaml

    text = read_text(file)
    try:
        document = _value_of(text)
        json.dumps(document)
    except yaml.YAMLError as error:
        what = f"cannot read {file} as JSON or YAML: {one_line(str(error))}"
        raise failed(what, USAGE_ERROR) from error
    except RecursionError as error:
        raise failed(f"cannot read {file}: it is nested too deep", USAGE_ERROR) from error
    except (TypeError, ValueError) as error:
        what = f"cannot read {file}: {one_line(str(error))}; put dates in quotes, as JSON has none"
        raise failed(what, USAGE_ERROR) from error
    return document


def read_members(file: str) -> dict[str, Any]:
    """Return the object in a file as `read_document`; an empty file, and "" for none, have none.

    Raises: typer.Exit.
    """
    document = read_document(file) if file else None
    if document is None:
        return {}
    if not isinstance(document, dict):
        kind = "a list" if isinstance(document, list) else "a value"
        raise failed(f"{file} has {kind} where an object is needed", USAGE_ERROR)
    return document


def _value_of(text: str) -> Any:  # noqa: ANN401 (any document)
    """Return the value of a text; YAML 1.1 takes numbers of JSON such as 1e3 for texts.

    Raises: YAMLError, ValueError, RecursionError.
    """
    import yaml

    if text.lstrip()[:1] in {"{", "["}:
        with suppress(json.JSONDecodeError):
            return json.loads(text)
    return yaml.safe_load(text)


def _curl(method: str, url: str, headers: Mapping[str, str], content: str | None) -> str:
    """Return the request as a shell command; the token stays in its variable."""
    words = ["curl", "-X", method, shlex.quote(url)]
    for name, value in headers.items():
        is_secret = name == "Authorization"
        words += ["-H", '"Authorization: Bearer $HNSEMU_TOKEN"' if is_secret
                  else shlex.quote(f"{name}: {value}")]  # fmt: skip
    if content is not None:
        words += ["-d", shlex.quote(content)]
    return " ".join(words)


def _outcome(answer: Answer) -> str:
    request_id = answer.headers.get("X-Request-Id", "?")
    return visible(f"# {answer.status} in {answer.seconds * 1000:.0f} ms, request {request_id}")


def _exit_code(text: str, status: int) -> int:
    """Return how a command ends whose request was refused."""
    if status == _HTTP_NOT_FOUND:
        return NOT_FOUND
    return USAGE_ERROR if _record(text).get("ErrorCode") == _AMBIGUOUS else REFUSED


def _refusal(text: str, status: int) -> str:
    """Return the message of an error record, or the response itself if it is not one."""
    record = _record(text)
    if "ErrorCode" not in record:
        return f"the service answered {status}: {text[:200]}"
    return f"{record.get('Detail') or record['Error']} ({record['ErrorCode']:#010x})"


def _record(text: str) -> dict[str, Any]:
    """Return the JSON object of an answer, {} for another answer."""
    try:
        record = json.loads(text)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}
