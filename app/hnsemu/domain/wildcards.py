"""Patterns of texts: `*` stands for any characters, `?` for one, `|` for another pattern.

Case does not count.
"""

import re
from functools import lru_cache

LONGEST = 255
"""Characters that a pattern may have; a longer one is of no text."""

_SEEN = 4096
"""Characters of a text that are looked at: names and paths are shorter."""


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile("|".join(map(_alternative, pattern.split("|"))), re.IGNORECASE | re.DOTALL)


def _alternative(pattern: str) -> str:
    """Return the expression of a pattern without `|`.

    What stands between two stars is looked for once, at its first place: another one further on
    leaves less for the rest. Otherwise a few stars would take for ever, and the interpreter with
    them.
    """
    first, *others = ("".join(map(_character, part)) for part in pattern.split("*"))
    if not others:
        return first
    *between, last = others
    return first + "".join(f"(?>.*?{part})" for part in between if part) + f".*{last}"


def _character(character: str) -> str:
    return "." if character == "?" else re.escape(character)


def matches(pattern: str, text: str) -> bool:
    """Tell whether a text, as far as it is looked at, is of the pattern."""
    return len(pattern) <= LONGEST and _compiled(pattern).fullmatch(text[:_SEEN]) is not None
