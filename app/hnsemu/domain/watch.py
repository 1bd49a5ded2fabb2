"""What is watched of a host: the settings of its journal while it is on."""

from dataclasses import dataclass

from hnsemu.domain.journal import JournalSettings


@dataclass(frozen=True, slots=True)
class Watch:
    """What a process knows of a host, to be compared with the host by each call.

    version: of `Host.watched`; 0 for a host that was never watched, whose key does not matter.
    journal: None while nothing is recorded.
    """

    host_key: int = 0
    version: int = 0
    journal: JournalSettings | None = None


UNWATCHED = Watch()
"""What is believed of a host of which nothing is known."""
