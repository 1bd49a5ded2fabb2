"""The enumerations of the HCN schema.

A name is accepted in any case and as its number (its place in the schema's order where no other
number is known); bit masks also as lists and comma-joined names, and their unknown bits are kept.
Source: the published schema for names and order; hns-behaviour.md section 2.8 for numbers.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum, IntFlag, StrEnum
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

from hnsemu.domain.shown import shown
from hnsemu.errors import Hr
from hnsemu.schema.base import refused


class ActionType(StrEnum):
    """What an ACL does with a packet."""

    Allow = "Allow"
    Block = "Block"
    Pass = "Pass"  # noqa: S105 (an action)


class AuthenticationType(StrEnum):
    """How the two ends of an encrypted connection authenticate."""

    PresharedKey = "PresharedKey"
    Certificate = "Certificate"


class DirectionType(StrEnum):
    """Direction of a packet, seen from the endpoint."""

    In = "In"
    Out = "Out"


class EncryptionMethod(StrEnum):
    """Method of encryption."""

    Ipsec = "Ipsec"


class EndpointFlags(IntFlag):
    """EndpointFlags of the schema."""

    NONE = 0
    RemoteEndpoint = 1
    DisableInterComputeCommunication = 2
    EnableMirroring = 4
    EnableLowInterfaceMetric = 8
    OverrideDNSServerOrder = 16
    EnableDhcp = 32


class EndpointPolicyType(StrEnum):
    """Type of a policy of an endpoint."""

    PortMapping = "PortMapping"
    ACL = "ACL"
    QOS = "QOS"
    L2Driver = "L2Driver"
    OutBoundNAT = "OutBoundNAT"
    SDNRoute = "SDNRoute"
    L4Proxy = "L4Proxy"
    L4WFPPROXY = "L4WFPPROXY"
    ProviderAddress = "ProviderAddress"
    PortName = "PortName"
    EncapOverhead = "EncapOverhead"
    InterfaceConstraint = "InterfaceConstraint"
    Encryption = "Encryption"
    VLAN = "VLAN"
    InterfaceParameters = "InterfaceParameters"
    Iov = "Iov"
    TierAcl = "TierAcl"
    # Newer than the published schema.
    VmNic = "VmNic"
    Firewall = "Firewall"


class EndpointResourceType(StrEnum):
    """Part of an endpoint that a request changes."""

    Port = "Port"
    Policy = "Policy"


class EntityFlags(IntFlag):
    """EntityFlags of the schema."""

    NONE = 0
    EnableNonPersistent = 1024


class FirewallPolicyFlags(IntFlag):
    """FirewallPolicyFlags of the schema."""

    NONE = 0
    ConstrainedInterface = 1


class FirewallVMType(StrEnum):
    """Kind of virtual machine for the firewall."""

    Invalid = "Invalid"
    Host = "Host"
    WSA = "WSA"
    WSL = "WSL"


class GuestEndpointResourceType(StrEnum):
    """GuestEndpointResourceType of the schema."""

    Interface = "Interface"
    Route = "Route"
    IPAddress = "IPAddress"
    DNS = "DNS"
    RegistryKey = "RegistryKey"
    Encryption = "Encryption"
    MacAddress = "MacAddress"
    L4Proxy = "L4Proxy"
    L4WFPPROXY = "L4WFPPROXY"
    Xlat = "Xlat"
    Neighbor = "Neighbor"


class GuestNamespaceResourceType(StrEnum):
    """GuestNamespaceResourceType of the schema."""

    Container = "Container"
    Endpoint = "Endpoint"


class GuestNetworkServiceFlags(IntFlag):
    """GuestNetworkServiceFlags of the schema."""

    NONE = 0
    IsFlowsteered = 1
    IsFlowsteeredSelfManaged = 2


class GuestNetworkServiceInterfaceState(StrEnum):
    """State of an interface of a guest network service."""

    Created = "Created"
    Bootstrapping = "Bootstrapping"
    Synchronized = "Synchronized"
    Desynchronized = "Desynchronized"
    Paused = "Paused"


class GuestNetworkServiceNotificationType(IntFlag):
    """GuestNetworkServiceNotificationType of the schema."""

    NONE = 0
    DNSCacheParam = 1
    DHCPParam = 2
    InterfaceParam = 4
    AddressParam = 8
    Route = 16
    DNSParam = 32
    XlatParam = 64
    Neighbor = 128


class GuestNetworkServiceResourceType(StrEnum):
    """Part of a guest network service that a request changes."""

    State = "State"


class GuestNetworkServiceState(StrEnum):
    """GuestNetworkServiceState of the schema."""

    NONE = "None"
    Created = "Created"
    Bootstrapping = "Bootstrapping"
    Synchronized = "Synchronized"
    Paused = "Paused"
    Desynchronized = "Desynchronized"
    Rehydrating = "Rehydrating"
    Degraded = "Degraded"
    Destroyed = "Destroyed"


class GuestResourceType(StrEnum):
    """GuestResourceType of the schema."""

    Endpoint = "Endpoint"
    Namespace = "Namespace"
    Service = "Service"
    Firewall = "Firewall"


class HostComputeQueryFlags(IntFlag):
    """HostComputeQueryFlags of the schema."""

    NONE = 0
    Detailed = 1


class HostResourceType(StrEnum):
    """HostResourceType of the schema."""

    Network = "Network"
    Endpoint = "Endpoint"
    Container = "Container"
    Namespace = "Namespace"
    PolicyList = "PolicyList"


class IovInterruptModerationType(StrEnum):
    """Moderation of interrupts with SR-IOV."""

    IovInterruptModerationDefault = "IovInterruptModerationDefault"
    IovInterruptModerationAdaptive = "IovInterruptModerationAdaptive"
    IovInterruptModerationOff = "IovInterruptModerationOff"
    IovInterruptModerationLow = "IovInterruptModerationLow"
    IovInterruptModerationMedium = "IovInterruptModerationMedium"
    IovInterruptModerationHigh = "IovInterruptModerationHigh"


class IpamType(StrEnum):
    """How a network assigns addresses."""

    Static = "Static"
    Dhcp = "Dhcp"


class IPSubnetFlags(IntFlag):
    """IPSubnetFlags of the schema."""

    NONE = 0
    EnableBroadcast = 1
    ReserveNetworkAddress = 2


class LoadBalancerDistribution(StrEnum):
    """Which packets a load balancer sends to the same backend."""

    NONE = "None"
    SourceIPProtocol = "SourceIPProtocol"
    SourceIP = "SourceIP"


class LoadBalancerFlags(IntFlag):
    """LoadBalancerFlags of the schema."""

    NONE = 0
    EnableDirectServerReturn = 1
    IPv6 = 2


class LoadBalancerPortMappingFlags(IntFlag):
    """LoadBalancerPortMappingFlags of the schema."""

    NONE = 0
    EnableInternalLoadBalancer = 1
    LocalRoutedVip = 2
    NotUsed = 4
    EnablePreserveDip = 8


class ModifyRequestType(StrEnum):
    """Kind of change."""

    Add = "Add"
    Remove = "Remove"
    Update = "Update"
    Refresh = "Refresh"
    Reset = "Reset"


class NamespaceResourceType(StrEnum):
    """Kind of resource in a namespace."""

    Container = "Container"
    Endpoint = "Endpoint"


class NamespaceType(StrEnum):
    """Type of a namespace."""

    Host = "Host"
    HostDefault = "HostDefault"
    Guest = "Guest"
    GuestDefault = "GuestDefault"


class NatFlags(IntFlag):
    """NatFlags of the schema."""

    NONE = 0
    LocalRoutedVip = 1
    IPv6 = 2
    # Newer than the published schema.
    ExternalPortReserved = 4


class NetworkFlags(IntFlag):
    """NetworkFlags of the schema."""

    NONE = 0
    EnableDnsProxy = 1
    EnableDhcpServer = 2
    EnableMirroring = 4
    EnableNonPersistent = 8
    EnablePersistent = 16
    IsolateVSwitch = 32
    EnableFlowSteering = 64
    DisableSharing = 128
    EnableFirewall = 256
    # Newer than the published schema.
    SuppressMediaDisconnect = 512
    DisableHostPort = 1024
    WeakHostReceiveAdapter = 2048
    WeakHostSendAdapter = 4096
    EnableIov = 8192


class NetworkMode(StrEnum):
    """Type of a network."""

    NAT = "NAT"
    ICS = "ICS"
    Transparent = "Transparent"
    L2Bridge = "L2Bridge"
    L2Tunnel = "L2Tunnel"
    Overlay = "Overlay"
    Private = "Private"
    Internal = "Internal"
    Mirrored = "Mirrored"
    Infiniband = "Infiniband"
    ConstrainedICS = "ConstrainedICS"


class NetworkPolicyType(StrEnum):
    """Type of a policy of a network."""

    SourceMacAddress = "SourceMacAddress"
    NetAdapterName = "NetAdapterName"
    InterfaceConstraint = "InterfaceConstraint"
    VSwitchExtension = "VSwitchExtension"
    ProviderAddress = "ProviderAddress"
    DrMacAddress = "DrMacAddress"
    AutomaticDNS = "AutomaticDNS"
    RemoteSubnetRoute = "RemoteSubnetRoute"
    VxlanPort = "VxlanPort"
    HostRoute = "HostRoute"
    SetPolicy = "SetPolicy"
    L4Proxy = "L4Proxy"
    LayerConstraint = "LayerConstraint"
    NetworkACL = "NetworkACL"
    # Known to hcsshim, not to the published schema.
    NeighborDiscovery = "NeighborDiscovery"


class NetworkResourceType(StrEnum):
    """Part of a network that a request changes."""

    DNS = "DNS"
    Extension = "Extension"
    Policy = "Policy"
    Subnet = "Subnet"
    IPSubnet = "IPSubnet"


class ProtocolType(IntEnum):
    """ProtocolType of the schema; any IANA number may stand for it."""

    Unknown = 0
    ICMPv4 = 1
    IGMP = 2
    TCP = 6
    UDP = 17
    ICMPv6 = 58


class ProxyType(StrEnum):
    """ProxyType of the schema."""

    VFP = "VFP"
    WFP = "WFP"


class RpcEndpointType(StrEnum):
    """Transport of an RPC connection."""

    HvSocket = "HvSocket"
    LRpc = "LRpc"


class RuleType(StrEnum):
    """Where an ACL applies: on the host or on the switch."""

    Host = "Host"
    Switch = "Switch"


class SetPolicyTypes(StrEnum):
    """Kind of IP set."""

    IPSET = "IPSET"
    NESTEDIPSET = "NESTEDIPSET"


class SubnetFlags(IntFlag):
    """SubnetFlags of the schema."""

    NONE = 0
    DoNotReserveGatewayAddress = 1


class SubnetPolicyType(StrEnum):
    """Type of a policy of a subnet."""

    VLAN = "VLAN"
    VSID = "VSID"


# Members that came after schema 2.0.
SINCE: Mapping[str, Mapping[str, str]] = {
    "ActionType": {"Pass": "2.10"},
    "AuthenticationType": {"PresharedKey": "2.1", "Certificate": "2.1"},
    "EncryptionMethod": {"Ipsec": "2.1"},
    "EndpointPolicyType": {
        "L4WFPPROXY": "2.5",
        "Encryption": "2.1",
        "VLAN": "2.4",
        "InterfaceParameters": "2.4",
        "Iov": "2.9",
        "TierAcl": "2.10",
    },
    "FirewallPolicyFlags": {"None": "2.16", "ConstrainedInterface": "2.16"},
    "FirewallVMType": {"Invalid": "2.16", "Host": "2.16", "WSA": "2.16", "WSL": "2.16"},
    "GuestEndpointResourceType": {
        "Encryption": "2.1",
        "MacAddress": "2.5",
        "L4Proxy": "2.5",
        "L4WFPPROXY": "2.5",
        "Xlat": "2.5",
        "Neighbor": "2.5",
    },
    "GuestNetworkServiceFlags": {
        "None": "2.12",
        "IsFlowsteered": "2.12",
        "IsFlowsteeredSelfManaged": "2.14",
    },
    "GuestNetworkServiceInterfaceState": {
        "Created": "2.2",
        "Bootstrapping": "2.2",
        "Synchronized": "2.2",
        "Desynchronized": "2.2",
        "Paused": "2.2",
    },
    "GuestNetworkServiceNotificationType": {
        "None": "2.7",
        "DNSCacheParam": "2.7",
        "DHCPParam": "2.7",
        "InterfaceParam": "2.7",
        "AddressParam": "2.7",
        "Route": "2.7",
        "DNSParam": "2.7",
        "XlatParam": "2.7",
        "Neighbor": "2.7",
    },
    "GuestNetworkServiceState": {"Desynchronized": "2.5", "Rehydrating": "2.5"},
    "IovInterruptModerationType": {
        "IovInterruptModerationDefault": "2.9",
        "IovInterruptModerationAdaptive": "2.9",
        "IovInterruptModerationOff": "2.9",
        "IovInterruptModerationLow": "2.9",
        "IovInterruptModerationMedium": "2.9",
        "IovInterruptModerationHigh": "2.9",
    },
    "IPSubnetFlags": {"None": "2.5", "EnableBroadcast": "2.5", "ReserveNetworkAddress": "2.5"},
    "LoadBalancerDistribution": {"None": "2.7", "SourceIPProtocol": "2.7", "SourceIP": "2.7"},
    "LoadBalancerFlags": {"IPv6": "2.8"},
    "NatFlags": {"IPv6": "2.8"},
    "NetworkFlags": {
        "EnableFlowSteering": "2.11",
        "DisableSharing": "2.14",
        "EnableFirewall": "2.14",
    },
    "NetworkMode": {"Mirrored": "2.4", "Infiniband": "2.4", "ConstrainedICS": "2.10"},
    "NetworkResourceType": {"Subnet": "2.6", "IPSubnet": "2.6"},
    "ProxyType": {"VFP": "2.5", "WFP": "2.5"},
    "RpcEndpointType": {"HvSocket": "2.13", "LRpc": "2.13"},
    "SubnetFlags": {"None": "2.7", "DoNotReserveGatewayAddress": "2.7"},
}

# Numbers that are not the place in the schema's order.
_NUMBERS: Mapping[str, Mapping[int, str]] = {
    "IovInterruptModerationType": {
        0: "IovInterruptModerationDefault",
        1: "IovInterruptModerationAdaptive",
        2: "IovInterruptModerationOff",
        100: "IovInterruptModerationLow",
        200: "IovInterruptModerationMedium",
        300: "IovInterruptModerationHigh",
    }
}


def _said(value: object) -> str:
    """Return a wrong value as JSON says it; a text with Python's quotes, as elsewhere."""
    return repr(value) if isinstance(value, str) else shown(value)


