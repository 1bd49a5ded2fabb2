"""Each type of policy as a sentence."""

import json

import pytest

from hnsemu.domain.facts import Policy
from hnsemu.domain.policylists import PolicyList, PolicyListKind, PortMapping, SdnRoute
from hnsemu.policies.catalogue import CATALOGUE
from hnsemu.policies.model import Owner
from hnsemu.policies.words import effect, list_sentence, sentence

Json = dict[str, object]
E, N, S = Owner.ENDPOINT, Owner.NETWORK, Owner.SUBNET
BLOCK: Json = {"Action": "Block", "Direction": "In", "Protocols": "6", "LocalPorts": "80",
               "RemoteAddresses": "10.0.0.0/8", "Priority": 200}  # fmt: skip
PROXY: Json = {"IP": "10.0.0.9", "Port": "8080", "Destination": "10.1.0.0/16", "Exceptions": ["a"]}

SENTENCES: list[tuple[Owner, str, Json, str]] = [
    (E, "PortMapping", {"Protocol": 6, "InternalPort": 80, "ExternalPort": 8080},
     "Publishes TCP port 80 as port 8080 of the host"),
    (E, "PortMapping", {"Protocol": 17, "InternalPort": 53, "VIP": "10.0.0.1", "Flags": 1},
     "Publishes UDP port 53 as port of HNS's choice of 10.0.0.1, also for the host itself"),
    (E, "ACL", BLOCK, "Blocks incoming TCP to port 80 from 10.0.0.0/8, priority 200"),
    (E, "ACL", {}, "Allows everything incoming, priority 0"),
    (E, "ACL", {"Action": "Allow", "Direction": "Out", "Protocols": "6,17", "RemotePorts": "1-9,20",
                "LocalAddresses": "10.0.0.5", "RuleType": "Host"},
     ("Allows outgoing TCP, UDP to ports 1-9, 20 from 10.0.0.5 in the firewall of its compartment, "
     "priority 0")),
    (E, "ACL", {"Protocols": "253"}, "Allows incoming protocol 253, priority 0"),
    (E, "QOS", {"MaximumOutgoingBandwidthInBytes": 1_250_000},
     "Limits what it sends to 1,250,000 bytes a second (10 Mbit/s)"),
    (E, "L2Driver", {}, "Marks a remote endpoint of an l2bridge network"),
    (E, "OutBoundNAT", {"Exceptions": ["10.0.0.0/8"]},
     "Sends outgoing packets from the host's address, but not to 10.0.0.0/8"),
    (E, "OutBoundNAT", {"VirtualIP": "10.9.9.9", "Destinations": ["1.1.1.1/32"]},
     "Sends outgoing packets to 1.1.1.1/32 from 10.9.9.9"),
    (E, "SDNRoute", {"DestinationPrefix": "10.3.0.0/16", "NeedEncap": True},
     "Sends what is for 10.3.0.0/16 encapsulated"),
    (E, "SDNRoute", {"DestinationPrefix": "10.3.0.0/16", "NextHop": "10.0.0.1"},
     "Sends what is for 10.3.0.0/16 by 10.0.0.1 as it is"),
    (E, "L4Proxy", PROXY,
     "Redirects outgoing TCP to 10.1.0.0/16 to the proxy 10.0.0.9:8080, but not to a"),
    (E, "L4WFPPROXY", {"OutboundProxyPort": "15001", "InboundProxyPort": "15003", "UserSID": "S-1"},
     ("Redirects outgoing connections to port 15001 and incoming ones to port 15003 of its "
     "compartment, but not those of user S-1")),
    (E, "L4WFPPROXY", {}, "Redirects nothing of its compartment"),
    (E, "ProviderAddress", {"ProviderAddress": "10.0.0.4"}, "Is behind the host address 10.0.0.4"),
    (E, "PortName", {"Name": "eth0"}, "Calls its port eth0"),
    (E, "EncapOverhead", {"Overhead": 50}, "Leaves 50 bytes of the MTU for encapsulation"),
    (E, "InterfaceConstraint", {"InterfaceIndex": 4}, "Keeps it on interface 4"),
    (E, "InterfaceConstraint", {}, "Keeps it on any interface"),
    (E, "Encryption", {"Name": "ipsec"}, "Encrypts traffic as ipsec"),
    (E, "VLAN", {"IsolationId": 7}, "Puts its port into VLAN 7"),
    (E, "InterfaceParameters", {"Mtu": 1450}, "Sets the MTU to 1450 bytes"),
    (E, "Iov", {"IovOffloadWeight": 100}, "Offloads it to hardware by SR-IOV with weight 100"),
    (E, "Iov", {}, "Uses no SR-IOV"),
    (E, "TierAcl", {"Order": 3, "Direction": "In", "TierAclRules": [
        {"TierAclRuleAction": "Pass", "Protocols": "17", "Priority": 1},
        {"TierAclRuleAction": "Block", "Priority": 2}]},
     ("Tier of order 3: leaves to the next tier incoming UDP, priority 1; "
     "then it blocks everything incoming, priority 2")),
    (E, "TierAcl", {}, "Tier of order 0: without a rule"),
    (E, "VmNic", {"Whatever": 1}, "Describes the NIC of a virtual machine"),
    (E, "Firewall", {"VmType": "WSL"}, "Sets the firewall for a machine of type WSL"),
    (N, "SourceMacAddress", {"SourceMacAddress": "00-15-5D-00-00-01"},
     "Frames leave with the MAC 00-15-5D-00-00-01"),
    (N, "NetAdapterName", {"NetworkAdapterName": "Ethernet"},
     "Binds its switch to the adapter Ethernet"),
    (N, "InterfaceConstraint", {"InterfaceAlias": "Wi-Fi"}, "Keeps it on Wi-Fi"),
    (N, "VSwitchExtension", {"Enable": False}, "Switches off the switch extension"),
    (N, "VSwitchExtension", {"Enable": True}, "Switches on the switch extension"),
    (N, "ProviderAddress", {"ProviderAddress": "10.0.0.4"},
     "Binds its switch to the adapter with 10.0.0.4"),
    (N, "DrMacAddress", {"Address": "00-15-5D-00-00-01"},
     "Its distributed router has the MAC 00-15-5D-00-00-01"),
    (N, "AutomaticDNS", {"Enable": True}, "Switches automatic DNS on"),
    (N, "RemoteSubnetRoute", {"DestinationPrefix": "10.3.0.0/24", "IsolationId": 4096,
                              "ProviderAddress": "10.0.0.4"},
     "Sends what is for 10.3.0.0/24 through VXLAN 4096 to the host 10.0.0.4"),
    (N, "VxlanPort", {"Port": 4790}, "VXLAN uses UDP port 4790"),
    (N, "HostRoute", {}, "Lets the host reach its endpoints"),
    (N, "SetPolicy", {"Id": "eu", "PolicyType": "IPSET", "Values": "10.0.0.1, 10.0.0.2"},
     "Names the addresses 10.0.0.1, 10.0.0.2 as the set eu"),
    (N, "SetPolicy", {"Id": "all", "PolicyType": "NESTEDIPSET", "Values": "eu"},
     "Names the sets eu as the set all"),
    (N, "L4Proxy", PROXY, ("For every endpoint: redirects outgoing TCP to 10.1.0.0/16 to the proxy "
     "10.0.0.9:8080, but not to a")),
    (N, "LayerConstraint", {"LayerId": "11111111-2222-3333-4444-555555555555"},
     "Stands on the switch with the layer 11111111-2222-3333-4444-555555555555"),
    (N, "NetworkACL", BLOCK,
     "For every endpoint: blocks incoming TCP to port 80 from 10.0.0.0/8, priority 200"),
    (N, "NeighborDiscovery", {"TargetIpPrefix": "10.0.0.0/8"},
     "Answers who has 10.0.0.0/8 with its MAC"),
    (S, "VLAN", {"IsolationId": 5}, "Its ports are in VLAN 5"),
    (S, "VSID", {"IsolationId": 4097}, "Is the virtual subnet 4097, the VNI of VXLAN"),
]  # fmt: skip


