"""What is watched of a host: its journal while it is on, and its faults."""

from dataclasses import dataclass

from hnsemu.domain.faults import Fault
from hnsemu.domain.hosts import Host
from hnsemu.domain.journal import JournalSettings
from hnsemu.domain.releases import NEWEST, Release


@dataclass(frozen=True, slots=True)
class Watch:
    """What a process knows of a host, to be compared with the host by each call.

    version: of `Host.watched`; 0 for a host that was never watched, whose key does not matter.
    journal: None while nothing is recorded.
    faults:  as they were read; what they have seen since is in the database.
    """

    host_key: int = 0
    version: int = 0
    journal: JournalSettings | None = None
    faults: tuple[Fault, ...] = ()
    release: Release = NEWEST


def first_watch(host: Host, *, has_journal: bool) -> Watch:
    """Return what is watched of a host that has just been created."""
    if not has_journal:
        return UNWATCHED
    return Watch(host.key, host.watched, JournalSettings(), release=host.release)


UNWATCHED = Watch()
"""What is believed of a host of which nothing is known."""
