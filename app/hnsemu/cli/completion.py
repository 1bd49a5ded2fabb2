"""What the shell offers after Tab: names from the running service, or nothing, and that soon."""

import io
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr

import typer

from hnsemu.cli.client import DEFAULT_URL, Client

_PATIENCE = 0.3  # seconds
_MOST = 100
_OF_AN_ID = 3  # characters from which on an id may be meant, as people paste them

Completion = Callable[[typer.Context, str], list[str]]


def names_of(path: str, *always: str) -> Completion:
    """Return what completes the names of the objects there; ids of those that have none.

    always: words that may stand in their place.
    """

    def complete(context: typer.Context, incomplete: str) -> list[str]:
        found = _asked(context, path)
        ids = [each["ID"] for each in found] if len(incomplete) >= _OF_AN_ID else []
        return _beginning(incomplete, [*always, *map(_word, found), *ids])

    return complete


def names_of_hosts(context: typer.Context, incomplete: str) -> list[str]:
    """Complete the names of the emulated hosts."""
    found = _asked(context, "/emulator/hosts")
    return _beginning(incomplete, [each["name"] for each in found])


def _beginning(incomplete: str, words: list[str]) -> list[str]:
    fitting = (word for word in words if word.lower().startswith(incomplete.lower()))
    return list(dict.fromkeys(fitting))[:_MOST]


def _word(document: dict[str, str]) -> str:
    """Return what the shell can hold in one word."""
    name = document.get("Name", "")
    return name if name and not any(each in name for each in " \t\"'$`\\") else document["ID"]


def _asked(context: typer.Context, path: str) -> list[dict[str, str]]:
    """Return a page of the objects, nothing when the service is away or slow."""
    asked = context.params
    client = Client(asked.get("url") or DEFAULT_URL, asked.get("host") or "", patience=_PATIENCE)
    client.debug = False
    with redirect_stderr(io.StringIO()):  # a word that cannot be completed is no failure
        try:
            return list(_documents(client.get(path, limit=_MOST)))
        except typer.Exit:
            return []


def _documents(found: object) -> Iterator[dict[str, str]]:
    yield from found if isinstance(found, list) else ()
