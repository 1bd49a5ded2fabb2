"""Networks as the API shows them. Source: replies of dockerd 28.5.2 [O]."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from hnsemu.docker.domain.network_creation import NetworkRequest
from hnsemu.docker.domain.networks import DockerNetwork, Pool
from hnsemu.docker.domain.times import rfc3339
from hnsemu.docker.schema.shapes import List, Map, Pointer, Struct

_POOL = Struct(
    "network.IPAMConfig",
    {"Subnet": str, "IPRange": str, "Gateway": str, "AuxiliaryAddresses": Map(str)},
)
_IPAM = Struct("network.IPAM", {"Driver": str, "Options": Map(str), "Config": List(_POOL)})

CREATE_REQUEST = Struct(
    "network.CreateRequest",
    {
        "Name": str,
        "CheckDuplicate": Pointer(bool),
        "Driver": str,
        "Scope": str,
        "EnableIPv4": Pointer(bool),
        "EnableIPv6": Pointer(bool),
        "IPAM": Pointer(_IPAM),
        "Internal": bool,
        "Attachable": bool,
        "Ingress": bool,
        "ConfigOnly": bool,
        "ConfigFrom": Pointer(Struct("network.ConfigReference", {"Network": str})),
        "Options": Map(str),
        "Labels": Map(str),
    },
    embedded=dict.fromkeys(
        (
            "Driver", "Scope", "EnableIPv4", "EnableIPv6", "IPAM", "Internal", "Attachable",
            "Ingress", "ConfigOnly", "ConfigFrom", "Options", "Labels",
        ),
        "CreateOptions",
    ),
)  # fmt: skip
"""The document of POST /networks/create."""

_IPV4_SWITCH_SINCE = (1, 48)


def network_request(document: Mapping[str, Any], version: tuple[int, int]) -> NetworkRequest:
    """Return what a document asks for; EnableIPv4 is read from API 1.48 on."""
    ipam = document["IPAM"] or {"Driver": "", "Options": None, "Config": None}
    source = document["ConfigFrom"] or {"Network": ""}
    return NetworkRequest(
        name=document["Name"],
        driver=document["Driver"],
        scope=document["Scope"],
        ipv4=document["EnableIPv4"] if version >= _IPV4_SWITCH_SINCE else None,
        ipv6=document["EnableIPv6"],
        ipam_driver=ipam["Driver"],
        ipam_options=ipam["Options"],
        pools=tuple(_pool(pool) for pool in ipam["Config"] or ()),
        internal=document["Internal"],
        attachable=document["Attachable"],
        ingress=document["Ingress"],
        config_only=document["ConfigOnly"],
        config_from=source["Network"],
        options=document["Options"] or {},
        labels=document["Labels"] or {},
    )


def _pool(document: Mapping[str, Any]) -> Pool:
    return Pool(
        document["Subnet"],
        document["IPRange"],
        document["Gateway"],
        document["AuxiliaryAddresses"] or {},
    )


def network_document(
    network: DockerNetwork,
    containers: Mapping[str, Mapping[str, str]] | None = None,
    peers: Sequence[Mapping[str, str]] = (),
) -> dict[str, object]:
    """Return the network as list and inspect show it.

    containers: what is connected, by container id; lists show none.
    peers:      the nodes that a network of a swarm is on.
    """
    pools = network.ipam.pools
    shown: dict[str, object] = {
        "Name": network.name,
        "Id": network.id,
        "Created": rfc3339(network.created),
        "Scope": network.scope,
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
        "Ingress": network.ingress,
        "ConfigFrom": {"Network": network.config_from},
        "ConfigOnly": network.config_only,
        "Containers": dict(containers or {}),
        "Options": dict(sorted(network.options.items())),
        "Labels": dict(network.labels),
    }
    return {**shown, "Peers": list(peers)} if peers else shown


def peer_document(node_id: str, address: str) -> dict[str, str]:
    """Return what a network shows of a node that it is on.

    Its name is a number that the node gives itself at its start; here it follows from its id.
    """
    return {"Name": sha256(node_id.encode()).hexdigest()[:12], "IP": address}


def _pool_document(pool: Pool) -> dict[str, object]:
    members: dict[str, object] = {
        "Subnet": pool.subnet,
        "IPRange": pool.ip_range,
        "Gateway": pool.gateway,
        "AuxiliaryAddresses": dict(pool.auxiliary),
    }
    return {name: value for name, value in members.items() if value}


def attached_container(
    name: str, endpoint_id: str, mac_address: str, ip_address: str, prefix_length: int
) -> dict[str, str]:
    """Return what a network shows of a container that is on it."""
    return {
        "Name": name,
        "EndpointID": endpoint_id,
        "MacAddress": mac_address,
        "IPv4Address": f"{ip_address}/{prefix_length}" if ip_address else "",
        "IPv6Address": "",
    }
