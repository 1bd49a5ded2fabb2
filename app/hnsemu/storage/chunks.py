"""Lists of any length in portions: databases limit how many parameters a statement takes."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

V = TypeVar("V")

_AT_ONCE = 500


def chunks(values: Iterable[V], size: int = _AT_ONCE) -> Iterator[list[V]]:
    """Yield the values in their order, at most `size` at a time."""
    left = iter(values)
    while chunk := list(islice(left, size)):
        yield chunk
