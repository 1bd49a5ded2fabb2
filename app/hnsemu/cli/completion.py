"""Shell completion: names from the running service; nothing if it does not answer quickly."""

import io
import re
from collections.abc import Callable
from contextlib import redirect_stderr
from typing import Any

import typer

from hnsemu import DEFAULT_URL
from hnsemu.cli.client import Client
from hnsemu.cli.connections import close_connections
from hnsemu.cli.tls import Trust

_TIMEOUT = 0.3  # seconds
_LIMIT = 100
_SHORTEST_ID = 3  # characters from which a word is completed to an id as well
_PLAIN_WORD = re.compile(r"[\w@%+=:,./][\w@%+=:,./-]*")  # no shell reads anything into these

Completion = Callable[[typer.Context, str], list[str]]


def names_of(path: str, *keywords: str) -> Completion:
    """Return a completion for the objects at `path`: by name, or by id where there is no name.

    keywords: words that are accepted in place of a name.
    """

    def complete(context: typer.Context, incomplete: str) -> list[str]:
        documents = _fetch(context, path)
        names = [_word(document) for document in documents]
        ids = [document["ID"] for document in documents] if len(incomplete) >= _SHORTEST_ID else []
        return _matching(incomplete, [*keywords, *names, *ids])

    return complete


def names_of_hosts(context: typer.Context, incomplete: str) -> list[str]:
    """Complete the names of the emulated hosts."""
    return _matching(incomplete, [host["name"] for host in _fetch(context, "/emulator/hosts")])


def _matching(incomplete: str, words: list[str]) -> list[str]:
    matches = (word for word in words if word.lower().startswith(incomplete.lower()))
    return list(dict.fromkeys(matches))[:_LIMIT]


def _word(document: dict[str, str]) -> str:
    """Return the name, or the id if the name is empty or is more than a word to a shell."""
    name = document.get("Name", "")
    return name if _PLAIN_WORD.fullmatch(name) else document["ID"]


def _fetch(context: typer.Context, path: str) -> list[dict[str, Any]]:
    """Return the first page of a list; empty if the service is down or slow."""
    options = context.params
    trust = Trust(options.get("ca") or "", bool(options.get("insecure")))
    url, host = options.get("url") or DEFAULT_URL, options.get("host") or ""
    client = Client(url, host, trust=trust, timeout=_TIMEOUT)
    client.debug = False
    with redirect_stderr(io.StringIO()):  # a message would end up in the user's command line
        try:
            documents = client.get(path, limit=_LIMIT)
        except typer.Exit:
            return []
        finally:
            close_connections()
    return documents if isinstance(documents, list) else []
