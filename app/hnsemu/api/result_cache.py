"""Work that several requests need at the same moment, done once for all of them."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any

_KEPT = 64


class ResultCache:
    """The latest results by key, valid as long as nothing changed."""

    def __init__(self) -> None:
        """Begin without results."""
        self._tasks: OrderedDict[Hashable, tuple[int, asyncio.Task[Any]]] = OrderedDict()

    async def get(self, key: Hashable, version: int, work: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401 (the result of the work)
        """Return the result of `work` for `key`: the earlier one if its `version` is the same."""
        known = self._tasks.get(key)
        if known is None or known[0] != version:
            known = (version, asyncio.ensure_future(_run(work)))
            self._tasks[key] = known
            if len(self._tasks) > _KEPT:
                self._tasks.popitem(last=False)
        return await asyncio.shield(known[1])  # a caller that leaves does not stop it for others


async def _run(work: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401 (as above)
    return await work()
