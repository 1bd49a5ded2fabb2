"""Containers and networks for tests of Docker's decisions."""

from typing import Any

from hnsemu.docker.domain.containers import DockerContainer, DockerEndpoint
from hnsemu.docker.domain.networks import DockerNetwork, Ipam, Pool

ID = "f758be5542bff6088c1d023ea56fdafd209030628b16a8100270bf73c29dcc81"


_HOST_CONFIG: dict[str, Any] = {
    "NetworkMode": "nat",
    "LogConfig": {"Type": "", "Config": None},
    "RestartPolicy": {"Name": "", "MaximumRetryCount": 0},
    "AutoRemove": False,
    "Isolation": "",
    "Privileged": False,
    "ReadonlyRootfs": False,
    "PublishAllPorts": False,
}

_LATER = (
    "Annotations", "BlkioDeviceReadBps", "BlkioDeviceReadIOps", "BlkioDeviceWriteBps",
    "BlkioDeviceWriteIOps", "BlkioWeight", "BlkioWeightDevice", "CapAdd", "CapDrop", "CgroupParent",
    "ConsoleSize", "CpuCount", "CpuPercent", "CpuPeriod", "CpuRealtimePeriod", "CpuRealtimeRuntime",
    "CpuShares", "CpusetCpus", "CpusetMems", "Devices", "Dns", "DnsSearch", "ExtraHosts", "Links",
    "MemoryReservation", "MemorySwap", "MemorySwappiness", "NanoCpus", "OomKillDisable",
    "PidsLimit", "PortBindings", "SecurityOpt", "Ulimits",
)  # fmt: skip


def host_config(**members: Any) -> dict[str, Any]:
    """Return a HostConfig with every member that decisions look at."""
    policy = {"Name": "", "MaximumRetryCount": 0, **members.pop("RestartPolicy", {})}
    ports = {
        port: [{"HostIp": "", **target} for target in targets]
        for port, targets in members.pop("PortBindings", {}).items()
    }
    return {
        **dict.fromkeys(_LATER),
        **_HOST_CONFIG,
        "RestartPolicy": policy,
        "PortBindings": ports,
        **members,
    }


def config(**members: Any) -> dict[str, Any]:
    """Return a Config with every member that decisions look at."""
    empty = dict.fromkeys(("Cmd", "Entrypoint", "Env", "ExposedPorts"))
    return {"Hostname": "", "WorkingDir": "", "Labels": {}, **empty, **members}


def container(
    *endpoints: DockerEndpoint,
    host: dict[str, Any] | None = None,
    name: str = "web",
    own: dict[str, Any] | None = None,
    **facts: Any,
) -> DockerContainer:
    """Return a container called web."""
    return DockerContainer(
        id=ID,
        name=name,
        created=1,
        image="iis",
        image_id="sha256:" + "6" * 64,
        config=config(**{"Hostname": ID[:12], **(own or {})}),
        host_config=host_config(**(host or {})),
        endpoints=endpoints,
        **facts,
    )


def nat(subnet: str = "10.77.0.0/24", **facts: Any) -> DockerNetwork:
    """Return a network of the driver nat."""
    pools = (Pool(subnet, "", ""),) if subnet else None
    ipam = facts.pop("ipam", Ipam("windows", None, pools))
    return DockerNetwork("a" * 64, "front", "nat", hns_id="guid", ipam=ipam, **facts)
