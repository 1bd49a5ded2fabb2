"""Work that several want at once is done once."""

import asyncio

import pytest

from hnsemu.api.sharing import Shared


class Work:
    """Something that takes until it is let go, and counts how often it was begun."""

    def __init__(self) -> None:
        """Begin held back."""
        self.begun = 0
        self.go = asyncio.Event()

    async def __call__(self) -> int:
        """Begin, and return how often that was when let go."""
        self.begun += 1
        await self.go.wait()
        return self.begun


async def test_who_asks_for_the_same_shares_it() -> None:
    shared, work = Shared(), Work()
    asked = [asyncio.ensure_future(shared.get("page", 1, work)) for _ in range(20)]
    await asyncio.sleep(0)
    work.go.set()
    assert await asyncio.gather(*asked) == [1] * 20
    assert await shared.get("page", 1, work) == 1
    assert work.begun == 1


async def test_what_changed_or_differs_is_done_again() -> None:
    shared, work = Shared(), Work()
    work.go.set()
    assert await shared.get("page", 1, work) == 1
    assert await shared.get("page", 2, work) == 2
    assert await shared.get("other", 2, work) == 3
    assert await shared.get("page", 2, work) == 2


async def test_who_leaves_takes_nothing_from_the_others() -> None:
    shared, work = Shared(), Work()
    leaving, staying = (asyncio.ensure_future(shared.get("page", 1, work)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    work.go.set()
    assert await staying == 1
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_only_the_latest_are_kept() -> None:
    shared, work = Shared(), Work()
    work.go.set()
    for number in range(1000):
        await shared.get(number, 1, work)
    assert len(shared._tasks) < 100
    assert await shared.get(999, 1, work) == 1000
    assert await shared.get(0, 1, work) == 1001
