"""Times as Docker prints them: RFC 3339 in UTC, and seconds since 1970."""

from datetime import UTC, datetime, timedelta

from hnsemu.domain.filetime import TICKS, UNIX_EPOCH

NEVER = "0001-01-01T00:00:00Z"
"""What Go prints for a time that was not set."""


def rfc3339(filetime: int) -> str:
    """Return a FILETIME as RFC 3339 without zeros at the end; 0 is Go's zero time."""
    if not filetime:
        return NEVER
    seconds, ticks = divmod(filetime - UNIX_EPOCH, TICKS)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    fraction = f".{ticks:07}".rstrip("0").rstrip(".")
    return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def rfc3339_full(filetime: int) -> str:
    """Return a FILETIME as RFC 3339 with all nine digits, as logs print it."""
    seconds, ticks = divmod(filetime - UNIX_EPOCH, TICKS)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{ticks:07}00Z"


def unix(filetime: int) -> int:
    """Return a FILETIME as whole seconds since 1970."""
    return (filetime - UNIX_EPOCH) // TICKS


def unix_nanoseconds(filetime: int) -> int:
    """Return a FILETIME as nanoseconds since 1970."""
    return (filetime - UNIX_EPOCH) * 100


def from_unix(seconds: float) -> int:
    """Return seconds since 1970 as a FILETIME.

    Raises: ValueError, OverflowError for a number that is none.
    """
    return UNIX_EPOCH + int(seconds * TICKS)
