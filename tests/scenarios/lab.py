"""Emulated hosts for packets to walk through: built by the services, asked by name."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from hnsemu.domain.attachments import Attachment, SystemType
from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.hosts import HostDefinition
from hnsemu.domain.networks import Network
from hnsemu.domain.policylists import PolicyList
from hnsemu.domain.releases import RELEASES, Version
from hnsemu.domain.tracing.model import Result, Trace
from hnsemu.host import SeededSource
from hnsemu.schema.base import parse
from hnsemu.schema.host.trace import TraceRequest
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.modify import (
    ModifyEndpointSettingRequest,
    ModifyNamespaceSettingRequest,
    ModifyNetworkSettingRequest,
)
from hnsemu.schema.v2.namespaces import HostComputeNamespace
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.services import endpoints, hosts, loadbalancers, namespaces, networks
from hnsemu.services.dataplane import trace as packet_trace
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns

Json = dict[str, object]
SCHEMA: Json = {"Major": 2, "Minor": 0}


def policy(kind: str, **settings: object) -> Json:
    """Return a policy as documents hold it."""
    return {"Type": kind, "Settings": settings}


def acl(action: str, direction: str, priority: int, **more: object) -> Json:
    """Return an ACL; RuleType Switch unless said otherwise."""
    settings = {"Action": action, "Direction": direction, "Priority": priority, **more}
    return policy("ACL", **{"RuleType": "Switch", **settings})


@dataclass
class Lab:
    """Hosts of one release on one underlay; the n-th has the address 10.127.130.(34 + n)."""

    database: Database
    release: str = "ws2025"
    hns_version: Version | None = None
    hosts: dict[str, Hns] = field(default_factory=dict)

    def host(self, name: str, release: str = "") -> Hns:
        """Return the HNS of the host, made when it is first named."""
        if name not in self.hosts:
            made = Hns(self.database, name, SeededSource(len(self.hosts) + 1))
            known = RELEASES[release or self.release]
            definition = HostDefinition(release=known, hns_version=self.hns_version)
            hosts.ensure_host(made, definition)
            self.hosts[name] = made
        return self.hosts[name]

    def clear(self) -> None:
        """Remove the hosts, so that the next ones get their addresses."""
        for made in self.hosts.values():
            hosts.delete_host(made)
        self.hosts.clear()

    def network(
        self, host: str, kind: str, prefix: str, gateway: str, *policies: Json, vsid: int = 0
    ) -> Network:
        """Return a new network with one subnet whose default route leads to `gateway`."""
        subnet: Json = {
            "IpAddressPrefix": prefix,
            "Routes": [
                {"NextHop": gateway, "DestinationPrefix": "::/0" if ":" in prefix else "0.0.0.0/0"}
            ],
        }
        if vsid:
            subnet["Policies"] = [policy("VSID", IsolationId=vsid)]
        asked = {
            "Name": f"{kind} {prefix}",
            "Type": kind,
            "Ipams": [{"Type": "Static", "Subnets": [subnet]}],
            "Policies": list(policies),
            "SchemaVersion": SCHEMA,
        }
        return networks.create_network(self.host(host), parse(HostComputeNetwork, asked))

    def bridge_with_vlans(self, host: str, vlans: dict[str, int]) -> Network:
        """Return a new L2Bridge network. vlans: of each prefix, whose first address is a router."""
        subnets = [
            {
                "IpAddressPrefix": prefix,
                "Routes": [
                    {
                        "NextHop": prefix.replace(".0/24", ".1"),
                        "DestinationPrefix": "0.0.0.0/0",
                    }
                ],
                "Policies": [policy("VLAN", IsolationId=vlan)],
            }
            for prefix, vlan in vlans.items()
        ]
        asked = {
            "Type": "L2Bridge",
            "Ipams": [{"Type": "Static", "Subnets": subnets}],
            "SchemaVersion": SCHEMA,
        }
        return networks.create_network(self.host(host), parse(HostComputeNetwork, asked))

    def pod(
        self,
        host: str,
        network: Network,
        name: str,
        address: str,
        *policies: Json,
        gateway: str = "",
        attached: bool = True,
    ) -> Endpoint:
        """Return a new endpoint in a namespace of its own."""
        asked: Json = {
            "Name": name,
            "IpConfigurations": [{"IpAddress": address}],
            "Policies": list(policies),
            "SchemaVersion": SCHEMA,
        }
        if gateway:
            everything = "::/0" if ":" in gateway else "0.0.0.0/0"
            asked["Routes"] = [{"NextHop": gateway, "DestinationPrefix": everything}]
        hns = self.host(host)
        made = endpoints.create_endpoint(hns, network.id, parse(HostComputeEndpoint, asked))
        if attached:
            space = namespaces.create_namespace(
                hns, parse(HostComputeNamespace, {"SchemaVersion": SCHEMA})
            )
            joining = {
                "ResourceType": "Endpoint",
                "RequestType": "Add",
                "Settings": {"EndpointId": made.id},
            }
            request = parse(ModifyNamespaceSettingRequest, joining)
            namespaces.modify_namespace(hns, space.id, request)
        return made

    def endpoint(self, host: str, endpoint_id: str) -> Endpoint:
        """Return an endpoint as it stands."""
        return endpoints.get_endpoint(self.host(host), endpoint_id)

    def gateway(self, host: str, network: Network, address: str) -> Endpoint:
        """Return a new endpoint in the host's own compartment, as win-bridge makes one."""
        made = self.pod(host, network, f"gateway {address}", address, attached=False)
        self.plug_in(host, made, Attachment(SystemType.HOST, "", 1))
        return made

    def plug_in(self, host: str, endpoint: Endpoint, to: Attachment) -> None:
        """Attach an endpoint to what HNS 1 attaches to."""
        endpoints.attach_endpoint(self.host(host), endpoint.id, to)

    def remote(self, host: str, network: Network, address: str, provider: str) -> Endpoint:
        """Return a new remote endpoint, as kube-proxy makes one for each backend elsewhere."""
        asked = {
            "Name": f"remote {address}",
            "Flags": 1,
            "MacAddress": "02-11-" + "-".join(f"{int(n):02x}" for n in address.split(".")),
            "IpConfigurations": [{"IpAddress": address}],
            "Policies": [policy("ProviderAddress", ProviderAddress=provider)],
            "SchemaVersion": SCHEMA,
        }
        return endpoints.create_endpoint(
            self.host(host), network.id, parse(HostComputeEndpoint, asked)
        )

    def balancer(
        self,
        host: str,
        backends: Sequence[Endpoint],
        vip: str,
        port: int,
        to: int,
        **more: object,
    ) -> PolicyList:
        """Return a new load balancer; more: Flags, MappingFlags, SourceVIP, Distribution."""
        asked = {
            "HostComputeEndpoints": [each.id for each in backends],
            "SourceVIP": more.get("SourceVIP", ""),
            "FrontendVIPs": [vip] if vip else [],
            "Flags": more.get("Flags", 1),
            "PortMappings": [
                {
                    "Protocol": more.get("Protocol", 6),
                    "ExternalPort": port,
                    "InternalPort": to,
                    "DistributionType": more.get("Distribution", 0),
                    "Flags": more.get("MappingFlags", 1),
                }
            ],
            "SchemaVersion": SCHEMA,
        }
        return loadbalancers.create_load_balancer(
            self.host(host), parse(HostComputeLoadBalancer, asked)
        )

    def policies_of_network(self, host: str, network_id: str) -> list[Json]:
        """Return the policies of a network as they stand."""
        kept = networks.get_network(self.host(host), network_id).policies
        return [policy(each.type, **json.loads(each.settings or "{}")) for each in kept]

    def add_policies(self, host: str, network: Network, *policies: Json) -> None:
        """Add policies to a network."""
        request = {
            "ResourceType": "Policy",
            "RequestType": "Add",
            "Settings": {"Policies": list(policies)},
        }
        networks.modify_network(
            self.host(host), network.id, parse(ModifyNetworkSettingRequest, request)
        )

    def change(self, host: str, endpoint: Endpoint, request: str, *policies: Json) -> None:
        """Add, Update, Remove or Reset policies of an endpoint."""
        asked = {
            "ResourceType": "Policy",
            "RequestType": request,
            "Settings": {"Policies": list(policies)},
        }
        endpoints.modify_endpoint(
            self.host(host), endpoint.id, parse(ModifyEndpointSettingRequest, asked)
        )

    def trace(
        self, host: str, sender: str | Json, destination: str, port: int = 0, **more: object
    ) -> Trace:
        """Return the walk of a packet and of its reply. sender: name of an endpoint, or From."""
        request = {"Reply": more.pop("Reply", True), "Backend": more.pop("Backend", "hash")}
        request |= {name: more.pop(name) for name in ("ArrivesAt",) if name in more}
        packet: Json = {"Destination": destination, **more}
        if port:
            packet["DestinationPort"] = port
        origin = {"Endpoint": sender} if isinstance(sender, str) else sender
        asked = parse(TraceRequest, {"From": origin, "Packet": packet, **request}, strict=True)
        return packet_trace.trace_packet(self.host(host), asked.to_domain())[0]


