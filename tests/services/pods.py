"""Networks and endpoints for tests whose subject is something else."""

from collections.abc import Mapping

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.hosts import HostDefinition
from hnsemu.domain.networks import Network
from hnsemu.domain.releases import RELEASES
from hnsemu.host import SeededSource
from hnsemu.schema.base import parse
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.services import endpoints, hosts, networks
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns

_SCHEMA = {"Major": 2, "Minor": 0}


def host_of(database: Database, release: str) -> Hns:
    """Return the HNS service of a fresh host of that release."""
    hns = Hns(database, release, SeededSource())
    hosts.ensure_host(hns, HostDefinition(release=RELEASES[release]))
    return hns


def overlay(hns: Hns, name: str = "vxlan0") -> Network:
    """Return a new overlay network 192.168.100.0/24, as kube-proxy's tests make one."""
    return networks.create_network(
        hns,
        parse(
            HostComputeNetwork,
            {
                "Name": name,
                "Type": "Overlay",
                "Ipams": [
                    {
                        "Type": "Static",
                        "Subnets": [
                            {
                                "IpAddressPrefix": "192.168.100.0/24",
                                "Routes": [
                                    {"NextHop": "192.168.100.1", "DestinationPrefix": "0.0.0.0/0"}
                                ],
                                "Policies": [{"Type": "VSID", "Settings": {"IsolationId": 5000}}],
                            }
                        ],
                    }
                ],
                "SchemaVersion": _SCHEMA,
            },
        ),
    )


def pod(hns: Hns, network: Network, *policies: Mapping[str, object]) -> Endpoint:
    """Return a new local endpoint with an address that HNS picked."""
    members = {"Name": "pod", "Policies": list(policies), "SchemaVersion": _SCHEMA}
    return endpoints.create_endpoint(hns, network.id, parse(HostComputeEndpoint, members))


def remote(hns: Hns, network: Network, address: str = "192.168.101.5") -> Endpoint:
    """Return a new endpoint that lives on another host."""
    members = {
        "Name": "Ethernet",
        "Flags": 1,
        "MacAddress": "02-11-c0-a8-65-05",
        "IpConfigurations": [{"IpAddress": address}],
        "Policies": [{"Type": "ProviderAddress", "Settings": {"ProviderAddress": "10.127.130.36"}}],
        "SchemaVersion": _SCHEMA,
    }
    return endpoints.create_endpoint(hns, network.id, parse(HostComputeEndpoint, members))
