"""Work that several requests need at once is done once."""

import asyncio

import pytest

from hnsemu.api.result_cache import ResultCache


class Work:
    """Work that lasts until it is released, and counts how often it was begun."""

    def __init__(self) -> None:
        """Hold it back."""
        self.begun = 0
        self.go = asyncio.Event()

    async def __call__(self) -> int:
        """Begin; return how often that was when released."""
        self.begun += 1
        await self.go.wait()
        return self.begun


async def test_requests_for_the_same_key_share_one_result() -> None:
    cache, work = ResultCache(), Work()
    callers = [asyncio.ensure_future(cache.get("page", 1, work)) for _ in range(20)]
    await asyncio.sleep(0)
    work.go.set()
    assert await asyncio.gather(*callers) == [1] * 20
    assert await cache.get("page", 1, work) == 1
    assert work.begun == 1


async def test_another_version_or_key_is_worked_out_again() -> None:
    cache, work = ResultCache(), Work()
    work.go.set()
    assert await cache.get("page", 1, work) == 1
    assert await cache.get("page", 2, work) == 2
    assert await cache.get("other", 2, work) == 3
    assert await cache.get("page", 2, work) == 2


async def test_a_caller_that_leaves_does_not_stop_the_work_for_the_others() -> None:
    cache, work = ResultCache(), Work()
    leaving, staying = (asyncio.ensure_future(cache.get("page", 1, work)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    work.go.set()
    assert await staying == 1
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_only_the_latest_results_are_kept() -> None:
    cache, work = ResultCache(), Work()
    work.go.set()
    for number in range(1000):
        await cache.get(number, 1, work)
    assert len(cache._tasks) < 100
    assert await cache.get(999, 1, work) == 1000
    assert await cache.get(0, 1, work) == 1001
