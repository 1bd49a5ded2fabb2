"""Pages that changed are read once for everybody who looks at them."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Response

Read = Callable[[], Awaitable[Response]]

_MOST_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Page:
    """What was answered. tag: of its content and its state. read_at: in seconds."""

    status: int
    content: bytes
    headers: dict[str, str]
    read_at: int

    @property
    def tag(self) -> str:
        """Return its tag, "" for what has none."""
        return self.headers.get("etag", "")

    def response(self) -> Response:
        """Return an answer of its own for somebody: those who send it may change its headers."""
        return Response(self.content, self.status, self.headers)


class KeptPages:
    """The newest pages that were read again, by what stands for their address and their state.

    Those who look at the same page in the same state share one reading, also while it is under way.
    """

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        """Begin without any. most_bytes: of content that is kept."""
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[Page]] = {}
        self._bytes, self._most = 0, most_bytes

    async def get(
        self, key: str, now: int, at_most: int, may_read: Callable[[], bool], read: Read
    ) -> Page | None:
        """Return a page, read now unless it was at most `at_most` seconds ago.

        may_read: asked before a page is read; None is returned where it says no.
        Raises: what reading raises.
        """
        reading = self._under_way.get(key)
        if reading is None:
            kept = self._pages.get(key)
            if kept is not None and 0 <= now - kept.read_at <= at_most:
                return kept
            if not may_read():
                return None
            reading = asyncio.ensure_future(self._read(key, now, read))
            self._under_way[key] = reading
            reading.add_done_callback(lambda _: self._under_way.pop(key, None))
        # Who goes away must not end what others wait for.
        return await asyncio.shield(reading)

    async def _read(self, key: str, now: int, read: Read) -> Page:
        answer = await read()
        page = Page(answer.status_code, bytes(answer.body), dict(answer.headers), now)
        if page.tag:
            self._keep(key, page)
        return page

    def _keep(self, key: str, page: Page) -> None:
        old = self._pages.pop(key, None)
        self._bytes += len(page.content) - (len(old.content) if old else 0)
        self._pages[key] = page
        while self._bytes > self._most:
            _, oldest = self._pages.popitem(last=False)
            self._bytes -= len(oldest.content)
