"""What ACLs, tiers and sets do to packets. Source: dataplane.md section 6, docs/dataplane.md."""

import pytest

from hnsemu.domain.networks import Network
from hnsemu.domain.tracing.model import Reason, Trace, Verdict
from hnsemu.services.hosts.firewall import show_firewall
from hnsemu.storage.database import Database
from tests.scenarios.lab import Json, Lab, acl, policy


@pytest.fixture
def lab(database: Database) -> Lab:
    return Lab(database, "ws2025")


@pytest.fixture
def bridge(lab: Lab) -> Network:
    return lab.network("node-1", "L2Bridge", "10.244.1.0/24", "10.244.1.1")


def towards(lab: Lab, bridge: Network, *policies: Json, port: int = 80, **more: object) -> Trace:
    """Return the walk of a packet to a pod with these policies."""
    lab.pod("node-1", bridge, "client", "10.244.1.5")
    lab.pod("node-1", bridge, "web", "10.244.1.6", *policies)
    return lab.trace("node-1", "client", "10.244.1.6", port, **more)


@pytest.mark.parametrize("release", ["ws2019", "ws2022", "ws2025"])
def test_without_acls_everything_passes(release: str, database: Database) -> None:
    lab = Lab(database, release)
    made = lab.network("node-1", "L2Bridge", "10.244.1.0/24", "10.244.1.1")
    walk = towards(lab, made)
    assert walk.verdict is Verdict.DELIVERED
    (rule,) = [step for step in walk.steps if step.direction == "IN" and step.rule]
    assert rule.priority == 65500


@pytest.mark.parametrize("release", ["ws2019", "ws2022", "ws2025"])
def test_one_block_closes_everything_that_no_rule_allows(release: str, database: Database) -> None:
    lab = Lab(database, release)
    made = lab.network("node-1", "L2Bridge", "10.244.1.0/24", "10.244.1.1")
    walk = towards(lab, made, acl("Block", "In", 500, Protocols="6", LocalPorts="22"))
    assert (walk.verdict, walk.reason) == (Verdict.BLOCKED, Reason.BLOCKED_BY_DEFAULT)


def test_an_allow_with_a_higher_number_opens_it_again(lab: Lab, bridge: Network) -> None:
    block = acl("Block", "In", 500, Protocols="6", LocalPorts="22")
    assert towards(lab, bridge, block, acl("Allow", "In", 1000)).verdict is Verdict.DELIVERED


def test_acls_of_one_direction_leave_the_other_open(lab: Lab, bridge: Network) -> None:
    lab.pod("node-1", bridge, "web", "10.244.1.6")
    lab.pod("node-1", bridge, "client", "10.244.1.5", acl("Block", "In", 1))
    walk = lab.trace("node-1", "client", "10.244.1.6", 80)
    assert walk.reply is not None
    assert walk.reply.verdict is Verdict.DELIVERED  # its flow is known


def test_the_lower_number_wins(lab: Lab, bridge: Network) -> None:
    later = acl("Allow", "In", 101)
    assert towards(lab, bridge, later, acl("Block", "In", 100)).reason is Reason.BLOCKED_BY_RULE


def test_at_equal_numbers_block_wins(lab: Lab, bridge: Network) -> None:
    allow = acl("Allow", "In", 100)
    assert towards(lab, bridge, allow, acl("Block", "In", 100)).reason is Reason.BLOCKED_BY_RULE


@pytest.mark.parametrize(
    ("match", "meets"),
    [
        ({}, True),
        ({"Protocols": "256"}, True),
        ({"Protocols": "6"}, True),
        ({"Protocols": "17,6"}, True),
        ({"Protocols": "17"}, False),
        ({"LocalPorts": "80"}, True),
        ({"LocalPorts": "70-90"}, True),
        ({"LocalPorts": "22,80-81"}, True),
        ({"LocalPorts": "81"}, False),
        ({"RemotePorts": "80"}, False),
        ({"RemotePorts": "40000"}, True),
        ({"RemoteAddresses": "10.244.1.5"}, True),
        ({"RemoteAddresses": "10.0.0.0/8,192.168.0.0/16"}, True),
        ({"RemoteAddresses": "10.244.1.6"}, False),
        ({"LocalAddresses": "10.244.1.6/32"}, True),
        ({"LocalAddresses": "10.244.1.5/32"}, False),
        ({"RemoteAddresses": "fd00::/8"}, False),
    ],
)
def test_what_an_inbound_acl_meets(match: Json, *, meets: bool, lab: Lab, bridge: Network) -> None:
    walk = towards(lab, bridge, acl("Block", "In", 100, **match), acl("Allow", "In", 200))
    assert (walk.verdict is Verdict.BLOCKED) == meets


