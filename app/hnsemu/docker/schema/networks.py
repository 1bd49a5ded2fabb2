"""Networks as the API shows them. Source: replies of dockerd 28.5.2 [M]."""

from collections.abc import Mapping

from hnsemu.docker.domain.networks import DockerNetwork, Pool
from hnsemu.docker.domain.times import rfc3339


def network_document(
    network: DockerNetwork, containers: Mapping[str, Mapping[str, str]] | None = None
) -> dict[str, object]:
    """Return the network as list and inspect show it.

    containers: what is connected, by container id; lists show none.
    """
    pools = network.ipam.pools
    return {
        "Name": network.name,
        "Id": network.id,
        "Created": rfc3339(network.created),
        "Scope": "local",
        "Driver": network.driver,
        "EnableIPv4": True,
        "EnableIPv6": False,
        "IPAM": {
            "Driver": network.ipam.driver,
            "Options": network.ipam.options,
            "Config": None if pools is None else [_pool_document(pool) for pool in pools],
        },
        "Internal": network.internal,
        "Attachable": network.attachable,
        "Ingress": False,
        "ConfigFrom": {"Network": network.config_from},
        "ConfigOnly": network.config_only,
        "Containers": dict(containers or {}),
        "Options": dict(sorted(network.options.items())),
        "Labels": dict(network.labels),
    }


def _pool_document(pool: Pool) -> dict[str, object]:
    members: dict[str, object] = {
        "Subnet": pool.subnet,
        "IPRange": pool.ip_range,
        "Gateway": pool.gateway,
        "AuxiliaryAddresses": dict(pool.auxiliary),
    }
    return {name: value for name, value in members.items() if value}
