"""Containers as the API shows them. Source: replies of dockerd 28.5.2 [O]."""

from collections.abc import Sequence
from typing import Any

import orjson

from hnsemu.docker.domain import ports
from hnsemu.docker.domain.containers import (
    DockerContainer,
    DockerEndpoint,
    ListedContainer,
    Status,
    quoted,
)
from hnsemu.docker.domain.durations import human
from hnsemu.docker.domain.health import Health, HealthStatus
from hnsemu.docker.domain.mounts import Mount
from hnsemu.docker.domain.times import rfc3339, unix
from hnsemu.docker.domain.volumes import DRIVER
from hnsemu.docker.schema.containers import shown_config, shown_host_config
from hnsemu.domain.filetime import TICKS

_ROOT = r"C:\ProgramData\docker"

PROBED = "Probed"
"""Member of a stored summary, which no client sees: the container has a health check."""


def inspect_document(
    container: DockerContainer, execs: Sequence[str], health: Health | None = None
) -> dict[str, object]:
    """Return a container as inspect shows it.

    execs: ids of the commands that run in it. health: None without a health check.
    """
    path, *arguments = container.command or ("",)
    folder = rf"{_ROOT}\containers\{container.id}"
    return {
        "Id": container.id,
        "Created": rfc3339(container.created),
        "Path": path,
        "Args": arguments,
        "State": _state(container) | _health(health),
        "Image": container.image_id,
        "ResolvConfPath": "",
        "HostnamePath": "",
        "HostsPath": "",
        "LogPath": rf"{folder}\{container.id}-json.log" if container.started else "",
        "Name": f"/{container.name}",
        "RestartCount": container.restarts,
        "Driver": "windowsfilter",
        "Platform": "windows",
        "MountLabel": "",
        "ProcessLabel": "",
        "AppArmorProfile": "",
        "ExecIDs": list(execs) or None,
        "HostConfig": shown_host_config(container.host_config),
        "GraphDriver": {
            "Data": {"ID": container.id, "dir": rf"{_ROOT}\windowsfilter\{container.id}"},
            "Name": "windowsfilter",
        },
        "Mounts": [_mount(mount) for mount in container.mounts],
        "Config": shown_config({**container.config, "MacAddress": _wanted_mac(container)}),
        "NetworkSettings": _network_settings(container),
    }


def _wanted_mac(container: DockerContainer) -> str:
    """Return the MAC address that the client chose on the network of the mode, "" for none."""
    wanted = (
        endpoint.settings.get("MacAddress")
        for endpoint in container.endpoints
        if endpoint.network == container.network_mode
    )
    return next(wanted, None) or ""


def summary_document(
    container: DockerContainer, now: int, health: Health | None = None
) -> dict[str, object]:
    """Return a container as lists show it. now: FILETIME."""
    return _summary(container) | {"Status": status_text(container, now, health)}


def summary_text(container: DockerContainer) -> str:
    """Return what is stored of a container for lists: all but its Status, which has the time."""
    probed = {PROBED: True} if container.probe else {}
    return orjson.dumps(_summary(container) | probed).decode()


def listed_document(container: ListedContainer, now: int) -> dict[str, object]:
    """Return a container whose summary was stored, as lists show it. now: FILETIME."""
    document: dict[str, object] = orjson.loads(container.summary)
    document["Status"] = status_text(container, now)
    return document


def _summary(container: DockerContainer) -> dict[str, object]:
    return {
        "Id": container.id,
        "Names": [f"/{container.name}"],
        "Image": container.image,
        "ImageID": container.image_id,
        "Command": quoted(container.command),
        "Created": unix(container.created),
        "Ports": ports.listed(container.ports),
        "Labels": dict(container.labels),
        "State": container.status,
        "Status": "",
        "HostConfig": {"NetworkMode": container.network_mode},
        "NetworkSettings": {
            "Networks": {
                endpoint.network: endpoint_document(endpoint, shows_names=False)
                for endpoint in container.endpoints
            }
        },
        "Mounts": [_mount(mount) for mount in container.mounts],
    }


