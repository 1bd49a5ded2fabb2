"""Texts that a database can hold: PostgreSQL has no NUL, UTF-8 no half of a surrogate pair."""

import re
from typing import Any

_NOT_STORABLE = re.compile("[\0\ud800-\udfff]")
_HALF = re.compile("[\ud800-\udfff]")  # of a character beyond the first 65,536
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def is_storable(text: str) -> bool:
    """Tell whether a text comes back from every database as it is."""
    return _NOT_STORABLE.search(text) is None


def storable(text: str) -> str:
    """Return the text with U+FFFD for each character that no database holds."""
    if text.isascii():
        return text.replace("\0", _REPLACEMENT)
    return _NOT_STORABLE.sub(_REPLACEMENT, text)


def of_whole_characters(value: Any) -> Any:  # noqa: ANN401 (a value of JSON)
    """Return a value of JSON with U+FFFD for each half of a surrogate pair, also in names."""
    if isinstance(value, str):
        return _HALF.sub(_REPLACEMENT, value)
    if isinstance(value, list):
        return [of_whole_characters(item) for item in value]
    if isinstance(value, dict):
        return {of_whole_characters(name): of_whole_characters(value[name]) for name in value}
    return value
