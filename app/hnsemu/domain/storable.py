"""Texts that a database can hold: PostgreSQL has no NUL, UTF-8 no half of a surrogate pair."""

import re

_NOT_STORABLE = re.compile("[\0\ud800-\udfff]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def is_storable(text: str) -> bool:
    """Tell whether a text comes back from every database as it is."""
    return _NOT_STORABLE.search(text) is None


def storable(text: str) -> str:
    """Return the text with U+FFFD for each character that no database holds."""
    if text.isascii():
        return text.replace("\0", _REPLACEMENT)
    return _NOT_STORABLE.sub(_REPLACEMENT, text)
