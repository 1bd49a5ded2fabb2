"""The shape of what a use case takes from outside: time, identity and chance."""

from typing import Protocol


class Source(Protocol):
    """Where time, GUIDs and random numbers come from; `hnsemu.host` has the real ones."""

    def filetime(self) -> int:
        """Return now as a Windows FILETIME: 100 ns ticks since 1601 UTC."""

    def guid(self) -> str:
        """Return a new GUID, lower-case with hyphens."""

    def below(self, limit: int) -> int:
        """Return a random integer in [0, limit)."""
