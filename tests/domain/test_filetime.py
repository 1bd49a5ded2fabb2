"""FILETIMEs and dates."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from hnsemu.domain.filetime import TICKS, UNIX_EPOCH, filetime_of, utc


@pytest.mark.parametrize(
    ("filetime", "time"),
    [
        (0, datetime(1601, 1, 1, tzinfo=UTC)),
        (UNIX_EPOCH, datetime(1970, 1, 1, tzinfo=UTC)),
        (UNIX_EPOCH + TICKS, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)),
        (133_500_000_000_000_010, datetime(2024, 1, 17, 21, 20, 0, 1, tzinfo=UTC)),
    ],
)
def test_a_filetime_counts_from_1601(filetime: int, time: datetime) -> None:
    assert utc(filetime) == time
    assert filetime_of(time) == filetime


def test_less_than_a_microsecond_is_cut_off() -> None:
    assert utc(UNIX_EPOCH + 19) == utc(UNIX_EPOCH + 10)


def test_a_time_has_its_zone_or_is_utc() -> None:
    two = timezone(timedelta(hours=2))
    assert filetime_of(datetime(1970, 1, 1, 2, tzinfo=two)) == UNIX_EPOCH
    assert filetime_of(datetime(1970, 1, 1)) == UNIX_EPOCH  # noqa: DTZ001 (without a zone)
