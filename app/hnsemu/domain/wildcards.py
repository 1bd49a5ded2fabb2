"""Patterns of texts: `*` stands for any characters, `?` for one, `|` for another pattern.

Case does not count.
"""

import re
from functools import lru_cache


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (
        {"*": ".*", "?": ".", "|": "|"}.get(part, re.escape(part))
        for part in re.split(r"([*?|])", pattern)
    )
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


def matches(pattern: str, text: str) -> bool:
    """Tell whether the whole text is of the pattern."""
    return _compiled(pattern).fullmatch(text) is not None
