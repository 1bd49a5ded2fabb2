"""Indented lines, and how a listing begins and ends. Source: dataplane.md section 2.2."""

from collections.abc import Iterable, Iterator

from hnsemu.domain.visible import visible

_TITLE = (" ITEM LIST", "===========", "")


def listing(command: str, lines: Iterable[str]) -> str:
    """Return a whole listing: title, lines, and the sentence that says it went well."""
    return crlf([*_TITLE, *lines, f"Command {command} succeeded!"])


def crlf(lines: Iterable[str]) -> str:
    """Return the lines as Windows ends them; a name with line ends of its own stays on its line."""
    return "".join(f"{visible(line)}\r\n" for line in lines)


def at(indent: int, lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines behind `indent` blanks."""
    for line in lines:
        yield f"{' ' * indent}{line}"


def words(flags: int, names: Iterable[tuple[int, str]], separator: str = " ") -> str:
    """Return what the flags are called."""
    return separator.join(name for bit, name in names if flags & bit)
