"""Patterns in filters: regular expressions of Go, as far as they are decided in little time.

Go's engine takes time in proportion to the text; Python's may take for ever. A pattern that could
is not tried: it matches itself alone.
"""

import re
from fnmatch import fnmatchcase
from functools import lru_cache

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
    """Tell whether a name is like a pattern with * and ?, which stand for no slash."""
    parts, wanted = name.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    is_slow = _REPEATED_GROUP.search(pattern) or len(_REPEATS.findall(pattern)) > _MOST_REPEATS
    if is_slow or _NOT_IN_GO.search(pattern) or len(pattern) > _LONGEST:
        return None
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return None
