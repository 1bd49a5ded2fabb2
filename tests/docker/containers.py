"""Containers and networks for tests of Docker's decisions."""

from typing import Any

from hnsemu.docker.domain.containers import DockerContainer, DockerEndpoint
from hnsemu.docker.domain.networks import DockerNetwork, Ipam, Pool
from hnsemu.docker.schema.containers import CREATION, HOST_CONFIG, creation_request
from hnsemu.docker.schema.golang import fit, zero

ID = "f758be5542bff6088c1d023ea56fdafd209030628b16a8100270bf73c29dcc81"


def host_config(**members: Any) -> dict[str, Any]:
    """Return a HostConfig as the daemon reads it."""
    return dict(fit(members, HOST_CONFIG))


def config(**members: Any) -> dict[str, Any]:
    """Return a Config as the daemon reads it."""
    return creation_request(fit({"Labels": {}, **members}, CREATION)).config


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
        host_config={**zero(HOST_CONFIG), **host_config(**(host or {}))},
        endpoints=endpoints,
        **facts,
    )


def nat(subnet: str = "10.77.0.0/24", **facts: Any) -> DockerNetwork:
    """Return a network of the driver nat."""
    pools = (Pool(subnet, "", ""),) if subnet else None
    ipam = facts.pop("ipam", Ipam("windows", None, pools))
    return DockerNetwork("a" * 64, "front", "nat", hns_id="guid", ipam=ipam, **facts)
