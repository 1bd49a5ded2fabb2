"""What older versions of the API, and the daemon before 28, ask for and show differently.

Documents are made as dockerd 28.5.2 shows them in API 1.51; the functions here take them back.
Source: api/server/router of moby v28.5.2 and the types of v20.10.27 [C].
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from hnsemu.docker.domain.containers import CONTAINER_MODE
from hnsemu.docker.domain.daemons import Daemon, Version
from hnsemu.docker.domain.host_config import network_mode
from hnsemu.docker.domain.ids import short
from hnsemu.docker.errors import BAD_REQUEST, DockerError
from hnsemu.docker.schema.containers import CreationRequest

Document = dict[str, Any]

_REMOVES_CONTAINERS = (1, 25)
_CHECKS_MOUNTS = (1, 42)
_SHOWS_NO_NONE = (1, 43)
_JOINS_NETWORKS = (1, 44)
_SHOWS_DNS_NAMES = (1, 45)
_HAS_NO_OLD_REGISTRIES = (1, 47)
_HAS_GATEWAY_PRIORITY = (1, 48)
_HAS_SMALL_CONFIG = (1, 50)

_SINCE_28 = ("DNSNames", "GwPriority")
"""Members of a connection that 20.10 does not know."""

_OLD_CONFIG: Mapping[str, Any] = {
    **dict.fromkeys(("Hostname", "Domainname", "User", "Image", "WorkingDir"), ""),
    **dict.fromkeys(
        ("AttachStdin", "AttachStdout", "AttachStderr", "Tty", "OpenStdin", "StdinOnce"), False
    ),
    **dict.fromkeys(("Env", "Cmd", "Volumes", "Entrypoint", "OnBuild", "Labels"), None),
}
"""Config of an image, every member empty."""

_OPTIONS_OF_MOUNTS = (
    ("VolumeOptions", "volume"),
    ("BindOptions", "bind"),
    ("TmpfsOptions", "tmpfs"),
)
_MAC_WARNING = (
    "The container-wide MacAddress field is now deprecated. It should be specified in "
    "EndpointsConfig instead."
)


def asked(request: CreationRequest, version: Version) -> tuple[CreationRequest, list[str]]:
    """Return what a client that speaks `version` wants created, and what dockerd warns of.

    Raises: DockerError 400 for what that version cannot ask for.
    """
    config, host_config = dict(request.config), dict(request.host_config)
    if version < _REMOVES_CONTAINERS:
        host_config["AutoRemove"] = False
    _check_mounts(host_config["Mounts"] or (), version)
    if version < _JOINS_NETWORKS and config["Healthcheck"]:
        config["Healthcheck"] = {**config["Healthcheck"], "StartInterval": 0}
    if version < _JOINS_NETWORKS and len(request.endpoints) > 1:
        listed = ", ".join(request.endpoints)
        text = f"Container cannot be created with multiple network endpoints: {listed}"
        raise DockerError(BAD_REQUEST, text)
    endpoints = request.endpoints
    if version < _HAS_GATEWAY_PRIORITY:
        endpoints = {name: {**one, "GwPriority": 0} for name, one in endpoints.items()}
    request = replace(request, config=config, host_config=host_config, endpoints=endpoints)
    return _with_mac(request, version)


def container(document: Document, daemon: Daemon, version: Version) -> Document:
    """Return a container as inspect shows it: before 1.45 its names are among the aliases."""
    if daemon.is_early:
        without_new_members(document)
        document["HostConfig"] = {"KernelMemory": 0, "KernelMemoryTCP": 0} | document["HostConfig"]
    if version < _SHOWS_DNS_NAMES:
        own = (short(document["Id"]), document["Config"]["Hostname"])
        for name, endpoint in document["NetworkSettings"]["Networks"].items():
            if _is_user_defined(name):
                endpoint["Aliases"] = list(dict.fromkeys([*(endpoint["Aliases"] or ()), *own]))
    return document


def containers(documents: list[Document], daemon: Daemon) -> list[Document]:
    """Return containers as lists show them."""
    if daemon.is_early:
        for document in documents:
            without_new_members(document)
    return documents


def without_new_members(document: Document) -> None:
    """Take from the connections of a container what only newer daemons have."""
    for endpoint in document["NetworkSettings"]["Networks"].values():
        for name in _SINCE_28:
            endpoint.pop(name, None)


def network(document: Document, daemon: Daemon) -> Document:
    """Return a network: IPv4 can be switched off since 28."""
    if daemon.is_early:
        document.pop("EnableIPv4", None)
    return document


def image(document: Document, daemon: Daemon, version: Version) -> Document:
    """Return an image as inspect shows it."""
    if version < _HAS_SMALL_CONFIG:
        document["Config"] = {**_OLD_CONFIG, **document["Config"]}
    if version < _SHOWS_DNS_NAMES:
        document["ContainerConfig"] = dict(_OLD_CONFIG)
    if daemon.is_early:
        document |= {"Container": "", "VirtualSize": document["Size"]}
    return document


def images(documents: list[Document], daemon: Daemon, version: Version) -> list[Document]:
    """Return images as lists show them."""
    for document in documents:
        if version < _SHOWS_NO_NONE and not (document["RepoTags"] or document["RepoDigests"]):
            document |= {"RepoTags": ["<none>:<none>"], "RepoDigests": ["<none>@<none>"]}
        if daemon.is_early:
            document["VirtualSize"] = document["Size"]
    return documents


def usage(document: Document, daemon: Daemon) -> Document:
    """Return /system/df."""
    containers(document["Containers"] or [], daemon)
    images(document["Images"] or [], daemon, _HAS_SMALL_CONFIG)
    return document


def info(document: Document, daemon: Daemon, version: Version) -> Document:
    """Return /info."""
    if version < _HAS_SMALL_CONFIG:
        document |= {"BridgeNfIptables": False, "BridgeNfIp6tables": False}
    if version < _HAS_NO_OLD_REGISTRIES:
        none: list[str] | None = [] if daemon.is_early else None
        document["RegistryConfig"] = {
            **document["RegistryConfig"],
            "AllowNondistributableArtifactsCIDRs": none,
            "AllowNondistributableArtifactsHostnames": none,
        }
    if daemon.is_early:
        document |= {"KernelMemory": False, "KernelMemoryTCP": False}
        document.pop("CDISpecDirs", None)
        for name in ("ContainerdCommit", "RuncCommit", "InitCommit"):
            document[name] = {**document[name], "Expected": ""}
    return document


def _is_user_defined(mode: str) -> bool:
    return mode not in {"", "default", "none"} and not mode.startswith(CONTAINER_MODE)


def _check_mounts(mounts: Iterable[Mapping[str, Any]], version: Version) -> None:
    """Refuse options that a mount of its type cannot have; clients before 1.42 are forgiven."""
    for mount in mounts if version >= _CHECKS_MOUNTS else ():
        for options, kind in _OPTIONS_OF_MOUNTS:
            if mount.get(options) is not None and mount.get("Type") != kind:
                text = f'{options} must not be specified on mount type "{mount.get("Type") or ""}"'
                raise DockerError(BAD_REQUEST, text)


def _with_mac(request: CreationRequest, version: Version) -> tuple[CreationRequest, list[str]]:
    """Return the request with its MAC address where the version has it, and a warning of 1.44."""
    mode = network_mode(request.host_config)
    wanted = request.config["MacAddress"]
    if version < _JOINS_NETWORKS:
        if not wanted:
            own = {name: {**one, "MacAddress": ""} for name, one in request.endpoints.items()}
            return replace(request, endpoints=own), []
        if not _is_user_defined(mode):
            raise DockerError(BAD_REQUEST, "conflicting options: mac-address and the network mode")
        return request, []
    own_mac = (request.endpoints.get(mode) or {}).get("MacAddress")
    if wanted and own_mac and own_mac != wanted:
        raise DockerError(
            BAD_REQUEST,
            "the container-wide MAC address must match the endpoint-specific MAC address for the "
            "main network, or be left empty",
        )
    return request, [_MAC_WARNING] if wanted else []
