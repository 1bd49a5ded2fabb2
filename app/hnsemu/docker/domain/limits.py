"""Limits of processors: what Windows refuses, and which of several it keeps.

Source: moby v28.5.2 daemon/daemon_windows.go, verifyPlatformContainerResources [C].
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hnsemu.docker.errors import BAD_REQUEST, DockerError

PROCESSORS = 2
"""Of every emulated host."""

_NANO = 1_000_000_000
_MOST_SHARES = 10_000
_MOST_PERCENT = 100
_COUNT, _SHARES, _PERCENT = "CpuCount", "CpuShares", "CpuPercent"
_NAMES = {_COUNT: "count", _SHARES: "shares", _PERCENT: "percent"}


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a container's processors that are kept, by member, and what is said of others.

    Numbers are those of HostConfig, 0 for none.
    """

    kept: dict[str, int]
    warnings: tuple[str, ...] = ()


def decide_limits(wanted: Mapping[str, Any], isolation: str) -> Limits:
    """Return the limits of HostConfig that a container keeps.

    isolation: what it settles to, process or hyperv. With process one limit counts: the number of
               processors, else shares, else percent.
    Raises: DockerError 400.
    """
    given = {member: wanted[member] or 0 for member in _NAMES}
    if not (wanted["NanoCpus"] or any(given.values())):
        return Limits(given)
    first, *weaker = [member for member in _NAMES if given[member] > 0] or [""]
    dropped = weaker if isolation == "process" else []
    kept = given | dict.fromkeys(dropped, 0)
    _check(kept, wanted["NanoCpus"] or 0)
    return Limits(kept, tuple(_warning(first, member) for member in dropped))


def _check(kept: Mapping[str, int], nano: int) -> None:
    if not 0 <= kept[_SHARES] <= _MOST_SHARES:
        raise _refused(f"range of CPUShares is from 1 to {_MOST_SHARES}")
    if not 0 <= kept[_PERCENT] <= _MOST_PERCENT:
        raise _refused(f"range of CPUPercent is from 1 to {_MOST_PERCENT}")
    if kept[_COUNT] < 0:
        raise _refused("invalid CPUCount: CPUCount cannot be negative")
    if nano > 0 and kept[_PERCENT]:
        raise _refused("conflicting options: Nano CPUs and CPU Percent cannot both be set")
    if nano > 0 and kept[_SHARES]:
        raise _refused("conflicting options: Nano CPUs and CPU Shares cannot both be set")
    if not 0 <= nano <= PROCESSORS * _NANO:
        raise _refused(
            f"range of CPUs is from 0.01 to {PROCESSORS}.00, as there are only {PROCESSORS} CPUs "
            "available"
        )


def _warning(first: str, dropped: str) -> str:
    kept, gone = _NAMES[first], _NAMES[dropped]
    return (
        f"Conflicting options: CPU {kept} takes priority over CPU {gone} on Windows Server "
        f"Containers. CPU {gone} discarded"
    )


def _refused(text: str) -> DockerError:
    return DockerError(BAD_REQUEST, text)
