"""Limits of processors on Windows. Source: moby v28.5.2 daemon/daemon_windows.go [C]."""

import pytest

from hnsemu.docker.domain.limits import decide_limits
from hnsemu.docker.errors import DockerError
from tests.docker.domain.containers import host_config

_OVER = (
    "Conflicting options: CPU {} takes priority over CPU {} on Windows Server Containers. "
    "CPU {} discarded"
)
SHARES = _OVER.format("count", "shares", "shares")
PERCENT = _OVER.format("count", "percent", "percent")
BEHIND_SHARES = _OVER.format("shares", "percent", "percent")


@pytest.mark.parametrize(
    ("count", "shares", "percent", "kept", "warnings"),
    [
        (0, 0, 0, (0, 0, 0), ()),
        (2, 5, 10, (2, 0, 0), (SHARES, PERCENT)),
        (2, 0, 10, (2, 0, 0), (PERCENT,)),
        (0, 5, 10, (0, 5, 0), (BEHIND_SHARES,)),
        (0, 0, 100, (0, 0, 100), ()),
    ],
)
def test_one_limit_counts_where_the_kernel_is_shared(
    count: int, shares: int, percent: int, kept: tuple[int, ...], warnings: tuple[str, ...]
) -> None:
    wanted = host_config(CpuCount=count, CpuShares=shares, CpuPercent=percent)
    limits = decide_limits(wanted, "process")
    assert (tuple(limits.kept.values()), limits.warnings) == (kept, warnings)
    machine = decide_limits(wanted, "hyperv")
    assert (tuple(machine.kept.values()), machine.warnings) == ((count, shares, percent), ())


@pytest.mark.parametrize(
    ("members", "text"),
    [
        ({"CpuShares": 10_001}, "range of CPUShares is from 1 to 10000"),
        ({"CpuPercent": 101}, "range of CPUPercent is from 1 to 100"),
        ({"CpuCount": -1}, "invalid CPUCount: CPUCount cannot be negative"),
        (
            {"NanoCpus": 1, "CpuPercent": 1},
            "conflicting options: Nano CPUs and CPU Percent cannot both be set",
        ),
        (
            {"NanoCpus": 1, "CpuShares": 1},
            "conflicting options: Nano CPUs and CPU Shares cannot both be set",
        ),
        (
            {"NanoCpus": 2_000_000_001},
            "range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available",
        ),
    ],
)
def test_a_limit_that_no_processor_keeps_is_refused(members: dict[str, int], text: str) -> None:
    with pytest.raises(DockerError) as refusal:
        decide_limits(host_config(**members), "process")
    assert (refusal.value.status, refusal.value.message) == (400, text)
