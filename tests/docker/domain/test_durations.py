"""Lengths of time in words."""

import pytest

from hnsemu.docker.domain.durations import human

MINUTE, HOUR, DAY = 60, 3600, 86400


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "Less than a second"),
        (1, "1 second"),
        (59, "59 seconds"),
        (MINUTE, "About a minute"),
        (2 * MINUTE, "2 minutes"),
        (HOUR, "About an hour"),
        (2 * HOUR, "2 hours"),
        (HOUR * 5 // 2, "3 hours"),
        (47 * HOUR, "47 hours"),
        (47 * HOUR + 40 * MINUTE, "2 days"),
        (2 * DAY, "2 days"),
        (13 * DAY, "13 days"),
        (14 * DAY, "2 weeks"),
        (60 * DAY, "2 months"),
        (800 * DAY, "2 years"),
    ],
)
def test_a_length_of_time_is_said_as_people_do(seconds: int, words: str) -> None:
    assert human(seconds) == words
