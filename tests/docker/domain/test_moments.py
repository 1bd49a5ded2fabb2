"""Moments in filters: ago, by the clock, or in Unix seconds."""

import pytest

from hnsemu.docker.domain.moments import read_moment, read_timestamp
from hnsemu.docker.domain.times import from_unix, rfc3339
from hnsemu.docker.errors import DockerError

NOW = from_unix(1_700_000_000)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("10m", "2023-11-14T22:03:20Z"),
        ("1h30m", "2023-11-14T20:43:20Z"),
        ("-10s", "2023-11-14T22:13:30Z"),
        ("1.5h", "2023-11-14T20:43:20Z"),
        ("0", "1970-01-01T00:00:00Z"),
        ("1700000000.5", "2023-11-14T22:13:20.5Z"),
        ("2023-11-14", "2023-11-14T00:00:00Z"),
        ("2023-11-14T10:00", "2023-11-14T10:00:00Z"),
        ("2023-11-14T10:00:00.25", "2023-11-14T10:00:00.25Z"),
        ("2023-11-14T10:00:00+02:00", "2023-11-14T08:00:00Z"),
        ("2023-11-14T10:00:00Z", "2023-11-14T10:00:00Z"),
    ],
)
def test_a_moment_is_read(text: str, moment: str) -> None:
    assert rfc3339(read_moment(text, NOW)) == moment


@pytest.mark.parametrize("text", ["", "soon", "10x", "2023-13-01", "1m1"])
def test_another_text_is_no_moment(text: str) -> None:
    with pytest.raises(DockerError, match="failed to parse value as time or duration"):
        read_moment(text, NOW)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("soon", '"soon": invalid syntax'),
        ("5.x", '"x": invalid syntax'),
        ("9" * 400, f'"{"9" * 400}": value out of range'),
    ],
)
def test_a_timestamp_that_is_none_is_refused_in_the_words_of_go(text: str, fault: str) -> None:
    with pytest.raises(DockerError) as refusal:
        read_timestamp(text, NOW)
    message = f"strconv.ParseInt: parsing {fault}"
    assert (refusal.value.status, refusal.value.message) == (500, message)
