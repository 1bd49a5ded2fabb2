"""One example of the Output of each HNSCall, by operation. A test finds them in the answers.

Source: hns-behaviour.md section 2 and the documents in tests/samples. Many members are left out.
"""

from hnsemu.api.examples import (
    GUEST_NETWORK_SERVICE,
    HNS_ENDPOINT,
    HNS_NETWORK,
    NAMESPACE,
    POLICY_LIST,
    PORT_RESERVATION,
    REQUESTS,
)
from hnsemu.schema.v1.accelnet import HNSMacAddressList
from hnsemu.schema.v1.policylists import HNSPolicyList

_VERSION = 64424509444

_NETWORK = {
    "CurrentEndpointCount": 1,
    "Extensions": [
        {
            "Id": "E7C3B2F0-F3C5-48DF-AF2B-10FED6D72E7A",
            "IsEnabled": False,
            "Name": "Microsoft Windows Filtering Platform",
        }
    ],
    "Flags": 0,
    "ID": HNS_NETWORK.upper(),
    "MacPools": [{"EndMacAddress": "00-15-5D-A2-1F-FF", "StartMacAddress": "00-15-5D-A2-10-00"}],
    "Name": "cbr0",
    "State": 1,
    "Subnets": [{"AddressPrefix": "10.1.0.0/24", "GatewayAddress": "10.1.0.1"}],
    "TotalEndpoints": 1,
    "Type": "L2Bridge",
    "Version": _VERSION,
}
_ENDPOINT = {
    "ID": HNS_ENDPOINT.upper(),
    "Name": "a8b1c2d3_cbr0",
    "Version": _VERSION,
    "State": 1,
    "VirtualNetwork": HNS_NETWORK.upper(),
    "VirtualNetworkName": "cbr0",
    "Policies": [{"ExceptionList": ["10.1.0.0/24"], "Type": "OutBoundNAT"}],
    "MacAddress": "00-15-5D-A2-1D-5A",
    "IPAddress": "10.1.0.9",
    "PrefixLength": 24,
    "GatewayAddress": "10.1.0.1",
    "SharedContainers": list[str](),
}
_NAMESPACE = {
    "CompartmentId": 0,
    "Containers": list[str](),
    "ID": NAMESPACE.upper(),
    "IsDefault": False,
    "State": 1,
    "Version": _VERSION,
}
_POLICY_LIST = {
    "ID": POLICY_LIST.upper(),
    "IsApplied": False,
    "Policies": [{"Type": "ELB", "InternalPort": 8080, "ExternalPort": 80}],
    "References": REQUESTS[HNSPolicyList]["References"],
    "State": 2,
    "Version": _VERSION,
}
_STATISTICS = {
    "BytesReceived": 0,
    "BytesSent": 0,
    "DroppedPacketsIncoming": 0,
    "DroppedPacketsOutgoing": 0,
    "EndpointId": HNS_ENDPOINT.upper(),
    "InstanceId": "1603FE07-A181-4757-B652-2B843E8EF85B",
    "PacketsReceived": 0,
    "PacketsSent": 0,
}
_NOUNS: dict[str, dict[str, object]] = {
    "Network": _NETWORK,
    "Endpoint": _ENDPOINT,
    "Namespace": _NAMESPACE,
    "PolicyList": _POLICY_LIST,
}
_RELEASE = {"Major": 15, "Minor": 4}

# The answer to DELETE has no Output.
WITHOUT_OUTPUT = tuple(f"deleteHns{noun}" for noun in _NOUNS)

OUTPUTS: dict[str, object] = {
    **{f"listHns{noun}s": [example] for noun, example in _NOUNS.items()},
    **{f"getHns{noun}": example for noun, example in _NOUNS.items()},
    **{f"createHns{noun}": example for noun, example in _NOUNS.items()},
    "updateHnsNetwork": _NETWORK,
    "updateHnsEndpoint": _ENDPOINT,
    "getDetailedHnsEndpoint": _ENDPOINT,
    "attachHnsEndpoint": {"Success": True},
    "detachHnsEndpoint": {"Success": True},
    "getHnsEndpointStats": _STATISTICS,
    "addHnsNamespaceResource": _NAMESPACE,
    "removeHnsNamespaceResource": _NAMESPACE,
    "getHnsGlobals": {"Version": _RELEASE},
    "getHnsVersion": _RELEASE,
    "getHnsAccelnet": {"MacAddressList": list[object]()},
    "setHnsAccelnet": REQUESTS[HNSMacAddressList],
    "deleteHnsAccelnet": {"MacAddressList": list[object]()},
    "getHnsEndpointAddresses": {
        "EndpointId": HNS_ENDPOINT.upper(),
        "IpConfigurations": [{"IpAddress": "10.1.0.9", "PrefixLength": 24}],
    },
    "listHnsActivities": [
        {"Entity": "Network", "EntityId": HNS_NETWORK.upper(), "StartTime": 133500000000000000}
    ],
    "listHnsPlugins": list[object](),
    "getHnsPortPools": {
        "PortPoolAllocations": [
            {
                "ID": PORT_RESERVATION.upper(),
                "Owner": GUEST_NETWORK_SERVICE.upper(),
                "Protocol": "TCP",
                "Shared": False,
                "StartingPort": 8443,
                "EndingPort": 8443,
            }
        ]
    },
}


def envelope(operation: str) -> dict[str, object] | None:
    """Return an example of the whole answer, None for an operation that is always refused."""
    if operation in WITHOUT_OUTPUT:
        return {"Success": True}
    if operation in OUTPUTS:
        return {"Success": True, "Output": OUTPUTS[operation]}
    return None
