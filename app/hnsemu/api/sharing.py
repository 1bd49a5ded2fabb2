"""Work that several requests want at the same moment, done once for all of them."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any

_KEPT = 64


class Shared:
    """Results by what was asked for, as long as nothing changed; the latest few are kept."""

    def __init__(self) -> None:
        """Begin without results."""
        self._tasks: OrderedDict[Hashable, tuple[int, asyncio.Task[Any]]] = OrderedDict()

    async def get(self, key: Hashable, version: int, work: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401 (what the work gives)
        """Return what `work` gives for `key`, from before if that was at the same `version`."""
        known = self._tasks.get(key)
        if known is None or known[0] != version:
            known = (version, asyncio.ensure_future(_run(work)))
            self._tasks[key] = known
            if len(self._tasks) > _KEPT:
                self._tasks.popitem(last=False)
        return await asyncio.shield(known[1])  # who leaves does not stop it for the others


async def _run(work: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401 (as above)
    return await work()
