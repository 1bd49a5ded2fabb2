"""HostConfig: what a Windows daemon refuses, and what it makes of the rest.

Source: docker.md section 5 [C], each refusal seen on dockerd 28.5.2 [O].
"""

import ntpath
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Any

from hnsemu.docker.domain.containers import CONTAINER_MODE
from hnsemu.docker.domain.health import check_healthcheck
from hnsemu.docker.domain.ports import check_bindings
from hnsemu.docker.domain.signals import read_signal
from hnsemu.docker.errors import BAD_REQUEST, DockerError

_ISOLATIONS = ("default", "process", "hyperv")

_NOT_ON_WINDOWS = (
    ("BlkioDeviceReadBps", "BlkioDeviceReadBps"),
    ("BlkioDeviceReadIOps", "BlkioDeviceReadIOps"),
    ("BlkioDeviceWriteBps", "BlkioDeviceWriteBps"),
    ("BlkioDeviceWriteIOps", "BlkioDeviceWriteIOps"),
    ("BlkioWeight", "BlkioWeight"),
    ("BlkioWeightDevice", "BlkioWeightDevice"),
    ("CgroupParent", "CgroupParent"),
    ("CpuPeriod", "CPUPeriod"),
    ("CpusetCpus", "CpusetCpus"),
    ("CpusetMems", "CpusetMems"),
    ("KernelMemory", "KernelMemory"),
    ("MemoryReservation", "MemoryReservation"),
    ("MemorySwap", "MemorySwap"),
    ("MemorySwappiness", "MemorySwappiness"),
    ("OomKillDisable", "OomKillDisable"),
    ("PidsLimit", "PidsLimit"),
    ("Ulimits", "Ulimits"),
)
"""Members that Windows does not support, and how the refusal names them."""

_REAL_TIME = (("CpuRealtimePeriod", "period"), ("CpuRealtimeRuntime", "runtime"))
_LINKS = "container type network can't be used with links. This would result in undefined behavior"
LOG_DRIVERS = (
    "awslogs", "etwlogs", "fluentd", "gcplogs", "gelf", "json-file", "local", "splunk", "syslog",
)  # fmt: skip
"""What a container may log to, beside none."""

_RESTARTS = ("", "no", "always", "unless-stopped", "on-failure")


def check_host_config(host_config: Mapping[str, Any], config: Mapping[str, Any]) -> None:
    """Refuse what no Windows container can have, in the order of dockerd.

    Raises: DockerError 400. Source: moby v28.5.2 runconfig/config.go, daemon/container.go [C].
    """
    _check_kind(host_config, config)
    _check_config(config)
    _check_restart(host_config)
    for line in host_config["ExtraHosts"] or ():
        _check_extra_host(line)
    check_bindings(host_config["PortBindings"] or {})
    for member in ("CapAdd", "CapDrop"):
        _check_capabilities(member, host_config[member] or ())
    if "" in (host_config["Annotations"] or ()):
        what = "the empty string is not permitted as an annotation key"
        raise _refused(f"invalid Annotations: {what}")
    _check_supported(host_config)


def _check_kind(host_config: Mapping[str, Any], config: Mapping[str, Any]) -> None:
    """Refuse a network mode, an isolation or a privilege that there is not."""
    _check_shared_network(host_config, config)
    isolation = str(host_config["Isolation"]).lower()
    if isolation and isolation not in _ISOLATIONS:
        raise _refused(
            f"invalid isolation ({host_config['Isolation']}): "
            "Windows supports 'default', 'process', or 'hyperv'"
        )
    for member, named in _REAL_TIME:
        if host_config[member]:
            text = f"CPU real-time {named} is not supported for Windows containers"
            raise _refused(f"invalid option: {text}")
    if host_config["Privileged"]:
        raise _refused("invalid option: privileged mode is not supported for Windows containers")
    if host_config["ReadonlyRootfs"]:
        raise _refused("invalid option: read-only mode is not supported for Windows containers")


def _check_config(config: Mapping[str, Any]) -> None:
    folder = config["WorkingDir"]
    if folder and not ntpath.isabs(folder):
        what = "it needs to be an absolute path"
        raise _refused(f"the working directory '{folder}' is invalid, {what}")
    if config.get("StopSignal"):
        read_signal(config["StopSignal"])
    for variable in config["Env"] or ():
        if not variable.partition("=")[0]:
            raise _refused(f"invalid environment variable: {variable}")
    check_healthcheck(config.get("Healthcheck"))


def _check_capabilities(member: str, names: Sequence[str]) -> None:
    """Refuse every capability but all of them: Windows has none."""
    for name in names:
        known = name.upper()
        if known != "ALL":
            prefix = "" if known.startswith("CAP_") else "CAP_"
            raise _refused(f'invalid {member}: unknown capability: "{prefix}{known}"')


