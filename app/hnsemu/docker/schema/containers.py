"""The document of POST /containers/create, as Go's structs read it.

Source: moby v28.5.2 api/types/container [C]; the order of members is that of inspect [O].
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hnsemu.docker.errors import BAD_REQUEST, DockerError
from hnsemu.docker.schema.golang import List, Map, Pointer, Struct, kind_of, zero

_NOTHING = Struct("struct {}", {})
_WORDS = object  # strslice.StrSlice: a text or a list of texts
_DEVICE = List(Struct("ThrottleDevice", {"Path": str, "Rate": int}))

ENDPOINT_SETTINGS = Struct(
    "EndpointSettings",
    {
        "IPAMConfig": Pointer(
            Struct(
                "EndpointIPAMConfig",
                {"IPv4Address": str, "IPv6Address": str, "LinkLocalIPs": List(str)},
            )
        ),
        "Links": List(str),
        "Aliases": List(str),
        "MacAddress": str,
        "DriverOpts": Map(str),
        "GwPriority": int,
    },
)

_CONFIG: Mapping[str, Any] = {
    "Hostname": str,
    "Domainname": str,
    "User": str,
    "AttachStdin": bool,
    "AttachStdout": bool,
    "AttachStderr": bool,
    "ExposedPorts": Map(_NOTHING),
    "Tty": bool,
    "OpenStdin": bool,
    "StdinOnce": bool,
    "Env": List(str),
    "Cmd": _WORDS,
    "Healthcheck": Pointer(object),
    "ArgsEscaped": bool,
    "Image": str,
    "Volumes": Map(_NOTHING),
    "WorkingDir": str,
    "Entrypoint": _WORDS,
    "NetworkDisabled": bool,
    "MacAddress": str,
    "OnBuild": List(str),
    "Labels": Map(str),
    "StopSignal": str,
    "StopTimeout": Pointer(int),
    "Shell": _WORDS,
}

_OFTEN_ABSENT = (
    "ExposedPorts", "Healthcheck", "ArgsEscaped", "NetworkDisabled", "MacAddress", "StopSignal",
    "StopTimeout", "Shell",
)  # fmt: skip
"""Members of Config that inspect leaves out when they are empty."""

HOST_CONFIG = Struct(
    "HostConfig",
    {
        "Binds": List(str),
        "ContainerIDFile": str,
        "LogConfig": Struct("LogConfig", {"Type": str, "Config": Map(str)}),
        "NetworkMode": str,
        "PortBindings": Map(List(Struct("PortBinding", {"HostIp": str, "HostPort": str}))),
        "RestartPolicy": Struct("RestartPolicy", {"Name": str, "MaximumRetryCount": int}),
        "AutoRemove": bool,
        "VolumeDriver": str,
        "VolumesFrom": List(str),
        "ConsoleSize": List(int),
        "Annotations": Map(str),
        "CapAdd": _WORDS,
        "CapDrop": _WORDS,
        "CgroupnsMode": str,
        "Dns": List(str),
        "DnsOptions": List(str),
        "DnsSearch": List(str),
        "ExtraHosts": List(str),
        "GroupAdd": List(str),
        "IpcMode": str,
        "Cgroup": str,
        "Links": List(str),
        "OomScoreAdj": int,
        "PidMode": str,
        "Privileged": bool,
        "PublishAllPorts": bool,
        "ReadonlyRootfs": bool,
        "SecurityOpt": List(str),
        "StorageOpt": Map(str),
        "Tmpfs": Map(str),
        "UTSMode": str,
        "UsernsMode": str,
        "ShmSize": int,
        "Sysctls": Map(str),
        "Runtime": str,
        "Isolation": str,
        "CpuShares": int,
        "Memory": int,
        "NanoCpus": int,
        "CgroupParent": str,
        "BlkioWeight": int,
        "BlkioWeightDevice": List(Struct("WeightDevice", {"Path": str, "Weight": int})),
        "BlkioDeviceReadBps": _DEVICE,
        "BlkioDeviceWriteBps": _DEVICE,
        "BlkioDeviceReadIOps": _DEVICE,
        "BlkioDeviceWriteIOps": _DEVICE,
        "CpuPeriod": int,
        "CpuQuota": int,
        "CpuRealtimePeriod": int,
        "CpuRealtimeRuntime": int,
        "CpusetCpus": str,
        "CpusetMems": str,
        "Devices": List(object),
        "DeviceCgroupRules": List(str),
        "DeviceRequests": List(object),
        "MemoryReservation": int,
        "MemorySwap": int,
        "MemorySwappiness": Pointer(int),
        "OomKillDisable": Pointer(bool),
        "PidsLimit": Pointer(int),
        "Ulimits": List(Struct("Ulimit", {"Name": str, "Hard": int, "Soft": int})),
        "CpuCount": int,
        "CpuPercent": int,
        "IOMaximumIOps": int,
        "IOMaximumBandwidth": int,
        "Mounts": List(object),
        "MaskedPaths": List(str),
        "ReadonlyPaths": List(str),
        "Init": Pointer(bool),
    },
)

_ABSENT_WHEN_EMPTY = (
    "Annotations", "StorageOpt", "Tmpfs", "Sysctls", "Runtime", "Mounts", "Init",
)  # fmt: skip
"""Members of HostConfig that inspect leaves out when they are empty."""

_NO_CONFIG = zero(Struct("Config", _CONFIG))

CREATION = Struct(
    "CreateRequest",
    {
        **_CONFIG,
        "HostConfig": Pointer(HOST_CONFIG),
        "NetworkingConfig": Pointer(
            Struct("NetworkingConfig", {"EndpointsConfig": Map(Pointer(ENDPOINT_SETTINGS))})
        ),
    },
    embedded=dict.fromkeys(_CONFIG, "Config"),
)

UPDATE = Struct(
    "UpdateConfig",
    {
        name: shape
        for name, shape in HOST_CONFIG.fields.items()
        if name.startswith(("Cpu", "Memory", "Blkio", "IOMaximum", "NanoCpus", "PidsLimit"))
    }
    | {"RestartPolicy": HOST_CONFIG.fields["RestartPolicy"]},
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

    Raises: DockerError 400 for words that are neither a text nor a list of texts, and where nothing
        of Config is said.
    """
    config = {name: document[name] for name in _CONFIG}
    if config == _NO_CONFIG:
        raise DockerError(BAD_REQUEST, "config cannot be empty in order to create a container")
    for name in ("Cmd", "Entrypoint", "Shell"):
        config[name] = words(config[name], f"Config.{name}")
    host_config = document["HostConfig"] or zero(HOST_CONFIG)
    for name in ("CapAdd", "CapDrop"):
        host_config[name] = words(host_config[name], f"HostConfig.{name}")
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


def words(value: object, where: str) -> list[str] | None:
    """Return the words that a client may give as one text or as a list of them.

    Raises: DockerError 400 for anything else.
    """
    if value is None or (isinstance(value, list) and all(isinstance(word, str) for word in value)):
        return value
    if isinstance(value, str):
        return [value]
    raise DockerError(
        BAD_REQUEST,
        f"invalid JSON: json: cannot unmarshal {kind_of(value)} into Go struct field "
        f"CreateRequest.{where} of type string",
    )
