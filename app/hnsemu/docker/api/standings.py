"""What this process believes of each host's daemon; the first transaction of a call compares it.

A call goes by the release and the id of the daemon that were true of its host a moment ago. To ask
first would be a transaction of its own. Where the transaction finds another daemon, the call begins
again: nothing has happened.
"""

from weakref import WeakKeyDictionary

from hnsemu.docker.services import daemon, swarm_records
from hnsemu.docker.storage.daemons import Standing
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Transaction

_MOST = 10_000


class StandingChanged(Exception):  # noqa: N818 (nothing went wrong)
    """The daemon is not what the call believes; nothing has happened yet."""


class Belief:
    """What a call believes, until a transaction has confirmed it."""

    def __init__(self, standing: Standing) -> None:
        """Begin unconfirmed."""
        self.standing = standing
        self.is_confirmed = False

    def __call__(self, tx: Transaction) -> None:
        """Compare it with the truth, once.

        A transaction that writes on a host in a swarm has the swarm for itself before any host:
        what starts or ends on a network of the swarm changes several hosts (ADR 0006).
        Raises: StandingChanged.
        """
        if tx.writing and self.standing.swarm_id:
            swarm_records.reserve(tx, self.standing.swarm_id)
        if self.is_confirmed:
            return
        if daemon.known_standing(tx) != self.standing:
            raise StandingChanged
        self.is_confirmed = True


class Standings:
    """How the daemons stand that have started, by database and host."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._known: WeakKeyDictionary[Database, dict[str, Standing]] = WeakKeyDictionary()

    def of(self, database: Database, host_name: str) -> Standing | None:
        """Return what is believed of a host's daemon, None for nothing."""
        return self._known.get(database, {}).get(host_name)

    def believe(self, database: Database, host_name: str, standing: Standing) -> None:
        """Go by this from now on, if the daemon has started."""
        known = self._known.setdefault(database, {})
        if len(known) >= _MOST:
            known.clear()
        if standing.daemon_id:
            known[host_name] = standing
        else:
            known.pop(host_name, None)