def check_log_driver(name: str) -> None:
    """Refuse a driver of logs that no daemon of Windows has; "" is the default one.

    Raises: DockerError 400.
    """
    if name not in {"", "none", *LOG_DRIVERS}:
        raise _refused(f"logger: no log driver named '{name}' is registered")


def _check_extra_host(line: str) -> None:
    """Refuse what is no name, colon and address. Source: moby opts/hosts.go [C]."""
    name, colon, address = line.partition(":")
    if not (name and colon):
        raise _refused(f'bad format for add-host: "{line}"')
    try:
        if address != "host-gateway":
            ip_address(address)
    except ValueError as error:
        raise _refused(f'invalid IP address in add-host: "{address}"') from error


def settled(host_config: Mapping[str, Any], isolation: str) -> dict[str, Any]:
    """Return HostConfig as the daemon keeps it.

    isolation: what default means on the host, process or hyperv.
    """
    found = dict(host_config)
    found["NetworkMode"] = network_mode(host_config)
    log = found["LogConfig"]
    found["LogConfig"] = {"Type": log["Type"] or "json-file", "Config": log["Config"] or {}}
    restart = found["RestartPolicy"]
    found["RestartPolicy"] = {**restart, "Name": restart["Name"] or "no"}
    found["ConsoleSize"] = found["ConsoleSize"] or [0, 0]
    found["MemorySwappiness"] = found["PidsLimit"] = found["Links"] = None
    found["Isolation"] = isolation_of(host_config, isolation)
    return found


def isolation_of(host_config: Mapping[str, Any], default: str) -> str:
    """Return the isolation that a container gets. default: what default means on the host."""
    wanted = str(host_config["Isolation"]).lower()
    return default if wanted in {"", "default"} else wanted


def network_mode(host_config: Mapping[str, Any]) -> str:
    """Return the network mode: the default is the network called nat."""
    mode = str(host_config["NetworkMode"])
    return "nat" if mode in {"", "default"} else mode


def check_update(wanted: Mapping[str, Any], *, auto_remove: bool) -> None:
    """Refuse a change of limits or restart policy that Windows cannot make.

    Raises: DockerError 400.
    """
    _check_restart({**wanted, "AutoRemove": auto_remove})
    _check_supported(wanted)


def _check_restart(host_config: Mapping[str, Any]) -> None:
    policy = host_config["RestartPolicy"]
    name, retries = policy["Name"], policy["MaximumRetryCount"]
    if name not in _RESTARTS:
        raise _refused(
            f"invalid restart policy: unknown policy '{name}'; use one of 'no', 'always', "
            "'on-failure', or 'unless-stopped'"
        )
    if name != "on-failure" and retries:
        raise _refused(
            "invalid restart policy: maximum retry count can only be used with 'on-failure'"
        )
    if retries < 0:
        raise _refused("invalid restart policy: maximum retry count cannot be negative")
    if host_config["AutoRemove"] and name not in {"", "no"}:
        raise _refused("can't create 'AutoRemove' container with restart policy")


def _check_supported(host_config: Mapping[str, Any]) -> None:
    swappiness = host_config.get("MemorySwappiness")
    wanted = {**host_config, "MemorySwappiness": swappiness not in {None, -1}}  # -1 is no wish
    for member, named in _NOT_ON_WINDOWS:
        if wanted.get(member):
            raise _refused(f"invalid option: Windows does not support {named}")


def _check_shared_network(host_config: Mapping[str, Any], config: Mapping[str, Any]) -> None:
    """Refuse what a container cannot have beside the network of another one."""
    mode = str(host_config["NetworkMode"])
    if not mode.startswith(CONTAINER_MODE):
        return
    if mode == CONTAINER_MODE:
        raise _refused("invalid network mode: invalid container format container:<name|id>")
    conflicts = (
        (config["Hostname"], "hostname and the network mode"),
        (
            host_config["Links"],
            _LINKS,
        ),
        (host_config["Dns"], "dns and the network mode"),
        (host_config["ExtraHosts"], "custom host-to-IP mapping and the network mode"),
        (
            host_config["PortBindings"] or host_config["PublishAllPorts"],
            "port publishing and the container type network mode",
        ),
        (config["ExposedPorts"], "port exposing and the container type network mode"),
    )
    for is_wanted, named in conflicts:
        if is_wanted:
            raise _refused(f"conflicting options: {named}")
    if str(host_config["Isolation"]).lower() == "hyperv":
        raise _refused(
            "invalid network-mode: using the network stack of another container is not supported "
            "while using Hyper-V Containers"
        )


def _refused(text: str) -> DockerError:
    return DockerError(BAD_REQUEST, text)
