"""Documents of HCN 2 with everything that HNS keeps, and what two documents differ in."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import orjson
from hypothesis import strategies as st

from hnsemu.domain.extensions import extension_ids
from hnsemu.domain.releases import RELEASES

Json = dict[str, Any]

NETWORK, ENDPOINT = "0000000a-0000-4000-8000-00000000000a", "0000000b-0000-4000-8000-00000000000b"
BACKEND = "0000000e-0000-4000-8000-00000000000e"
GUID = "0000000c-0000-4000-8000-00000000000c"
RELEASE = RELEASES["ws2025"]
V2 = {"SchemaVersion": {"Major": 2, "Minor": 16}}

_texts = st.sampled_from(["a", "ä b", "x" * 40])
_bools = st.booleans()
_ports = st.sampled_from(["80", "80,443-450"])
_macs = st.sampled_from(["00-15-5D-01-02-03", "0e:2a:0a:00:00:05"])
_prefixes = st.sampled_from(["10.96.0.0/12", "10.1.2.3/32"])
_addresses = st.sampled_from(["10.5.0.1", "10.5.0.1,10.6.0.0/16"])

_TUPLE = {
    "Protocols": st.sampled_from(["6", "6,17", "256"]),
    "LocalAddresses": _addresses,
    "RemoteAddresses": _addresses,
    "LocalPorts": _ports,
    "RemotePorts": _ports,
    "Priority": st.integers(1, 65500),
}
_ACL = _TUPLE | {
    "Id": _texts,
    "Action": st.sampled_from(["Allow", "Block"]),
    "Direction": st.sampled_from(["In", "Out"]),
    "RuleType": st.sampled_from(["Host", "Switch"]),
}
_CONSTRAINT = {
    "InterfaceGuid": st.just(GUID),
    "InterfaceIndex": st.integers(1, 90),
    "InterfaceAlias": _texts,
    "InterfaceDescription": _texts,
}
_PROXY = {
    "IP": st.just("10.5.0.9"),
    "Port": st.just("8080"),
    "Protocol": st.sampled_from([6, 17]),
    "ExceptionList": st.just(["10.5.0.1"]),
    "Destination": st.just("10.0.0.0/8"),
    "OutboundNat": _bools,
}


def _settings(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[Json]:
    """Return documents with these members."""
    others = {name: values for name, values in optional.items() if name not in required}
    return st.fixed_dictionaries(required, optional=others)


def _only(**settings: Any) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries(settings)


ENDPOINT_POLICIES: dict[str, st.SearchStrategy[Json]] = {
    "PortMapping": _settings(
        {
            "InternalPort": st.just(80),
            "ExternalPort": st.just(8080),
            "Protocol": st.sampled_from([6, 17]),
        },
        {"Flags": st.sampled_from([1, 4, 5])},
    ),
    "ACL": _settings({}, _ACL),
    "QOS": _only(MaximumOutgoingBandwidthInBytes=st.integers(1, 1 << 40)),
    "L2Driver": _only(),
    "OutBoundNAT": _settings(
        {},
        {
            "VirtualIP": st.just("10.5.0.2"),
            "Exceptions": st.lists(_prefixes, max_size=2),
            "Destinations": st.lists(_prefixes, max_size=2),
            "MaxPortPoolUsage": st.integers(1, 900),
            "Flags": st.just(1),
        },
    ),
    "SDNRoute": _settings(
        {"DestinationPrefix": _prefixes},
        {"NextHop": st.just("10.5.0.1"), "NeedEncap": _bools, "AutomaticEndpointMonitor": _bools},
    ),
    "L4Proxy": _settings({}, _PROXY),
    "L4WFPPROXY": _settings(
        {},
        {
            "InboundProxyPort": st.just("15001"),
            "OutboundProxyPort": st.just("15002"),
            "FilterTuple": _settings({}, _TUPLE),
            "UserSID": st.just("S-1-5-32-556"),
            "InboundExceptions": _only(PortExceptions=st.just(["80"])),
        },
    ),
    "ProviderAddress": _only(ProviderAddress=st.just("10.127.130.36")),
    "PortName": _only(Name=_texts),
    "EncapOverhead": _only(Overhead=st.integers(1, 90)),
    "InterfaceConstraint": _settings({"InterfaceIndex": st.just(7)}, _CONSTRAINT),
    "VLAN": _only(IsolationId=st.integers(0, 4094)),
    "InterfaceParameters": _only(Mtu=st.integers(1280, 9000)),
    "Iov": _settings({}, {"IovOffloadWeight": st.just(100), "QueuePairsRequested": st.just(2)}),
    "TierAcl": _settings(
        {},
        {
            "Name": _texts,
            "Direction": st.sampled_from(["In", "Out"]),
            "Order": st.integers(0, 9),
            "TierAclRules": st.lists(
                _settings({"TierAclRuleAction": st.just("Pass")}, _TUPLE), max_size=2
            ),
        },
    ),
    "VmNic": _settings({}, {"Anything": _texts}),
    "Firewall": _settings({}, {"VMType": st.just("WSL"), "FirewallPolicyFlags": st.just(1)}),
}
"""Settings by type of policy; every type that HNS takes but Encryption, which it refuses."""

NETWORK_POLICIES: dict[str, st.SearchStrategy[Json]] = {
    "SourceMacAddress": _only(SourceMacAddress=_macs),
    "NetAdapterName": _only(NetworkAdapterName=st.sampled_from(["Ethernet", "ethernet 2"])),
    "InterfaceConstraint": _settings({"InterfaceAlias": _texts}, _CONSTRAINT),
    "VSwitchExtension": _settings(
        {"ExtensionID": st.sampled_from(extension_ids(RELEASE))}, {"Enable": _bools}
    ),
    "DrMacAddress": _only(Address=_macs),
    "AutomaticDNS": _only(Enable=_bools),
    "RemoteSubnetRoute": _only(
        DestinationPrefix=st.just("10.9.0.0/24"),
        IsolationId=st.just(4096),
        ProviderAddress=st.just("10.127.130.99"),
        DistributedRouterMacAddress=_macs,
    ),
    "VxlanPort": _only(Port=st.integers(1, 65535)),
    "HostRoute": _only(),
    "SetPolicy": _only(
        Id=_texts, Name=_texts, PolicyType=st.just("IPSET"), Values=st.just("10.5.0.3,10.5.0.4")
    ),
    "L4Proxy": _settings({"Port": st.just("8080")}, _PROXY),
    "NetworkACL": _settings({}, _ACL),
    "NeighborDiscovery": _settings({}, {"TargetIpPrefix": _prefixes, "SenderMacAddress": _macs}),
}
"""The same for networks, but ProviderAddress and LayerConstraint, which name what is there."""


def _policies(kinds: dict[str, st.SearchStrategy[Json]]) -> st.SearchStrategy[list[Json]]:
    """Return some policies, one of a type at the most."""
    chosen = st.fixed_dictionaries({}, optional=kinds)
    return chosen.map(lambda of: [{"Type": kind, "Settings": of[kind]} for kind in of])


_dns = st.fixed_dictionaries(
    {},
    optional={
        "Domain": _texts,
        "Search": st.just(["a.example", "b.example"]),
        "ServerList": st.just(["10.0.0.10", "10.0.0.11"]),
        "Options": st.just(["ndots:5"]),
    },
)
_routes = st.lists(
    st.fixed_dictionaries(
        {"NextHop": st.just("10.5.0.1"), "DestinationPrefix": st.just("10.77.0.0/16")},
        optional={"Metric": st.integers(1, 90)},
    ),
    max_size=1,
)
_base = {"Name": _texts, "Owner": _texts, "AdditionalParams": st.just({"any": [1]})}
_DEFAULT = {"NextHop": "10.5.0.1", "DestinationPrefix": "0.0.0.0/0"}


def _subnet(routes: list[Json], flags: int, pool: int) -> Json:
    return {
        "ID": "0000000d-0000-4000-8000-00000000000d",
        "IpAddressPrefix": "10.5.0.0/16",
        "Routes": [_DEFAULT, *routes],
        "Flags": flags,
        "Policies": [{"Type": "VSID", "Settings": {"IsolationId": 5000}}],
        "IpSubnets": [{"ID": GUID, "IpAddressPrefix": "10.5.0.0/24", "Flags": pool}],
    }


networks = _settings(
    {
        "ID": st.just(NETWORK),
        "Type": st.just("Overlay"),
        "Ipams": st.builds(
            lambda subnet, kind: [{"Type": kind, "Subnets": [subnet]}],
            st.builds(_subnet, _routes, st.integers(0, 1), st.integers(0, 3)),
            st.sampled_from(["Static", "Dhcp"]),
        ),
    },
    _base
    | {
        "Policies": _policies(NETWORK_POLICIES),
        "Dns": _dns,
        "Flags": st.sampled_from([4, 8, 16, 8 | 32, 512 | 2048 | 4096]),
        "MacPool": st.just(
            {
                "Ranges": [
                    {"StartMacAddress": "00-15-5D-70-00-00", "EndMacAddress": "00-15-5D-70-0F-FF"}
                ]
            }
        ),
    },
)
endpoints = _settings(
    {
        "ID": st.just(ENDPOINT),
        "HostComputeNetwork": st.just(NETWORK),
        "IpConfigurations": st.lists(
            st.sampled_from(
                [
                    {"IpAddress": "10.5.0.7", "PrefixLength": 24, "IpSubnetId": GUID},
                    {"IpAddress": "10.5.0.8", "PrefixLength": 24, "IpSubnetId": GUID},
                ]
            ),
            min_size=1,
            max_size=2,
            unique_by=lambda configuration: configuration["IpAddress"],
        ),
        "MacAddress": _macs,
    },
    _base
    | {
        "Policies": _policies(ENDPOINT_POLICIES),
        "Dns": _dns,
        "Routes": _routes,
        "Flags": st.sampled_from([2, 4, 8, 16, 2 | 32]),
    },
)
namespaces = _settings(
    {"ID": st.just(GUID)},
    _base | {"Type": st.sampled_from(["Host", "HostDefault", "Guest", "GuestDefault"])},
)
load_balancers = _settings(
    {
        "ID": st.just(GUID),
        "HostComputeEndpoints": st.just([BACKEND]),
        "PortMappings": st.lists(
            _settings(
                {"InternalPort": st.just(80), "ExternalPort": st.integers(80, 90)},
                {
                    "Protocol": st.just(6),
                    "DistributionType": st.sampled_from([1, 2]),
                    "Flags": st.sampled_from([1, 2, 4, 8, 16, 31]),
                },
            ),
            min_size=1,
            max_size=2,
            unique_by=lambda mapping: mapping["ExternalPort"],
        ),
    },
    _base
    | {
        "SourceVIP": st.just("10.5.0.2"),
        "FrontendVIPs": st.sampled_from([["10.96.0.1"], ["fd00::1"], ["10.96.0.1", "10.96.0.2"]]),
        "Flags": st.integers(0, 3),
    },
)
sdn_routes = _settings(
    {
        "ID": st.just(GUID),
        "HostComputeEndpoints": st.just([BACKEND]),
        "Routes": st.lists(ENDPOINT_POLICIES["SDNRoute"], min_size=1, max_size=2),
    },
    _base,
)


def differences(before: object, after: object) -> set[str]:
    """Return the paths at which two documents differ, as `Policies[ACL].Priority` or `Flags.4`.

    Members of a list have its path, policies with their type; bits of Flags stand one by one.
    Health, which HNS writes, is left out wherever it stands.
    """
    left, right = Counter(_leaves(before, "")), Counter(_leaves(after, ""))
    return {path.lstrip(".") for path, _ in (left - right) + (right - left)}


def _leaves(value: object, path: str) -> Iterator[tuple[str, bytes]]:
    if isinstance(value, dict):
        for name, member in value.items():
            if name != "Health":
                yield from _leaves(member, f"{path}.{name}")
        if not value:
            yield path, b"{}"
    elif isinstance(value, list):
        for item in value:
            is_policy = path.endswith("Policies") and isinstance(item, dict)
            kind = item.get("Type") if is_policy else None
            yield from _leaves(item, f"{path}[{kind}]" if isinstance(kind, str) else path)
    elif path.endswith(".Flags") and isinstance(value, int):
        yield from ((f"{path}.{1 << bit}", b"") for bit in range(32) if value >> bit & 1)
    else:
        yield path, orjson.dumps(value)
