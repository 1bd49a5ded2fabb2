"""Times as Docker prints them."""

import pytest

from hnsemu.docker.domain.times import from_unix, rfc3339, unix, unix_nanoseconds

EPOCH = 116_444_736_000_000_000


@pytest.mark.parametrize(
    ("filetime", "text"),
    [
        (0, "0001-01-01T00:00:00Z"),
        (EPOCH, "1970-01-01T00:00:00Z"),
        (EPOCH + 10_000_001, "1970-01-01T00:00:01.0000001Z"),
        (EPOCH + 5_000_000, "1970-01-01T00:00:00.5Z"),
    ],
)
def test_a_time_has_no_zeros_at_its_end(filetime: int, text: str) -> None:
    assert rfc3339(filetime) == text


def test_seconds_and_nanoseconds_count_from_1970() -> None:
    assert unix(EPOCH + 19_999_999) == 1
    assert unix_nanoseconds(EPOCH + 3) == 300
    assert from_unix(1.5) == EPOCH + 15_000_000