def peered_overlays(lab: Lab, *policies: Json) -> tuple[Network, Network]:
    """Return the overlays of two nodes that know each other's subnets, as flannel makes them."""
    one, two = (
        lab.network(
            f"node-{n}", "Overlay", f"10.244.{n}.0/24", f"10.244.{n}.1", *policies, vsid=4096
        )
        for n in (1, 2)
    )
    for host, own, other, prefix in (
        ("node-1", one, two, "10.244.2.0/24"),
        ("node-2", two, one, "10.244.1.0/24"),
    ):
        lab.add_policies(
            host,
            own,
            policy(
                "RemoteSubnetRoute",
                DestinationPrefix=prefix,
                IsolationId=4096,
                ProviderAddress=other.management_ip,
                DistributedRouterMacAddress=other.dr_mac,
            ),
        )
    return one, two


def stations(trace: Trace) -> list[str]:
    """Return what had a say on the way: place, direction, layer and result of each step."""
    return [
        " ".join(
            part
            for part in (step.host, step.where, step.direction, step.layer, step.result.value)
            if part
        )
        for step in trace.steps
        if step.result is not Result.NO_MATCH
    ]


def change_of(trace: Trace, layer: str) -> dict[str, tuple[str, str]]:
    """Return what the first deciding step of a layer changed."""
    return next(
        step.changed
        for step in trace.steps
        if step.layer == layer and step.result is not Result.NO_MATCH
    )
