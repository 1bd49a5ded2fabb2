"""One example of each request and answer, as real clients send and read them.

A test sends the requests to a host and finds all members of the replies in its answers.
Source: hns-behaviour.md section 2, clients.md sections 3 to 12.
"""

from typing import Any

from pydantic import BaseModel

from hnsemu.api.example_ids import (
    BULK_ENDPOINT,
    BULK_NETWORK,
    ENDPOINT,
    GUEST_NETWORK_SERVICE,
    HNS_ENDPOINT,
    HNS_NETWORK,
    LOAD_BALANCER,
    NAMESPACE,
    NETWORK,
    POLICY_LIST,
    PORT_RESERVATION,
    SDN_ROUTE,
)
from hnsemu.schema.host.bulk import BulkRequest, BulkResult
from hnsemu.schema.host.clock import ClockDocument
from hnsemu.schema.host.definition import HostSettings
from hnsemu.schema.host.faults import FaultDocument
from hnsemu.schema.host.journal import CallRecord, JournalDocument
from hnsemu.schema.host.reachability import ReachabilityRequest
from hnsemu.schema.host.state import ClusterDump, HostDump, HostState, NamedState
from hnsemu.schema.host.trace import TraceRequest
from hnsemu.schema.host.trace_diff import TraceDiffRequest
from hnsemu.schema.host.verification import VerifyDocument
from hnsemu.schema.v1.accelnet import HNSMacAddressList
from hnsemu.schema.v1.endpoints import HNSAttachment, HNSEndpoint
from hnsemu.schema.v1.namespaces import HNSNamespace, HNSNamespaceResource
from hnsemu.schema.v1.networks import HNSNetwork
from hnsemu.schema.v1.policylists import HNSPolicyList
from hnsemu.schema.v2.endpoint_views import EndpointAddresses, EndpointStatistics
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.guest.ports import GuestPortReservation, PortLease, PortReservationRequest
from hnsemu.schema.v2.guest.services import GuestNetworkService
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.modify import (
    ModifyEndpointSettingRequest,
    ModifyGuestNetworkServiceSettingRequest,
    ModifyNamespaceSettingRequest,
    ModifyNetworkSettingRequest,
)
from hnsemu.schema.v2.namespaces import HostComputeNamespace
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.schema.v2.notifications import HcnNotificationEvent
from hnsemu.schema.v2.policylists import HostComputePolicyList
from hnsemu.schema.v2.routes import HostComputeRoute

__all__ = [
    "BULK_ENDPOINT",
    "BULK_NETWORK",
    "ENDPOINT",
    "EVENTS",
    "GUEST_NETWORK_SERVICE",
    "HNS_ENDPOINT",
    "HNS_NETWORK",
    "LOAD_BALANCER",
    "NAMESPACE",
    "NETWORK",
    "POLICY_LIST",
    "PORT_RESERVATION",
    "REPLIES",
    "REQUESTS",
    "SDN_ROUTE",
]

Example = dict[str, Any]


_V2 = {"Major": 2, "Minor": 0}
_DEFAULT_ROUTE = {"NextHop": "10.244.1.1", "DestinationPrefix": "0.0.0.0/0"}

_STATE = {"format": 1, "host": {"release": "ws2022", "definition": {"release": "ws2022"}}}

