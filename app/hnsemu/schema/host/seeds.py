"""Seeds: files that a service loads at its start, and their items with lines."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hnsemu.errors import HnsError, Hr
from hnsemu.schema.host.state_text import documents_with_lines

_SOURCED = 'trap \'echo "line $LINENO: $BASH_COMMAND" >&2\' ERR; source "$0"'
SCRIPTS = {".sh": ("bash", "-c", _SOURCED), ".py": ("python3",)}
_DOCUMENTS = {".json", ".yaml", ".yml", ".ndjson"}
_REQUEST = {"method", "path", "host", "body", "status"}
_DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class SeedRequest:
    """A request that a seed makes. line: where it stands. status: expected, 0 for success."""

    line: int
    method: str
    path: str
    body: str | None
    status: int = 0


def seed_files(folder: Path) -> list[Path]:
    """Return the seeds of a folder by name.

    Raises: OSError for a folder that cannot be read.
    """
    known = _DOCUMENTS | SCRIPTS.keys()
    return sorted(file for file in folder.iterdir() if file.suffix in known and file.is_file())


def requests_of(content: bytes) -> list[SeedRequest]:
    """Return what a file of documents sends: states of hosts, and requests.

    A state document is that of the host `default`; `{"name": …, "state": …}` names another.
    Raises: HCN_E_INVALID_JSON, E_INVALIDARG, with the line.
    """
    found = []
    for line, document in documents_with_lines(content):
        if isinstance(document, dict) and document.keys() <= {"name", "state"} and document:
            found.append(_state(line, document.get("name"), document.get("state")))
        elif isinstance(document, dict) and "format" in document:
            found.append(_state(line, _DEFAULT, document))
        else:
            found.append(_request(line, document))
    return found


def _state(line: int, name: object, state: object) -> SeedRequest:
    if not isinstance(name, str) or not name:
        raise _wrong(line, "a state needs the name of its host")
    return SeedRequest(line, "PUT", f"/emulator/hosts/{name}/state", json.dumps(state))


def _request(line: int, document: Any) -> SeedRequest:  # noqa: ANN401 (any value)
    if not isinstance(document, dict) or not {"method", "path"} <= document.keys():
        raise _wrong(line, "this is neither a state document nor a request with method and path")
    unknown = sorted(document.keys() - _REQUEST)
    if unknown:
        raise _wrong(line, f"{unknown[0]} is unknown; a request has {', '.join(sorted(_REQUEST))}")
    method, path, host = document["method"], document["path"], document.get("host", "")
    status = document.get("status", 0)
    if not all(isinstance(text, str) for text in (method, path, host)) or type(status) is not int:
        raise _wrong(line, "method, path and host are texts, status is a number")
    if not path.startswith("/"):
        raise _wrong(line, f"path: {path!r} does not begin with a slash")
    body = None if "body" not in document else json.dumps(document["body"])
    return SeedRequest(line, method, f"/hosts/{host}{path}" if host else path, body, status)


def _wrong(line: int, what: str) -> HnsError:
    return HnsError(Hr.E_INVALIDARG, f"line {line}: {what}")