@pytest.mark.parametrize(("owner", "kind", "settings", "words"), SENTENCES)
def test_a_policy_is_a_sentence(owner: Owner, kind: str, settings: Json, words: str) -> None:
    assert sentence(owner, Policy(kind, json.dumps(settings))) == words


def test_every_type_has_a_sentence() -> None:
    told = {(owner, kind) for owner, kind, *_ in SENTENCES}
    assert told == {(row.owner, row.name) for row in CATALOGUE}


@pytest.mark.parametrize(("owner", "kind", "settings"), [(E, "ACL", '{"Priority": "x"}'),
                                                         (S, "ACL", "{}")])  # fmt: skip
def test_what_cannot_be_read_is_said(owner: Owner, kind: str, settings: str) -> None:
    assert sentence(owner, Policy(kind, settings)) == "Its settings cannot be read; it does nothing"


@pytest.mark.parametrize(
    ("owner", "kind", "words"),
    [
        (E, "L2Driver", "kept and shown only: HNS adds it"),
        (E, "ACL", "No VFP rule"),
        (E, "VLAN", "shapes the endpoint itself"),
        (S, "ACL", ""),
    ],
)
def test_what_has_no_rules_acts_elsewhere(owner: Owner, kind: str, words: str) -> None:
    assert words in effect(owner, Policy(kind, "{}"))


def balancer(**members: object) -> PolicyList:
    return PolicyList(1, "id", PolicyListKind.LOAD_BALANCER, **members)  # type: ignore[arg-type]


def test_a_load_balancer_is_a_sentence() -> None:
    web = balancer(frontend_vips=("10.96.0.10",), references=("a", "b"), source_vip="10.0.0.2",
                   flags=1, port_mappings=(PortMapping(6, 8080, 80),))  # fmt: skip
    assert list_sentence(web) == (
        "Spreads what arrives at 10.96.0.10 over 2 backends: TCP port 80 to port 8080, sent on "
        "from 10.0.0.2, backends answer the client directly"
    )
    assert list_sentence(balancer(references=("a",))) == (
        "Spreads what arrives at every address of the host over 1 backend: no port"
    )


def test_routes_and_plain_lists_are_sentences() -> None:
    routes = PolicyList(1, "id", PolicyListKind.ROUTE, routes=(SdnRoute("10.0.0.0/8", "", True),))
    assert list_sentence(routes) == "Sends what is for 10.0.0.0/8 encapsulated"
    assert list_sentence(PolicyList(1, "id", PolicyListKind.ROUTE)) == "Routes nothing"
    plain = PolicyList(1, "id", PolicyListKind.OTHER, policies=("{}",))
    assert list_sentence(plain) == "Keeps 1 policy without an effect"