REQUESTS: dict[type[BaseModel], Example] = {
    HostState: _STATE,
    HostDump: {
        "ID": HNS_NETWORK,
        "Name": "cbr0",
        "Type": "L2Bridge",
        "Subnets": [{"AddressPrefix": "10.244.7.0/24", "GatewayAddress": "10.244.7.1"}],
        "Version": 55834574851,
    },
    ClusterDump: {
        "kind": "Node",
        "metadata": {"name": "win-1", "labels": {"kubernetes.io/os": "windows"}},
        "spec": {"podCIDR": "10.244.1.0/24"},
        "status": {"addresses": [{"type": "InternalIP", "address": "10.0.0.11"}]},
    },
    NamedState: {"name": "node-1", "state": _STATE},
    # flannel's overlay
    HostComputeNetwork: {
        "ID": NETWORK,
        "Name": "vxlan0",
        "Type": "Overlay",
        "Policies": [{"Type": "NetAdapterName", "Settings": {"NetworkAdapterName": "Ethernet"}}],
        "Ipams": [
            {
                "Type": "Static",
                "Subnets": [
                    {
                        "IpAddressPrefix": "10.244.1.0/24",
                        "Policies": [{"Type": "VSID", "Settings": {"IsolationId": 4096}}],
                        "Routes": [_DEFAULT_ROUTE],
                    }
                ],
            }
        ],
        "SchemaVersion": _V2,
    },
    # a pod of win-overlay
    HostComputeEndpoint: {
        "ID": ENDPOINT,
        "Name": "a8b1c2d3_vxlan0",
        "HostComputeNetwork": NETWORK,
        "IpConfigurations": [{"IpAddress": "10.244.1.7", "PrefixLength": 24}],
        "Routes": [_DEFAULT_ROUTE],
        "Dns": {"Search": ["default.svc.cluster.local"], "ServerList": ["10.96.0.10"]},
        "Policies": [
            {"Type": "OutBoundNAT", "Settings": {"Exceptions": ["10.244.0.0/16", "10.96.0.0/12"]}}
        ],
        "SchemaVersion": _V2,
    },
    # containerd
    HostComputeNamespace: {"ID": NAMESPACE, "Type": "Host", "SchemaVersion": _V2},
    # kube-proxy's cluster address of a DNS service
    HostComputeLoadBalancer: {
        "ID": LOAD_BALANCER,
        "HostComputeEndpoints": [ENDPOINT],
        "FrontendVIPs": ["10.96.0.10"],
        "PortMappings": [{"Protocol": 17, "InternalPort": 53, "ExternalPort": 53}],
        "SchemaVersion": _V2,
    },
    HostComputeRoute: {
        "ID": SDN_ROUTE,
        "HostComputeEndpoints": [ENDPOINT],
        "Routes": [{"DestinationPrefix": "10.96.0.0/12", "NeedEncap": True}],
        "SchemaVersion": _V2,
    },
    HostComputePolicyList: {
        "ID": POLICY_LIST,
        "References": [f"/endpoints/{ENDPOINT}"],
        "Policies": [
            {"Type": "ELB", "VIPs": ["10.96.0.11"], "InternalPort": 80, "ExternalPort": 80},
            {"Type": "ROUTE", "DestinationPrefix": "10.96.0.0/12", "NeedEncap": True},
        ],
        "SchemaVersion": _V2,
    },
    # flannel's route to another node
    ModifyNetworkSettingRequest: {
        "ResourceType": "Policy",
        "RequestType": "Add",
        "Settings": {
            "Policies": [
                {
                    "Type": "RemoteSubnetRoute",
                    "Settings": {
                        "DestinationPrefix": "10.244.2.0/24",
                        "IsolationId": 4096,
                        "ProviderAddress": "10.127.130.36",
                        "DistributedRouterMacAddress": "00-15-5D-0A-F4-02",
                    },
                }
            ]
        },
    },
    # Calico's rule for a pod
    ModifyEndpointSettingRequest: {
        "ResourceType": "Policy",
        "RequestType": "Update",
        "Settings": {
            "Policies": [
                {
                    "Type": "ACL",
                    "Settings": {
                        "Action": "Allow",
                        "Direction": "In",
                        "Protocols": "6",
                        "LocalPorts": "80",
                        "RuleType": "Switch",
                        "Priority": 1000,
                    },
                }
            ]
        },
    },
    ModifyNamespaceSettingRequest: {
        "ResourceType": "Endpoint",
        "RequestType": "Add",
        "Settings": {"EndpointId": ENDPOINT},
    },
    # WSL in mirrored mode
    GuestNetworkService: {
        "ID": GUEST_NETWORK_SERVICE,
        "VirtualMachineId": "3e1a7c52-0d5b-4b7f-9c2e-5a6b7c8d9e0f",
        "MirroredInterfaces": [{"EndpointId": ENDPOINT}],
        "MirrorHostNetworking": True,
        "SchemaVersion": _V2,
    },
    ModifyGuestNetworkServiceSettingRequest: {
        "ResourceType": "State",
        "RequestType": "Update",
        "Settings": {"State": "Synchronized"},
    },
    PortReservationRequest: {
        "ID": PORT_RESERVATION,
        "Protocol": "TCP",
        "Access": "Exclusive",
        "Port": 8443,
        "LeaseSeconds": 30,
    },
    PortLease: {"LeaseSeconds": 30},
    # dockershim's bridge
    HNSNetwork: {
        "ID": HNS_NETWORK,
        "Name": "cbr0",
        "Type": "L2Bridge",
        "NetworkAdapterName": "Ethernet 2",
        "Subnets": [{"AddressPrefix": "10.1.0.0/24", "GatewayAddress": "10.1.0.1"}],
    },
    HNSEndpoint: {
        "ID": HNS_ENDPOINT,
        "Name": "a8b1c2d3_cbr0",
        "VirtualNetwork": HNS_NETWORK,
        "IPAddress": "10.1.0.9",
        "GatewayAddress": "10.1.0.1",
        "Policies": [{"Type": "OutBoundNAT", "ExceptionList": ["10.1.0.0/24"]}],
    },
    HNSNamespace: {"IsDefault": False},
    HNSNamespaceResource: {"Type": "Endpoint", "Data": {"Id": HNS_ENDPOINT}},
    HNSPolicyList: {
        "References": [f"/endpoints/{HNS_ENDPOINT}"],
        "Policies": [
            {
                "Type": "ELB",
                "VIPs": ["10.96.0.12"],
                "Protocol": 6,
                "InternalPort": 8080,
                "ExternalPort": 80,
            }
        ],
    },
    HNSAttachment: {"SystemType": "Container", "ContainerId": "a8b1c2d3"},
    HNSMacAddressList: {"MacAddressList": [{"MacAddress": "00-15-5D-0A-B7-C6"}]},
    ClockDocument: {"advance": "5m"},
    FaultDocument: {
        "match": {"operation": "HcnCreateEndpoint", "name": "pod-*"},
        "then": {"hresult": "0x80070005"},
        "times": 2,
    },
    JournalDocument: {"enabled": True, "calls": 5000},
    VerifyDocument: {
        "match": {"operation": "HcnCreateEndpoint", "request": {"Name": "pod-1"}},
        "count": 1,
    },
    HostSettings: {
        "release": "ws2022",
        "adapters": [{"name": "Ethernet", "address": "10.0.0.4/24", "gateway": "10.0.0.1"}],
        "external_switches": [{"name": "Uplink", "adapters": ["Ethernet"]}],
        "journal": True,
    },
    BulkRequest: {
        "Networks": [
            {
                "ID": BULK_NETWORK,
                "Name": "pods",
                "Type": "NAT",
                "Ipams": [{"Type": "Static", "Subnets": [{"IpAddressPrefix": "172.20.0.0/16"}]}],
                "SchemaVersion": _V2,
            }
        ],
        "Endpoints": [
            {
                "ID": BULK_ENDPOINT,
                "Name": "pod-0",
                "HostComputeNetwork": BULK_NETWORK,
                "SchemaVersion": _V2,
            }
        ],
    },
    TraceRequest: {
        "From": {"Endpoint": ENDPOINT},
        "Packet": {"Protocol": "TCP", "Destination": "10.96.0.10", "DestinationPort": 80},
        "Reply": True,
    },
    TraceDiffRequest: {
        "Packets": [
            {
                "From": {"Endpoint": ENDPOINT},
                "Packet": {"Destination": "10.96.0.10", "DestinationPort": 80},
            }
        ],
        "Change": {
            "Endpoint": ENDPOINT,
            "ModifyEndpoint": {
                "ResourceType": "Policy",
                "RequestType": "Add",
                "Settings": {
                    "Policies": [
                        {
                            "Type": "ACL",
                            "Settings": {
                                "Action": "Block",
                                "Direction": "Out",
                                "Priority": 100,
                            },
                        }
                    ]
                },
            },
        },
    },
    ReachabilityRequest: {
        "From": [ENDPOINT],
        "Addresses": ["10.96.0.10"],
        "Ports": [{"Protocol": "TCP", "Port": 80}],
    },
}

