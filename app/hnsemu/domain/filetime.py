"""FILETIME, the time of Windows: 100 ns ticks since 1601-01-01 UTC.

Source: FILETIME structure of the Windows API [D].
"""

from datetime import UTC, datetime, timedelta

TICKS = 10_000_000
"""Ticks of a second."""

UNIX_EPOCH = 116_444_736_000_000_000
"""1970-01-01 UTC."""

_BEGINNING = datetime(1601, 1, 1, tzinfo=UTC)


def utc(filetime: int) -> datetime:
    """Return a FILETIME as a date and time; what is less than a microsecond is cut off."""
    return _BEGINNING + timedelta(microseconds=filetime // 10)


def filetime_of(time: datetime) -> int:
    """Return the FILETIME of a date and time; without a zone it is UTC.

    Raises: OverflowError where the zone leads out of the years that there are.
    """
    since = time.replace(tzinfo=time.tzinfo or UTC) - _BEGINNING
    return since // timedelta(microseconds=1) * 10