def test_ports_are_of_tcp_and_udp(lab: Lab, bridge: Network) -> None:
    block = acl("Block", "In", 100, LocalPorts="0-65535")
    walk = towards(lab, bridge, block, acl("Allow", "In", 200), port=0, Protocol="ICMP")
    assert walk.verdict is Verdict.DELIVERED


def test_an_acl_names_ip_sets_with_the_source_under_local(lab: Lab, bridge: Network) -> None:
    for name, values in (("clients", "10.244.1.5,10.244.9.0/24"), ("webs", "10.244.1.6")):
        settings = {"Id": name, "Name": name, "PolicyType": "IPSET", "Values": values}
        lab.add_policies("node-1", bridge, policy("SetPolicy", **settings))
    named = acl("Block", "In", 100, LocalAddresses="clients", RemoteAddresses="webs")
    assert towards(lab, bridge, named, acl("Allow", "In", 200)).reason is Reason.BLOCKED_BY_RULE


def test_several_sets_must_all_have_the_address(lab: Lab, bridge: Network) -> None:
    for name, values in (("a", "10.244.1.5"), ("b", "10.244.1.7")):
        settings = {"Id": name, "Name": name, "PolicyType": "IPSET", "Values": values}
        lab.add_policies("node-1", bridge, policy("SetPolicy", **settings))
    nested = {"Id": "n", "Name": "n", "PolicyType": "NESTEDIPSET", "Values": "a,b"}
    lab.add_policies("node-1", bridge, policy("SetPolicy", **nested))
    both = acl("Block", "In", 100, LocalAddresses="a,b")
    either = acl("Block", "In", 300, LocalAddresses="n")
    rest = acl("Allow", "In", 200, LocalPorts="81")
    lab.pod("node-1", bridge, "client", "10.244.1.5")
    lab.pod("node-1", bridge, "web", "10.244.1.6", both, rest, either)
    assert lab.trace("node-1", "client", "10.244.1.6", 81).verdict is Verdict.DELIVERED
    assert lab.trace("node-1", "client", "10.244.1.6", 80).reason is Reason.BLOCKED_BY_RULE


def tier(order: int, *rules: tuple[int, str, str], direction: str = "In") -> Json:
    """Return a TierAcl. rules: priority, action, local ports."""
    return policy(
        "TierAcl",
        Name=f"tier {order}",
        Direction=direction,
        Order=order,
        TierAclRules=[
            {"Id": f"{order}-{number}", "Protocols": "6", "LocalPorts": ports,
             "Priority": number, "TierAclRuleAction": action}
            for number, action, ports in rules
        ],
    )  # fmt: skip


def test_a_tier_decides_or_passes_on(lab: Lab, bridge: Network) -> None:
    first = tier(1001, (10, "Pass", "80"), (20, "Allow", "81"), (30, "Block", "82"))
    second = tier(1002, (10, "Block", "80"), (20, "Block", "81"))
    lab.pod("node-1", bridge, "client", "10.244.1.5")
    lab.pod("node-1", bridge, "web", "10.244.1.6", second, first, acl("Allow", "In", 100))
    found = {port: lab.trace("node-1", "client", "10.244.1.6", port) for port in (80, 81, 82, 83)}
    assert [walk.verdict for walk in found.values()] == [
        Verdict.BLOCKED,  # passed on by the first tier, blocked by the second
        Verdict.DELIVERED,
        Verdict.BLOCKED,
        Verdict.DELIVERED,  # no tier is about it: the ACL decides
    ]
    assert [step.result.value for step in found[80].steps if step.direction == "IN"] == [
        "pass",
        "block",
    ]


def test_a_network_acl_is_everybodys_and_yields_to_the_endpoints_own(
    lab: Lab, bridge: Network
) -> None:
    shared = {"Action": "Block", "Direction": "In", "Priority": 100, "RuleType": "Switch"}
    lab.add_policies("node-1", bridge, policy("NetworkACL", **shared))
    assert towards(lab, bridge).reason is Reason.BLOCKED_BY_RULE
    lab.pod("node-1", bridge, "open", "10.244.1.7", acl("Allow", "In", 100))
    assert lab.trace("node-1", "client", "10.244.1.7", 80).verdict is Verdict.DELIVERED