def accepts(enum: type[StrEnum], hr: Hr | None = None) -> BeforeValidator:
    """Return the validator of a field of `enum`, which accepts a name in any case or a number.

    hr: the HRESULT for an unknown value; None for that of the document.
    """
    by_name = {member.value.lower(): member for member in enum}
    numbers = _NUMBERS.get(enum.__name__, dict(enumerate(member.value for member in enum)))
    by_number = {str(number): by_name[name.lower()] for number, name in numbers.items()}

    def accept(value: object) -> object:
        if value is None or isinstance(value, bool):
            return value
        text = str(value).strip().lower()
        found = by_name.get(text) or by_number.get(text)
        if found is not None:
            return found
        what = f"{_said(value)} is not one of {', '.join(member.value for member in enum)}"
        raise refused(hr, what) if hr else ValueError(what)

    return BeforeValidator(accept)


def open_enumeration(values: Iterable[str], description: str = "") -> dict[str, object]:
    """Return the schema of texts with known values: open, as a later Windows has more.

    Generated clients of a closed enumeration fail at the first value they do not know.
    """
    known = list(values)
    sentence = f"{description} Known: {', '.join(known)}."
    return {"description": sentence.strip(), "x-extensible-enum": known}


def named_integer(name: str, description: str) -> dict[str, Any]:
    """Return the schema of a number with a meaning of its own, which clients know by a name."""
    return {"title": name, "type": "integer", "format": "int64", "description": description}