def endpoint_document(endpoint: DockerEndpoint, *, shows_names: bool = True) -> dict[str, Any]:
    """Return a connection as NetworkSettings.Networks has it. shows_names: false in lists."""
    settings = endpoint.settings
    ipam = settings.get("IPAMConfig")
    names = endpoint.dns_names if shows_names else None
    return {
        "IPAMConfig": {name: value for name, value in ipam.items() if value} if ipam else None,
        "Links": settings.get("Links"),
        "Aliases": settings.get("Aliases"),
        "MacAddress": endpoint.mac_address,
        "DriverOpts": settings.get("DriverOpts"),
        "GwPriority": settings.get("GwPriority") or 0,
        "NetworkID": endpoint.network_id,
        "EndpointID": endpoint.endpoint_id,
        "Gateway": endpoint.gateway,
        "IPAddress": endpoint.ip_address,
        "IPPrefixLen": endpoint.prefix_length,
        "IPv6Gateway": "",
        "GlobalIPv6Address": "",
        "GlobalIPv6PrefixLen": 0,
        "DNSNames": None if names is None else list(names),
    }


def status_text(
    container: DockerContainer | ListedContainer, now: int, health: Health | None = None
) -> str:
    """Return what lists say of a container's state, such as Up 3 minutes (healthy)."""
    if container.status is Status.RUNNING:
        up = f"Up {human((now - container.started) // TICKS)}"
        if health is None:
            return up
        starts = "health: " if health.status is HealthStatus.STARTING else ""
        return f"{up} ({starts}{health.status})"
    if container.status is Status.EXITED:
        ago = human((now - container.finished) // TICKS)
        return f"Exited ({container.exit_code}) {ago} ago"
    return "Created"


def _state(container: DockerContainer) -> dict[str, object]:
    return {
        "Status": container.status,
        "Running": container.is_running,
        "Paused": False,
        "Restarting": False,
        "OOMKilled": False,
        "Dead": False,
        "Pid": container.pid,
        "ExitCode": container.exit_code,
        "Error": container.error,
        "StartedAt": rfc3339(container.started),
        "FinishedAt": rfc3339(container.finished),
    }


def _mount(mount: Mount) -> dict[str, object]:
    named = {"Name": mount.name} if mount.name else {}
    driver = {"Driver": DRIVER} if mount.name else {}
    return {
        "Type": mount.type,
        **named,
        "Source": mount.source,
        "Destination": mount.target,
        **driver,
        "Mode": "",
        "RW": mount.is_writable,
        "Propagation": "",
    }


def _health(health: Health | None) -> dict[str, object]:
    if health is None:
        return {}
    results = [
        {
            "Start": rfc3339(start),
            "End": rfc3339(start),
            "ExitCode": health.exit_code,
            "Output": health.output,
        }
        for start in health.probes
    ]
    shown = {"Status": health.status, "FailingStreak": health.failing_streak, "Log": results}
    return {"Health": shown}


def _network_settings(container: DockerContainer) -> dict[str, object]:
    sandbox = container.id if container.is_running and not container.shares_with else ""
    return {
        "Bridge": "",
        "SandboxID": sandbox,
        "SandboxKey": sandbox,
        "Ports": dict(container.ports),
        "HairpinMode": False,
        "LinkLocalIPv6Address": "",
        "LinkLocalIPv6PrefixLen": 0,
        "SecondaryIPAddresses": None,
        "SecondaryIPv6Addresses": None,
        "EndpointID": "",
        "Gateway": "",
        "GlobalIPv6Address": "",
        "GlobalIPv6PrefixLen": 0,
        "IPAddress": "",
        "IPPrefixLen": 0,
        "IPv6Gateway": "",
        "MacAddress": "",
        "Networks": {
            endpoint.network: endpoint_document(endpoint) for endpoint in container.endpoints
        },
    }
