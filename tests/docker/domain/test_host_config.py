"""What no Windows container can have. Source: docker.md section 5; dockerd 28.5.2 [O]."""

from typing import Any

import pytest

from hnsemu.docker.domain.host_config import (
    check_host_config,
    check_update,
    settled,
)
from hnsemu.docker.errors import DockerError
from tests.docker.domain.containers import config, host_config

_STACK = (
    "invalid network-mode: using the network stack of another container is not supported while "
    "using Hyper-V Containers"
)
_UNKNOWN = 'invalid {}: unknown capability: "CAP_NET_ADMIN"'
SHARED = {"NetworkMode": "container:db"}


@pytest.mark.parametrize(
    ("members", "own", "text"),
    [
        ({"Privileged": True}, {}, "privileged mode is not supported for Windows containers"),
        ({"ReadonlyRootfs": True}, {}, "read-only mode is not supported for Windows containers"),
        ({"MemoryReservation": 1}, {}, "Windows does not support MemoryReservation"),
        ({"CpuPeriod": 1000}, {}, "Windows does not support CPUPeriod"),
        ({"PidsLimit": 5}, {}, "Windows does not support PidsLimit"),
        ({"OomKillDisable": True}, {}, "Windows does not support OomKillDisable"),
        (
            {"CpuRealtimePeriod": 1},
            {},
            "CPU real-time period is not supported for Windows containers",
        ),
    ],
)
def test_options_of_linux_are_refused(
    members: dict[str, Any], own: dict[str, Any], text: str
) -> None:
    assert refused(members, own) == f"invalid option: {text}"


@pytest.mark.parametrize(
    ("members", "own", "text"),
    [
        (
            {"Isolation": "bogus"},
            {},
            "invalid isolation (bogus): Windows supports 'default', 'process', or 'hyperv'",
        ),
        (
            {"AutoRemove": True, "RestartPolicy": {"Name": "always"}},
            {},
            "can't create 'AutoRemove' container with restart policy",
        ),
        (
            SHARED | {"PortBindings": {"80/tcp": [{"HostPort": "80"}]}},
            {},
            "conflicting options: port publishing and the container type network mode",
        ),
        ({"CapAdd": ["ALL", "net_admin"]}, {}, _UNKNOWN.format("CapAdd")),
        ({"CapDrop": ["CAP_NET_ADMIN"]}, {}, _UNKNOWN.format("CapDrop")),
        (
            {"Annotations": {"": "x"}},
            {},
            "invalid Annotations: the empty string is not permitted as an annotation key",
        ),
        ({}, {"Env": ["A", "=x"]}, "invalid environment variable: =x"),
        (
            {},
            {"WorkingDir": "app"},
            "the working directory 'app' is invalid, it needs to be an absolute path",
        ),
        (SHARED, {"Hostname": "h"}, "conflicting options: hostname and the network mode"),
        (
            SHARED,
            {"ExposedPorts": {"80/tcp": {}}},
            "conflicting options: port exposing and the container type network mode",
        ),
        (
            SHARED | {"Isolation": "hyperv"},
            {},
            _STACK,
        ),
    ],
)
def test_contradictions_are_refused(
    members: dict[str, Any], own: dict[str, Any], text: str
) -> None:
    assert refused(members, own) == text


def refused(members: dict[str, Any], own: dict[str, Any]) -> str:
    with pytest.raises(DockerError) as refusal:
        check_host_config(host_config(**members), config(**own))
    assert refusal.value.status == 400
    return refusal.value.message


def test_the_daemon_fills_in_what_was_not_said() -> None:
    found = settled(host_config(), "process")
    assert (found["NetworkMode"], found["Isolation"]) == ("nat", "process")
    assert found["LogConfig"] == {"Type": "json-file", "Config": {}}
    assert found["RestartPolicy"] == {"Name": "no", "MaximumRetryCount": 0}
    assert (found["PortBindings"], found["ConsoleSize"], found["PidsLimit"]) == ({}, [0, 0], None)


def test_an_isolation_that_was_said_stays() -> None:
    assert settled(host_config(Isolation="hyperv"), "process")["Isolation"] == "hyperv"
    assert settled(host_config(Isolation="default"), "hyperv")["Isolation"] == "hyperv"


def test_an_update_cannot_give_what_a_creation_cannot() -> None:
    with pytest.raises(DockerError):
        check_update(host_config(CpusetCpus="0"), auto_remove=False)
    check_update(host_config(CpuShares=5), auto_remove=False)