@pytest.mark.parametrize(
    ("release", "port", "reason"),
    [
        ("ws2016", 80, Reason.DELIVERED_TO_ENDPOINT),
        ("ws2016", 81, Reason.BLOCKED_BY_DEFAULT),
        ("ws1803", 81, Reason.DELIVERED_TO_ENDPOINT),
        ("ws2025", 81, Reason.DELIVERED_TO_ENDPOINT),
    ],
)
def test_before_1709_only_published_ports_let_anything_in(
    release: str, port: int, reason: Reason, database: Database
) -> None:
    lab = Lab(database, release)
    prefix = "172.16.16" if release == "ws2016" else "172.30.0"
    made = lab.network("node-1", "NAT", f"{prefix}.0/20", f"{prefix}.1")
    lab.pod("node-1", made, "client", f"{prefix}.5")
    mapping = policy("PortMapping", Protocol=6, InternalPort=80, ExternalPort=8080)
    lab.pod("node-1", made, "web", f"{prefix}.6", mapping)
    assert lab.trace("node-1", "client", f"{prefix}.6", port).reason is reason


def test_other_protocols_do_not_come_in_by_default(lab: Lab, bridge: Network) -> None:
    walk = towards(lab, bridge, port=0, Protocol=47)
    assert (walk.reason, walk.steps[-1].stage) == (Reason.BLOCKED_BY_DEFAULT, "WFP")


def test_a_wfp_proxy_takes_connections_but_its_own(lab: Lab, bridge: Network) -> None:
    proxy = policy(
        "L4WFPPROXY",
        OutboundProxyPort="15001",
        UserSID="S-1-5-32-556",
        FilterTuple={"Protocols": "6", "RemotePorts": "80"},
        OutboundExceptions={"IpAddressExceptions": ["10.244.1.9"]},
    )
    lab.pod("node-1", bridge, "client", "10.244.1.5", proxy)
    lab.pod("node-1", bridge, "web", "10.244.1.6")
    assert lab.trace("node-1", "client", "10.244.1.6", 80).reason is Reason.DELIVERED_TO_PROXY
    assert lab.trace("node-1", "client", "10.244.1.6", 81).reason is Reason.DELIVERED_TO_ENDPOINT
    lab.pod("node-1", bridge, "spared", "10.244.1.9")
    spared = lab.trace("node-1", "client", "10.244.1.9", 80)
    assert spared.reason is Reason.DELIVERED_TO_ENDPOINT


def test_an_l4_proxy_redirects_in_vfp(lab: Lab, bridge: Network) -> None:
    redirect = policy(
        "L4Proxy", IP="10.244.1.9", Port="3128", Destination="0.0.0.0/0",
        ExceptionList=["10.244.1.6/32"],
    )  # fmt: skip
    lab.pod("node-1", bridge, "client", "10.244.1.5", redirect)
    lab.pod("node-1", bridge, "web", "10.244.1.6")
    lab.pod("node-1", bridge, "proxy", "10.244.1.9")
    walk = lab.trace("node-1", "client", "10.244.1.7", 80)
    assert (str(walk.packet.destination), walk.packet.destination_port) == ("10.244.1.9", 3128)
    spared = lab.trace("node-1", "client", "10.244.1.6", 80)
    assert str(spared.packet.destination) == "10.244.1.6"


def test_host_acls_stand_in_the_firewall_of_the_compartment(lab: Lab, bridge: Network) -> None:
    first = acl("Block", "In", 0, RuleType="Host", Protocols="6", LocalPorts="22", Id="no-ssh")
    later = acl("Allow", "Out", 100, RuleType="Host", RemoteAddresses="10.0.0.0/8")
    web = lab.pod("node-1", bridge, "web", "10.244.1.6", later, first, acl("Block", "In", 1))
    found = [
        (rule.display_name, rule.direction, rule.action, rule.match.local_ports, rule.owner_id)
        for rule in show_firewall(lab.host("node-1"))
        if rule.display_name.startswith("HNS ACL")
    ]
    guid = web.id.upper()
    assert found == [
        (f"HNS ACL - ACL 0 - {guid}", "Outbound", "Allow", "", web.id),
        (f"HNS ACL - no-ssh - {guid}", "Inbound", "Block", "22", web.id),
    ]
