"""The HNS 1 documents that the daemon sends, members in its order, those that are empty left out.

Source: docker.md section 4 [C], recorded of dockerd 28.5.2 [O].
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hnsemu.docker.domain.containers import DockerEndpoint
from hnsemu.docker.domain.driver_options import DriverOptions
from hnsemu.docker.domain.network_creation import NewNetwork
from hnsemu.docker.domain.networks import ANY_SUBNET, NAT, OVERLAY
from hnsemu.docker.domain.swarms import SwarmNetwork
from hnsemu.domain.endpoints import Endpoint
from hnsemu.schema.v1.render_endpoints import assigned_v1


def default_nat_document(fixed_cidr: str) -> dict[str, object]:
    """Return the document of the network that the daemon makes for itself.

    fixed_cidr: its subnet, "" for one that HNS chooses.
    """
    subnets = [{"AddressPrefix": fixed_cidr or ANY_SUBNET}]
    return _document({"Name": NAT, "Type": NAT, "Subnets": subnets})


@dataclass(frozen=True, slots=True)
class AnsweredEndpoint:
    """What dockerd reads of HNS' answer. mac_address: with colons, in lower case."""

    mac_address: str
    ip_address: str
    gateway: str
    policies: Sequence[dict[str, Any]]


def answered_endpoint(endpoint: Endpoint) -> AnsweredEndpoint:
    """Return what dockerd reads of the answer to POST /endpoints/."""
    answer: dict[str, Any] = assigned_v1(endpoint)
    return AnsweredEndpoint(
        answer.get("MacAddress", "").replace("-", ":").lower(),
        answer.get("IPAddress", ""),
        answer.get("GatewayAddress", ""),
        answer.get("Policies", ()),
    )


def new_network_document(new: NewNetwork) -> dict[str, object]:
    """Return the document of POST /networks/ for a new network."""
    driver = new.driver
    return _document(
        {
            "Name": driver.hns_name or new.network.id,
            "Type": new.network.driver,
            "NetworkAdapterName": driver.adapter,
            "Policies": _policies(driver),
            "MacPools": [
                {"StartMacAddress": start, "EndMacAddress": end} for start, end in driver.mac_pools
            ],
            "Subnets": [
                _document({"AddressPrefix": prefix, "GatewayAddress": gateway})
                for prefix, gateway in new.subnets or ()
            ],
            "DNSSuffix": driver.dns_suffix,
            "DNSServerList": driver.dns_servers,
        }
    )


def overlay_network_document(network: SwarmNetwork, driver: DriverOptions) -> dict[str, object]:
    """Return the document of POST /networks/ for a network of a swarm.

    Source: moby libnetwork/drivers/windows/overlay of v28.5.2 [C].
    """
    subnets = [
        {
            "AddressPrefix": pool.subnet,
            "GatewayAddress": pool.gateway,
            "Policies": [{"Type": "VSID", "VSID": vxlan}],
        }
        for pool, vxlan in zip(network.pools, network.vxlans, strict=True)
    ]
    return _document(
        {
            "Name": driver.hns_name or network.id,
            "Type": OVERLAY,
            "NetworkAdapterName": driver.adapter,
            "Subnets": subnets,
            "AutomaticDNS": True,
        }
    )


def overlay_endpoint_document(
    hns_id: str,
    provider: str,
    endpoint: DockerEndpoint,
    nat: Sequence[Mapping[str, object]],
) -> dict[str, object]:
    """Return the document of POST /endpoints/ for a container on a network of a swarm.

    hns_id: of the network. provider: its address between hosts. Source: as above [C].
    """
    policies = [{"Type": "PA", "PA": provider}, {"Type": "OutBoundNAT", "PA": ""}, *nat]
    return _document(
        {
            "Name": endpoint.endpoint_id,
            "VirtualNetwork": hns_id,
            "Policies": policies,
            "MacAddress": endpoint.settings.get("MacAddress") or "",
            "IPAddress": endpoint.ip_address,
            "GatewayAddress": endpoint.gateway,
            "EnableInternalDNS": True,
        }
    )


def remote_endpoint_document(
    hns_id: str, provider: str, endpoint_id: str, mac_address: str, ip_address: str
) -> dict[str, object]:
    """Return the document of POST /endpoints/ for a container on another node.

    hns_id: of the network. provider: address of the other node. Source: as above [C].
    """
    return {
        "Name": endpoint_id,
        "VirtualNetwork": hns_id,
        "Policies": [{"Type": "PA", "PA": provider}],
        "MacAddress": mac_address,
        "IPAddress": ip_address,
        "IsRemoteEndpoint": True,
    }


def _policies(driver: DriverOptions) -> list[dict[str, object]]:
    vlan: dict[str, object] = {"Type": "VLAN", "VLAN": driver.vlan}
    vsid: dict[str, object] = {"Type": "VSID", "VSID": driver.vsid}
    return ([vlan] if driver.vlan else []) + ([vsid] if driver.vsid else [])


def _document(members: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in members.items() if value}
