"""What the emulated host takes from outside: a clock, GUIDs and random numbers."""

import random
import secrets
import time
import uuid

# 100 ns ticks between 1601-01-01 and 1970-01-01, both UTC.
_FILETIME_OF_EPOCH = 116_444_736_000_000_000


class SystemSource:
    """The clock and the cryptographic random numbers of this machine."""

    def filetime(self) -> int:
        """Return the current time as a FILETIME."""
        return _FILETIME_OF_EPOCH + time.time_ns() // 100

    def guid(self) -> str:
        """Return a random (version 4) GUID."""
        return str(uuid.uuid4())

    def below(self, limit: int) -> int:
        """Return a random integer in [0, limit)."""
        return secrets.randbelow(limit)


class SeededSource:
    """A counting clock and a seeded generator: the same values on every run."""

    def __init__(self, seed: int = 0, start: int = 133_500_000_000_000_000) -> None:
        """Seed the generator; start the clock at the FILETIME `start`."""
        self._random = random.Random(seed)  # noqa: S311 (repeatable on purpose, nothing secret)
        self._ticks = start

    def filetime(self) -> int:
        """Return a FILETIME one millisecond after the previous one."""
        self._ticks += 10_000
        return self._ticks

    def guid(self) -> str:
        """Return the next GUID of the generator."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def below(self, limit: int) -> int:
        """Return the next integer of the generator in [0, limit)."""
        return self._random.randrange(limit)
