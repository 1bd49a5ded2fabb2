"""Docker's ids: 64 hexadecimal digits, or fewer of them that are enough."""

import re

from hnsemu.domain.source import Source

_SHORT = 12
_HEX = re.compile(r"[0-9a-f]+")


def new_id(source: Source) -> str:
    """Return a new id of 64 hexadecimal digits."""
    return f"{source.below(1 << 256):064x}"


def short(full: str) -> str:
    """Return the first twelve digits, as people see them."""
    return full[:_SHORT]


def is_prefix(text: str) -> bool:
    """Tell whether a text may be the beginning of an id."""
    return _HEX.fullmatch(text) is not None
