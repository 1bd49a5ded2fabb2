"""What the emulated host takes from outside: a clock, GUIDs and random numbers."""

import random
import secrets
import time
import uuid
from collections.abc import Iterator

from hnsemu.domain.filetime import UNIX_EPOCH

_AT_ONCE = 128


class SystemSource:
    """The clock and the cryptographic random numbers of this machine."""

    def __init__(self) -> None:
        """Begin without GUIDs in store."""
        self._guids: list[str] = []  # asking the machine for each takes as long as a query

    def filetime(self) -> int:
        """Return the current time as a FILETIME."""
        return UNIX_EPOCH + time.time_ns() // 100

    def guid(self) -> str:
        """Return a random (version 4) GUID."""
        while True:
            try:
                return self._guids.pop()
            except IndexError:  # another thread may take them all
                self._guids.extend(_guids(secrets.token_hex(16 * _AT_ONCE)))

    def below(self, limit: int) -> int:
        """Return a random integer in [0, limit)."""
        return secrets.randbelow(limit)


def _guids(digits: str) -> Iterator[str]:
    """Yield a version 4 GUID for each 32 hexadecimal digits (RFC 9562, section 5.4)."""
    for at in range(0, len(digits), 32):
        text = digits[at : at + 32]
        variant = "89ab"[int(text[16], 16) & 3]
        yield f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"


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
