"""What the real dockerd 28.5.2 answered, and how answers are compared: ids and times aside.

The recordings are in tests/requests/dockerd/: the daemon ran unmodified under Wine, on hnsemu's own
DLLs, so that what it says is its own and what HNS answered is hnsemu's.
"""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

FOLDER = Path(__file__).parents[1] / "requests" / "dockerd"

_ID = re.compile(r"\b[0-9a-f]{64}\b")
_GUID = re.compile(r"\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b")
_TIME = re.compile(r"\b20\d\d-\d\d-\d\dT[\d:.]+Z")


def recorded(name: str) -> list[dict[str, Any]]:
    """Return the lines of a recording."""
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text().splitlines()]


def normalised(reply: Any) -> Any:
    """Return a reply without ids and times."""
    text = json.dumps(reply)
    for pattern, name in ((_ID, "ID"), (_GUID, "GUID"), (_TIME, "TIME")):
        text = pattern.sub(f"<{name}>", text)
    return json.loads(text)


def path_of(request: list[Any]) -> str:
    """Return the path of a request as people read it."""
    return unquote(request[1])
