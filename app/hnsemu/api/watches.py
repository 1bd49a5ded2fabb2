"""What this process believes of each host's journal and faults; every call compares it.

A call of a program goes by what is known here. The first transaction of the call finds the host,
and with it the version of what is watched (`storage.transaction.Watcher`). Where they differ, in
this process or because another one has changed it, the call begins again: nothing has happened.
"""

from functools import partial

from anyio.to_thread import run_sync

from hnsemu.domain.source import Source
from hnsemu.domain.watch import UNWATCHED, Watch
from hnsemu.services import journal
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns

_MOST = 10_000


class Watches:
    """The watches by the names of their hosts."""

    def __init__(self, database: Database, source: Source) -> None:
        """Begin with nothing known."""
        self._database = database
        self._source = source
        self._known: dict[str, Watch] = {}

    def of(self, host_name: str) -> Watch:
        """Return what is believed of a host."""
        return self._known.get(host_name, UNWATCHED)

    async def learn(self, host_name: str) -> Watch:
        """Return what is true of a host, and know it from now on."""
        work = partial(journal.watch_of, Hns(self._database, host_name, self._source))
        watch = work() if self._database.is_sqlite else await run_sync(work)
        self.believe(host_name, watch)
        return watch

    def believe(self, host_name: str, watch: Watch) -> None:
        """Go by this from now on."""
        if len(self._known) >= _MOST:
            self._known.clear()
        if watch == UNWATCHED:
            self._known.pop(host_name, None)
        else:
            self._known[host_name] = watch
