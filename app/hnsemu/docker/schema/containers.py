"""The document of POST /containers/create, as Go's structs read it.

Source: moby v28.5.2 api/types/container [C]; the order of members is that of inspect [O].
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hnsemu.docker.errors import BAD_REQUEST, DockerError
from hnsemu.docker.schema.shapes import (
    INT64,
    UINT,
    UINT16,
    UINT32,
    UINT64,
    WORDS,
    List,
    Map,
    Pointer,
    Scalar,
    Struct,
    zero,
)

_NOTHING = Struct("struct {}", {})
_DEVICE = List(Pointer(Struct("blkiodev.ThrottleDevice", {"Path": str, "Rate": UINT64})))
_DURATION = Scalar("time.Duration", int)
_HEALTHCHECK = Struct(
    "v1.HealthcheckConfig",
    {
        "Test": List(str),
        "Interval": _DURATION,
        "Timeout": _DURATION,
        "StartPeriod": _DURATION,
        "StartInterval": _DURATION,
        "Retries": int,
    },
    is_terse=True,
)

ENDPOINT_SETTINGS = Struct(
    "network.EndpointSettings",
    {
        "IPAMConfig": Pointer(
            Struct(
                "network.EndpointIPAMConfig",
                {"IPv4Address": str, "IPv6Address": str, "LinkLocalIPs": List(str)},
            )
        ),
        "Links": List(str),
        "Aliases": List(str),
        "MacAddress": str,
        "DriverOpts": Map(str),
        "GwPriority": int,
    },
    unread={
        "NetworkID": str,
        "EndpointID": str,
        "Gateway": str,
        "IPAddress": str,
        "IPPrefixLen": int,
        "IPv6Gateway": str,
        "GlobalIPv6Address": str,
        "GlobalIPv6PrefixLen": int,
        "DNSNames": List(str),
    },
)

_CONFIG: Mapping[str, Any] = {
    "Hostname": str,
    "Domainname": str,
    "User": str,
    "AttachStdin": bool,
    "AttachStdout": bool,
    "AttachStderr": bool,
    "ExposedPorts": Map(_NOTHING, "nat.PortSet"),
    "Tty": bool,
    "OpenStdin": bool,
    "StdinOnce": bool,
    "Env": List(str),
    "Cmd": WORDS,
    "Healthcheck": Pointer(_HEALTHCHECK),
    "ArgsEscaped": bool,
    "Image": str,
    "Volumes": Map(_NOTHING),
    "WorkingDir": str,
    "Entrypoint": WORDS,
    "NetworkDisabled": bool,
    "MacAddress": str,
    "OnBuild": List(str),
    "Labels": Map(str),
    "StopSignal": str,
    "StopTimeout": Pointer(int),
    "Shell": WORDS,
}

CONFIG = Struct("container.Config", _CONFIG)

_OFTEN_ABSENT = (
    "ExposedPorts", "Healthcheck", "ArgsEscaped", "NetworkDisabled", "MacAddress", "StopSignal",
    "StopTimeout", "Shell",
)  # fmt: skip
"""Members of Config that inspect leaves out when they are empty."""


def _named(name: str) -> Scalar:
    return Scalar(f"container.{name}")


_MOUNT = Struct(
    "mount.Mount",
    {
        "Type": Scalar("mount.Type"),
        "Source": str,
        "Target": str,
        "ReadOnly": bool,
        "Consistency": Scalar("mount.Consistency"),
        "BindOptions": Pointer(
            Struct(
                "mount.BindOptions",
                {
                    "Propagation": Scalar("mount.Propagation"),
                    "NonRecursive": bool,
                    "CreateMountpoint": bool,
                    "ReadOnlyNonRecursive": bool,
                    "ReadOnlyForceRecursive": bool,
                },
                is_terse=True,
            )
        ),
        "VolumeOptions": Pointer(
            Struct(
                "mount.VolumeOptions",
                {
                    "NoCopy": bool,
                    "Labels": Map(str),
                    "Subpath": str,
                    "DriverConfig": Pointer(
                        Struct("mount.Driver", {"Name": str, "Options": Map(str)}, is_terse=True)
                    ),
                },
                is_terse=True,
            )
        ),
        "ImageOptions": Pointer(Struct("mount.ImageOptions", {"Subpath": str}, is_terse=True)),
        "TmpfsOptions": Pointer(
            Struct(
                "mount.TmpfsOptions",
                {
                    "SizeBytes": INT64,
                    "Mode": Scalar("fs.FileMode", int, 0, UINT32.highest),
                    "Options": List(List(str)),
                },
                is_terse=True,
            )
        ),
        "ClusterOptions": Pointer(Struct("mount.ClusterOptions", {})),
    },
    is_terse=True,
)

_RESOURCES: Mapping[str, Any] = {
    "CpuShares": INT64,
    "Memory": INT64,
    "NanoCpus": INT64,
    "CgroupParent": str,
    "BlkioWeight": UINT16,
    "BlkioWeightDevice": List(
        Pointer(Struct("blkiodev.WeightDevice", {"Path": str, "Weight": UINT16}))
    ),
    "BlkioDeviceReadBps": _DEVICE,
    "BlkioDeviceWriteBps": _DEVICE,
    "BlkioDeviceReadIOps": _DEVICE,
    "BlkioDeviceWriteIOps": _DEVICE,
    "CpuPeriod": INT64,
    "CpuQuota": INT64,
    "CpuRealtimePeriod": INT64,
    "CpuRealtimeRuntime": INT64,
    "CpusetCpus": str,
    "CpusetMems": str,
    "Devices": List(
        Struct(
            "container.DeviceMapping",
            {"PathOnHost": str, "PathInContainer": str, "CgroupPermissions": str},
        )
    ),
    "DeviceCgroupRules": List(str),
    "DeviceRequests": List(
        Struct(
            "container.DeviceRequest",
            {
                "Driver": str,
                "Count": int,
                "DeviceIDs": List(str),
                "Capabilities": List(List(str)),
                "Options": Map(str),
            },
        )
    ),
    "KernelMemory": INT64,
    "KernelMemoryTCP": INT64,
    "MemoryReservation": INT64,
    "MemorySwap": INT64,
    "MemorySwappiness": Pointer(INT64),
    "OomKillDisable": Pointer(bool),
    "PidsLimit": Pointer(INT64),
    "Ulimits": List(Pointer(Struct("units.Ulimit", {"Name": str, "Hard": INT64, "Soft": INT64}))),
    "CpuCount": INT64,
    "CpuPercent": INT64,
    "IOMaximumIOps": UINT64,
    "IOMaximumBandwidth": UINT64,
}

HOST_CONFIG = Struct(
    "container.HostConfig",
    {
        "Binds": List(str),
        "ContainerIDFile": str,
        "LogConfig": Struct("container.LogConfig", {"Type": str, "Config": Map(str)}),
        "NetworkMode": _named("NetworkMode"),
        "PortBindings": Map(
            List(Struct("nat.PortBinding", {"HostIp": str, "HostPort": str})), "nat.PortMap"
        ),
        "RestartPolicy": Struct(
            "container.RestartPolicy",
            {"Name": _named("RestartPolicyMode"), "MaximumRetryCount": int},
        ),
        "AutoRemove": bool,
        "VolumeDriver": str,
        "VolumesFrom": List(str),
        "ConsoleSize": List(UINT, 2),
        "Annotations": Map(str),
        "CapAdd": WORDS,
        "CapDrop": WORDS,
        "CgroupnsMode": _named("CgroupnsMode"),
        "Dns": List(str),
        "DnsOptions": List(str),
        "DnsSearch": List(str),
        "ExtraHosts": List(str),
        "GroupAdd": List(str),
        "IpcMode": _named("IpcMode"),
        "Cgroup": _named("CgroupSpec"),
        "Links": List(str),
        "OomScoreAdj": int,
        "PidMode": _named("PidMode"),
        "Privileged": bool,
        "PublishAllPorts": bool,
        "ReadonlyRootfs": bool,
        "SecurityOpt": List(str),
        "StorageOpt": Map(str),
        "Tmpfs": Map(str),
        "UTSMode": _named("UTSMode"),
        "UsernsMode": _named("UsernsMode"),
        "ShmSize": INT64,
        "Sysctls": Map(str),
        "Runtime": str,
        "Isolation": _named("Isolation"),
        **_RESOURCES,
        "Mounts": List(_MOUNT),
        "MaskedPaths": List(str),
        "ReadonlyPaths": List(str),
        "Init": Pointer(bool),
    },
    embedded=dict.fromkeys(_RESOURCES, "Resources"),
)

_ABSENT_WHEN_EMPTY = (
    "Annotations", "StorageOpt", "Tmpfs", "Sysctls", "Runtime", "KernelMemory", "KernelMemoryTCP",
    "Mounts", "Init",
)  # fmt: skip
"""Members of HostConfig that inspect leaves out when they are empty."""

_NO_CONFIG = zero(CONFIG)

CREATION = Struct(
    "container.CreateRequest",
    {
        **_CONFIG,
        "HostConfig": Pointer(HOST_CONFIG),
        "NetworkingConfig": Pointer(
            Struct("network.NetworkingConfig", {"EndpointsConfig": Map(Pointer(ENDPOINT_SETTINGS))})
        ),
    },
    embedded=dict.fromkeys(_CONFIG, "Config"),
)

UPDATE = Struct(
    "container.UpdateConfig",
    {**_RESOURCES, "RestartPolicy": HOST_CONFIG.fields["RestartPolicy"]},
    embedded=dict.fromkeys(_RESOURCES, "Resources"),
)


@dataclass(frozen=True, slots=True)
class CreationRequest:
    """What a client wants created: Docker's documents, every member there.

    endpoints: the settings of each network that the client named, in its order.
    """

    config: dict[str, Any]
    host_config: dict[str, Any]
    endpoints: dict[str, dict[str, Any]]


def creation_request(document: Mapping[str, Any]) -> CreationRequest:
    """Return the request that a document of `CREATION` makes.

    Raises: DockerError 400 where nothing of Config is said.
    """
    config = {name: document[name] for name in _CONFIG}
    if config == _NO_CONFIG:
        raise DockerError(BAD_REQUEST, "config cannot be empty in order to create a container")
    host_config = document["HostConfig"] or zero(HOST_CONFIG)
    networking = document["NetworkingConfig"] or {}
    endpoints = {
        name: settings or zero(ENDPOINT_SETTINGS)
        for name, settings in (networking.get("EndpointsConfig") or {}).items()
    }
    return CreationRequest(config, host_config, endpoints)


def shown_config(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return Config as inspect shows it."""
    return {name: value for name, value in config.items() if value or name not in _OFTEN_ABSENT}


def shown_host_config(host_config: Mapping[str, Any]) -> dict[str, Any]:
    """Return HostConfig as inspect shows it."""
    return {
        name: value
        for name, value in host_config.items()
        if value or name not in _ABSENT_WHEN_EMPTY
    }
