"""Patterns in filters: regular expressions and paths of Go, decided in little time.

Go's engine takes time in proportion to the text; Python's may take for ever. A regular expression
that could is not tried: it matches itself alone.
"""

import re
from functools import lru_cache

from hnsemu.docker.errors import FAILED, DockerError

_NOT_IN_GO = re.compile(r"\(\?(?!:|P<|i\))|\\[1-9]")  # look-around and references to groups
_REPEATED_GROUP = re.compile(r"\)[*+?{]")
_REPEATS = re.compile(r"(?<!\\)[*+{]")
_MOST_REPEATS = 2
_LONGEST = 255


def is_match(pattern: str, text: str) -> bool:
    """Tell whether a pattern is found anywhere in a text; a bad pattern never is."""
    compiled = _compiled(pattern)
    return compiled is not None and compiled.search(text) is not None


def is_like(name: str, pattern: str) -> bool:
    """Tell whether a name is like a pattern of Go's path.Match.

    `*` and `?` stand for no slash, `[a-z]` and `[^a-z]` for a character, a backslash for the next
    one as it is.
    Raises: DockerError 500 for a pattern that is none, whatever the name is.
    """
    return _path(pattern).fullmatch(name) is not None


@lru_cache(maxsize=256)
def _path(pattern: str) -> re.Pattern[str]:
    """Return a pattern of a path as a regular expression that takes back no step.

    What follows a star is looked for as early as it can be, as Go does, and kept.
    Raises: DockerError 500.
    """
    first, *others = _pieces(pattern)
    if not others:
        return re.compile(first, re.DOTALL)
    *middle, last = others
    return re.compile(
        first + "".join(f"(?>[^/]*?{piece})" for piece in middle) + f"[^/]*{last}", re.DOTALL
    )


def _pieces(pattern: str) -> list[str]:
    """Return what stands between the stars, as regular expressions.

    Raises: DockerError 500.
    """
    pieces, place = [""], 0
    while place < len(pattern):
        character = pattern[place]
        if character == "*":
            if pieces[-1] or len(pieces) == 1:
                pieces.append("")
            place += 1
        elif character == "?":
            pieces[-1] += "[^/]"
            place += 1
        elif character == "[":
            found, place = _class(pattern, place + 1)
            pieces[-1] += found
        else:
            literal, place = _literal(pattern, place)
            pieces[-1] += re.escape(literal)
    return pieces


def _class(pattern: str, place: int) -> tuple[str, int]:
    """Return a class of characters as a regular expression, and the place behind it.

    Raises: DockerError 500.
    """
    is_negated = pattern[place : place + 1] == "^"
    place += is_negated
    ranges: list[str] = []
    is_first = True
    while is_first or pattern[place : place + 1] != "]":
        low, place = _bound(pattern, place)
        high = low
        if pattern[place] == "-":
            high, place = _bound(pattern, place + 1)
        if low <= high:
            ranges.append(f"{re.escape(low)}-{re.escape(high)}")
        is_first = False
    if not ranges:
        return ("." if is_negated else "(?!)"), place + 1
    return f"[{'^' if is_negated else ''}{''.join(ranges)}]", place + 1


def _bound(pattern: str, place: int) -> tuple[str, int]:
    """Return one end of a range and the place behind it, where something must follow.

    Raises: DockerError 500.
    """
    if pattern[place : place + 1] in {"", "-", "]"}:
        raise _bad_pattern()
    found, place = _literal(pattern, place)
    if place >= len(pattern):
        raise _bad_pattern()
    return found, place


def _literal(pattern: str, place: int) -> tuple[str, int]:
    """Return a character, that behind a backslash if there is one, and the place behind it.

    Raises: DockerError 500.
    """
    place += pattern[place] == "\\"
    if place >= len(pattern):
        raise _bad_pattern()
    return pattern[place], place + 1


def _bad_pattern() -> DockerError:
    return DockerError(FAILED, "syntax error in pattern")


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    is_slow = _REPEATED_GROUP.search(pattern) or len(_REPEATS.findall(pattern)) > _MOST_REPEATS
    if is_slow or _NOT_IN_GO.search(pattern) or len(pattern) > _LONGEST:
        return None
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return None