class Bits:
    """Metadata of a field that is a bit mask: a number, names or a list of both; kept as int."""

    def __init__(self, mask: type[IntFlag]) -> None:
        """Read the names and values of `mask`."""
        self._name = mask.__name__
        self._by_name = {name.lower(): member.value for name, member in mask.__members__.items()}
        self._meaning = ", ".join(f"{member.value} {member.name}" for member in mask)

    def __get_pydantic_core_schema__(
        self, _source: object, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read any of the spellings as an unsigned 32-bit number."""
        number = core_schema.int_schema(ge=0, le=0xFFFFFFFF)
        return core_schema.no_info_before_validator_function(self._accept, number)

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Publish a number with the meaning of its bits."""
        return named_integer(self._name, f"Bits: {self._meaning}.")

    def _accept(self, value: object) -> object:
        if isinstance(value, list):
            total = 0
            for item in value:
                bits = self._accept(item)
                if not isinstance(bits, int):
                    raise ValueError(f"{_said(item)} is not a flag")  # noqa: TRY004 (pydantic wants it)
                total |= bits
            return total
        if isinstance(value, str) and not value.strip().isdigit():
            parts = [part.strip().lower() for part in value.replace("|", ",").split(",")]
            unknown = [part for part in parts if part and part not in self._by_name]
            if unknown:
                raise ValueError(f"{unknown[0]!r} is not one of the flags {self._meaning}")
            return self._accept([self._by_name[part] for part in parts if part])
        return value


_PROTOCOLS = {
    "unknown": 0,
    "any": 256,
    "icmp": 1,
    "sctp": 132,
    **{member.name.lower(): member.value for member in ProtocolType if member.name},
}


def _protocol(value: object) -> object:
    if isinstance(value, str) and not value.strip().isdigit():
        number = _PROTOCOLS.get(value.strip().lower()) if value.strip() else 0
        if number is None:
            raise ValueError(f"{value!r} is not a protocol; write an IANA number, or TCP, UDP, …")
        return number
    return value


Protocol = Annotated[
    int,
    BeforeValidator(_protocol),
    Field(ge=0, le=256),
    WithJsonSchema(
        named_integer(
            "ProtocolType", "IANA protocol number: 6 TCP, 17 UDP, 1 ICMPv4, 58 ICMPv6; 256 any."
        )
    ),
]
"""A protocol by number or name; 256 is "any" in ACLs."""
