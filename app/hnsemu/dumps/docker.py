"""What `docker network inspect` says of a network, in the words of HNS 1.

Source: the labels com.docker.network.windowsshim.* of dockerd on Windows [O].
"""

from collections.abc import Iterator, Mapping
from typing import Any

from hnsemu.domain.digits import number_in

_LONGEST_PREFIX = 128
_HNS_ID = "com.docker.network.windowsshim.hnsid"


def network_of(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the network that HNS has; its id is Docker's label."""
    config = (members.get("IPAM") or {}).get("Config") or ()
    subnets = [
        {"AddressPrefix": pool.get("Subnet"), "GatewayAddress": pool.get("Gateway", "")}
        for pool in config
        if isinstance(pool, Mapping)
    ]
    return {
        "ID": (members.get("Options") or {}).get(_HNS_ID, ""),
        "Name": members.get("Name"),
        "Type": members.get("Driver"),
        "Subnets": subnets,
    }


def endpoints_of(members: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield an endpoint for each container on the network."""
    network = network_of(members)
    containers = members.get("Containers")
    for container in (containers or {}).values():
        address, _, length = str(container.get("IPv4Address") or "").partition("/")
        yield {
            "VirtualNetwork": network["ID"],
            "VirtualNetworkName": network["Name"],
            "Name": container.get("Name"),
            "MacAddress": str(container.get("MacAddress") or "").replace(":", "-").upper(),
            "IPAddress": address,
            "PrefixLength": number_in(length, _LONGEST_PREFIX) or 0,
        }
