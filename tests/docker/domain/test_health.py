"""When probes run after a start, and what their failures make of a container's health."""

from typing import Any

import pytest

from hnsemu.docker.domain.health import (
    HealthStatus,
    check_health_filter,
    check_healthcheck,
    health_after,
    next_probe,
    probe_of,
    schedule_of,
)
from hnsemu.docker.errors import DockerError
from hnsemu.domain.filetime import TICKS

SECOND = 1_000_000_000  # nanoseconds
STARTED = 1_000 * TICKS


@pytest.mark.parametrize(
    ("test", "words"),
    [
        (["CMD", "curl", "http://web"], ("curl", "http://web")),
        (["CMD-SHELL", "curl http://web"], ("cmd", "/S", "/C", "curl http://web")),
        (["NONE"], None),
        (["CMD"], None),
        (["curl", "http://web"], None),
        ([], None),
        (None, None),
    ],
)
def test_a_health_check_runs_a_command_or_nothing(
    test: list[str] | None, words: tuple[str, ...] | None
) -> None:
    assert probe_of({"Test": test}) == words


def test_a_container_without_a_health_check_has_no_probe() -> None:
    assert probe_of(None) is None


def seen(seconds: float, exit_code: int, **check: Any) -> tuple[str, int, list[float]]:
    """Return status, failing streak and probes of a container some seconds after its start."""
    schedule = schedule_of({name: value * SECOND for name, value in check.items()})
    health = health_after(schedule, STARTED, STARTED + int(seconds * TICKS), exit_code, "")
    probes = [(probe - STARTED) / TICKS for probe in health.probes]
    return str(health.status), health.failing_streak, probes


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (29, ("starting", 0, [])),
        (30, ("healthy", 0, [30])),
        (61, ("healthy", 0, [30, 60])),
        (200, ("healthy", 0, [60, 90, 120, 150, 180])),
    ],
)
def test_a_container_is_healthy_from_its_first_probe(
    seconds: float, expected: tuple[str, int, list[float]]
) -> None:
    assert seen(seconds, 0) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (9, ("starting", 0, [])),
        (25, ("starting", 2, [10, 20])),
        (30, ("unhealthy", 3, [10, 20, 30])),
        (100, ("unhealthy", 10, [60, 70, 80, 90, 100])),
    ],
)
def test_a_container_is_unhealthy_after_three_failures(
    seconds: float, expected: tuple[str, int, list[float]]
) -> None:
    assert seen(seconds, 1, Interval=10) == expected


@pytest.mark.parametrize(
    ("seconds", "exit_code", "expected"),
    [
        (4, 0, ("starting", 0, [])),
        (5, 0, ("healthy", 0, [5])),
        (16, 0, ("healthy", 0, [5, 15])),
        (11, 1, ("starting", 0, [5, 10])),
        (15, 1, ("starting", 1, [5, 10, 15])),
        (35, 1, ("unhealthy", 3, [5, 10, 15, 25, 35])),
    ],
)
def test_failures_of_the_start_period_do_not_count(
    seconds: float, exit_code: int, expected: tuple[str, int, list[float]]
) -> None:
    assert seen(seconds, exit_code, Interval=10, StartPeriod=12) == expected


@pytest.mark.parametrize(
    ("check", "text"),
    [
        ({"Interval": 999_999}, "Interval in Healthcheck cannot be less than 1ms"),
        ({"Timeout": -1}, "Timeout in Healthcheck cannot be less than 1ms"),
        ({"Retries": -1}, "Retries in Healthcheck cannot be negative"),
        ({"StartPeriod": 1}, "StartPeriod in Healthcheck cannot be less than 1ms"),
        ({"StartInterval": 1}, "StartInterval in Healthcheck cannot be less than 1ms"),
    ],
)
def test_a_health_check_that_cannot_be_is_refused(check: dict[str, int], text: str) -> None:
    with pytest.raises(DockerError) as refusal:
        check_healthcheck(check)
    assert (refusal.value.status, refusal.value.message) == (400, text)


def test_a_health_check_with_defaults_is_taken() -> None:
    check_healthcheck(None)
    check_healthcheck({"Interval": 0, "Timeout": 1_000_000, "Retries": None})


def test_a_filter_knows_all_that_health_can_be() -> None:
    check_health_filter([*HealthStatus])
    with pytest.raises(DockerError) as refusal:
        check_health_filter(["ill"])
    assert refusal.value.message == (
        "invalid filter 'health=ill': invalid value for health (ill): must be one of none, "
        "starting, healthy, unhealthy"
    )


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, 10), (9.9, 10), (10, 20), (15, 20), (20, 30), (95, 100)]
)
def test_the_next_probe_runs_after_an_interval(seconds: float, expected: float) -> None:
    assert upcoming(seconds, Interval=10) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, 4), (4, 8), (8, 12), (12, 14), (14, 22), (22, 24)]
)
def test_the_next_probe_may_be_one_of_the_start_period(seconds: float, expected: float) -> None:
    # healthy: 4, 14, 24 …; failing: 4, 8, 12, 22 …
    assert upcoming(seconds, Interval=10, StartPeriod=10, StartInterval=4) == expected


def upcoming(seconds: float, **check: Any) -> float:
    """Return when the next probe of a container runs, seconds after its start."""
    schedule = schedule_of({name: value * SECOND for name, value in check.items()})
    now = STARTED + int(seconds * TICKS)
    return (next_probe(schedule, STARTED, now) - STARTED) / TICKS


@pytest.mark.parametrize(("exit_code", "since"), [(0, 10), (1, 30)])
def test_a_health_is_so_since_the_probe_that_decided_it(exit_code: int, since: float) -> None:
    schedule = schedule_of({"Interval": 10 * SECOND})
    health = health_after(schedule, STARTED, STARTED + 100 * TICKS, exit_code, "")
    assert (health.since - STARTED) / TICKS == since
