"""Work counted in calls of functions: the same on every machine, however busy."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from hnsemu.schema.collection import without_collection


def calls(work: Callable[[], object], *, of_c: bool = True) -> int:
    """Return how many functions, of Python and, unless told otherwise, of C, `work` calls."""
    count = 0
    counted = {"call", "c_call"} if of_c else {"call"}

    def seen(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in counted

    before = sys.getprofile()
    with without_collection():  # a collector comes when it likes, and calls what others left
        sys.setprofile(seen)
        try:
            work()
        finally:
            sys.setprofile(before)
    return count


def is_linear(work: Callable[[int], Callable[[], object]], size: int = 150) -> bool:
    """Tell whether twice as much costs about twice as much; squares cost four times.

    work: prepares for a size, and returns what is counted.
    """
    work(1)()  # caches and compiled statements are nobody's work
    return calls(work(2 * size)) < 2.6 * calls(work(size))


def comparisons(monkeypatch: pytest.MonkeyPatch, values: type) -> list[None]:
    """Return a list that grows by one with each comparison of two such values."""
    seen: list[None] = []
    compare = vars(values)["__eq__"]

    def counted(one: object, other: object) -> bool:
        seen.append(None)
        return bool(compare(one, other))

    monkeypatch.setattr(values, "__eq__", counted)
    return seen


def reads(monkeypatch: pytest.MonkeyPatch, values: type, member: str) -> list[None]:
    """Return a list that grows by one with each read of a member of such values."""
    seen: list[None] = []
    slot = vars(values)[member]

    def counted(one: object) -> object:
        seen.append(None)
        return slot.__get__(one)

    monkeypatch.setattr(values, member, property(counted, slot.__set__))
    return seen
