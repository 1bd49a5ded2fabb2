"""Health checks: when a container's probes ran, and what became of its health.

No clock ticks in the emulator: every probe is taken to end as one would that ran now, so that the
health is read off the time since the start [M]. Readers of the events are told of it when a
probe would have changed it. Its rules are those of moby v28.5.2
daemon/health.go [C].
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hnsemu.docker.errors import BAD_REQUEST, DockerError
from hnsemu.domain.filetime import TICKS

_SHELL = ("cmd", "/S", "/C")
_RETRIES = 3
_INTERVAL, _START_INTERVAL = 30 * TICKS, 5 * TICKS
_SHOWN = 5
_SHORTEST = 1_000_000  # nanoseconds
_NANOSECONDS = 1_000_000_000 // TICKS  # in a tick


class HealthStatus(StrEnum):
    """State.Health.Status, and what the filter health takes."""

    NONE = "none"
    STARTING = "starting"
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"


@dataclass(frozen=True, slots=True)
class Health:
    """State.Health.

    since:  when the status came to be so if it never changed in between, FILETIME.
    probes: when the last ones ran, FILETIMEs; all ended as the result says.
    """

    status: HealthStatus
    since: int = 0
    failing_streak: int = 0
    probes: Sequence[int] = ()
    exit_code: int = 0
    output: str = ""


STOPPED = Health(HealthStatus.UNHEALTHY)
"""What is left of the health of a container that ended."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When probes run after the start of a container, in ticks."""

    interval: int
    start_period: int
    start_interval: int
    retries: int

    @property
    def first(self) -> int:
        """Return how long after the start the first probe runs."""
        return self.start_interval if self.start_period else self.interval


def probe_of(healthcheck: Mapping[str, Any] | None) -> tuple[str, ...] | None:
    """Return the words of the command that a container's health check runs, None without one."""
    test: Sequence[str] = (healthcheck or {}).get("Test") or ()
    if len(test) < 2:  # noqa: PLR2004 (the kind, and a command)
        return None
    words = tuple(test[1:])
    return {"CMD": words, "CMD-SHELL": (*_SHELL, *words)}.get(test[0])


def schedule_of(healthcheck: Mapping[str, Any]) -> Schedule:
    """Return when the probes of a health check run."""
    return Schedule(
        interval=_ticks(healthcheck, "Interval") or _INTERVAL,
        start_period=_ticks(healthcheck, "StartPeriod"),
        start_interval=_ticks(healthcheck, "StartInterval") or _START_INTERVAL,
        retries=healthcheck.get("Retries") or _RETRIES,
    )


def health_after(schedule: Schedule, started: int, now: int, exit_code: int, output: str) -> Health:
    """Return the health of a container that runs.

    started, now: FILETIMEs. exit_code, output: of a probe now.
    """
    succeeds = exit_code == 0
    slow_from = schedule.first if succeeds else _slow_from(schedule)
    times = _times(schedule, slow_from, now - started)
    if not times:
        return Health(HealthStatus.STARTING)
    streak = 0 if succeeds else max(0, 1 + (now - started - slow_from) // schedule.interval)
    status = HealthStatus.HEALTHY if succeeds else HealthStatus.STARTING
    since = started + slow_from
    if not succeeds and streak >= schedule.retries:
        status = HealthStatus.UNHEALTHY
        since += (schedule.retries - 1) * schedule.interval
    return Health(status, since, streak, [started + time for time in times], exit_code, output)


def next_probe(schedule: Schedule, started: int, now: int) -> int:
    """Return when the next probe runs, whatever becomes of it. All are FILETIMEs."""
    elapsed, slow_from = now - started, _slow_from(schedule)
    if elapsed < schedule.first:
        return started + schedule.first
    failing = slow_from + _beats(elapsed - slow_from, schedule.interval)
    if elapsed < slow_from:
        failing = _beats(elapsed, schedule.start_interval)
    healthy = schedule.first + _beats(elapsed - schedule.first, schedule.interval)
    return started + min(failing, healthy)


def _beats(elapsed: int, interval: int) -> int:
    """Return the next multiple of an interval."""
    return (elapsed // interval + 1) * interval


def check_healthcheck(healthcheck: Mapping[str, Any] | None) -> None:
    """Refuse a health check whose numbers cannot be.

    Raises: DockerError 400. Source: moby v28.5.2 daemon/container.go [C].
    """
    for member in ("Interval", "Timeout", "Retries", "StartPeriod", "StartInterval"):
        number = (healthcheck or {}).get(member) or 0
        if member == "Retries" and number < 0:
            raise DockerError(BAD_REQUEST, "Retries in Healthcheck cannot be negative")
        if member != "Retries" and number and number < _SHORTEST:
            text = f"{member} in Healthcheck cannot be less than 1ms"
            raise DockerError(BAD_REQUEST, text)


def check_health_filter(values: Sequence[str]) -> None:
    """Refuse a value of the filter health that is none.

    Raises: DockerError 400.
    """
    for value in values:
        if value not in set(HealthStatus):
            raise DockerError(
                BAD_REQUEST,
                f"invalid filter 'health={value}': invalid value for health ({value}): must be "
                f"one of {', '.join(HealthStatus)}",
            )


def _slow_from(schedule: Schedule) -> int:
    """Return when the first probe runs whose failure counts; others follow at the interval."""
    if not schedule.start_period:
        return schedule.interval
    return -(-schedule.start_period // schedule.start_interval) * schedule.start_interval


def _times(schedule: Schedule, slow_from: int, elapsed: int) -> list[int]:
    """Return when the last probes ran, oldest first, after the start."""
    if elapsed < schedule.first:
        return []
    early = min(elapsed, slow_from - 1) // schedule.start_interval if schedule.start_period else 0
    late = 1 + (elapsed - slow_from) // schedule.interval if elapsed >= slow_from else 0
    fast = [count * schedule.start_interval for count in range(max(1, early - _SHOWN), early + 1)]
    slow = [slow_from + count * schedule.interval for count in range(max(0, late - _SHOWN), late)]
    return [*fast, *slow][-_SHOWN:]


def _ticks(healthcheck: Mapping[str, Any], member: str) -> int:
    return max(0, healthcheck.get(member) or 0) // _NANOSECONDS
