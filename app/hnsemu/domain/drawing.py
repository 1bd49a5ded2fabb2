"""Drawing from a pool: a walk along its permutation to the next element that nobody has."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

K = TypeVar("K", str, int)

State = Literal["free", "released", "taken"]
"""How an element stands: never used, given back, or in use."""

_LARGEST_PORTION = 512
_LONG_WALK = 512


@dataclass(frozen=True, slots=True)
class Draw(Generic[K]):
    """An element that was drawn. cursor: where the permutation stands afterwards."""

    key: K
    state: State
    cursor: int


@dataclass(frozen=True, slots=True)
class Urn(Generic[K]):
    """A pool as seen by a draw.

    cursor:   how many elements of the permutation have been drawn. size: how many it has.
    key_at:   the element at an index, None for one that is never given out.
    states:   the elements that are released or taken among those named.
    is_full:  whether every element has been given out at least once; called on long walks only.
    oldest_released: the element that was released longest ago.
    """

    cursor: int
    size: int
    key_at: Callable[[int], K | None]
    states: Callable[[Sequence[K]], Mapping[K, State]]
    is_full: Callable[[], bool]
    oldest_released: Callable[[], K | None]


def draw(urn: Urn[K]) -> Draw[K] | None:
    """Return the next element nobody has; once all were given out, the one released longest ago.

    Cost: one question about states as a rule. Elements claimed out of turn are passed once in the
    life of a pool, in growing portions; a pool that is full is noticed instead of searched.
    """
    far = min(urn.cursor + _LONG_WALK, urn.size)
    found = _walk(urn, urn.cursor, far)
    if found is None and far < urn.size and not urn.is_full():
        found = _walk(urn, far, urn.size)
    if found is not None:
        return found
    oldest = urn.oldest_released()
    return None if oldest is None else Draw(oldest, "released", urn.size)


def _walk(urn: Urn[K], start: int, end: int) -> Draw[K] | None:
    """Return the first element from index `start` to `end` that is not taken."""
    for indexes in _portions(start, end):
        keys = [(index, key) for index in indexes if (key := urn.key_at(index)) is not None]
        states = urn.states([key for _, key in keys])
        for index, key in keys:
            state = states.get(key, "free")
            if state != "taken":
                return Draw(key, state, index + 1)
    return None


def _portions(start: int, end: int) -> Iterator[range]:
    """Yield the indexes from `start` to `end` in portions of 1, 8, 64, 512, 512, …."""
    length = 1
    while start < end:
        yield range(start, min(start + length, end))
        start += length
        length = min(length * 8, _LARGEST_PORTION)