REPLIES: dict[type[BaseModel], Example] = {
    BulkResult: {
        "Networks": [{"ID": BULK_NETWORK, "Result": "Created"}],
        "Endpoints": [{"ID": BULK_ENDPOINT, "Result": "Created"}],
    },
    HostComputeNetwork: {
        **REQUESTS[HostComputeNetwork],
        "Version": 64424509444,
        "MacPool": {
            "Ranges": [
                {"StartMacAddress": "00-15-5D-52-C0-00", "EndMacAddress": "00-15-5D-52-CF-FF"}
            ]
        },
    },
    HostComputeEndpoint: {
        **REQUESTS[HostComputeEndpoint],
        "Version": 64424509444,
        "MacAddress": "00-15-5D-52-C9-11",
    },
    # The type Host is left out
    HostComputeNamespace: {"ID": NAMESPACE, "Version": 64424509444, "SchemaVersion": _V2},
    HostComputeLoadBalancer: {
        **REQUESTS[HostComputeLoadBalancer],
        "Version": 64424509444,
        "HostComputeNetwork": NETWORK,
    },
    HostComputeRoute: {
        **REQUESTS[HostComputeRoute],
        "Version": 64424509444,
        "HostComputeNetwork": NETWORK,
    },
    HostComputePolicyList: {
        **REQUESTS[HostComputePolicyList],
        "Version": 64424509444,
    },
    GuestNetworkService: {
        **REQUESTS[GuestNetworkService],
        "Version": 64424509444,
        "State": 1,
        "MirroredInterfaces": [{"EndpointId": ENDPOINT, "State": "Created"}],
    },
    GuestPortReservation: {
        "ID": PORT_RESERVATION,
        "GuestNetworkService": GUEST_NETWORK_SERVICE,
        "Protocol": "TCP",
        "Access": "Exclusive",
        "StartingPort": 8443,
        "EndingPort": 8443,
        "LeaseSeconds": 30,
    },
    EndpointStatistics: {
        "BytesReceived": 0,
        "BytesSent": 0,
        "DroppedPacketsIncoming": 0,
        "DroppedPacketsOutgoing": 0,
        "EndpointId": ENDPOINT,
        "InstanceId": "2337673a-f45e-4604-8022-1b81561f806f",
        "PacketsReceived": 0,
        "PacketsSent": 0,
    },
    EndpointAddresses: {
        "EndpointId": ENDPOINT,
        "IpConfigurations": [
            {
                "IpAddress": "10.244.1.7",
                "PrefixLength": 24,
                "IpSubnetId": "ef52af38-f1e2-40ea-a896-722b790f53ba",
            }
        ],
    },
}

# One event of a stream.
EVENTS: dict[type[BaseModel], str] = {
    CallRecord: (
        "event: call\n"
        'data: {"number":7,"operation":"HcnDeleteNetwork","method":"DELETE","status":204}\n'
        "id: 7\n\n"
    ),
    HcnNotificationEvent: (
        "event: NetworkCreate\n"
        'data: {"NotificationType":2,"NotificationStatus":0,'
        f'"NotificationData":{{"ID":"{NETWORK}"}}}}\n'
        "id: 5\n\n"
    ),
}
