"""What a new endpoint comes to, by its request, its network and its host."""

from dataclasses import replace

import pytest

from hnsemu.domain.addressing import AddressFacts, AddressRequest, MacClaim
from hnsemu.domain.drawing import Draw
from hnsemu.domain.endpoint_creation import (
    CreationFacts,
    EndpointRequest,
    NewEndpoint,
    admit,
    decide_creation,
)
from hnsemu.domain.endpoint_policies import EndpointPolicies, PolicyFacts
from hnsemu.domain.endpoints import REMOTE, EndpointState
from hnsemu.domain.facts import Dns, Policy, Port, Route
from hnsemu.domain.host_ports import HostPorts, NewNatRule, port_key
from hnsemu.domain.hosts import Host
from hnsemu.domain.identity import IdentityRequest
from hnsemu.domain.namespaces import Namespace, NamespaceType
from hnsemu.domain.network_types import Mode
from hnsemu.domain.notifications import HcnNotification, Notification
from hnsemu.domain.placement import NetworkSite
from hnsemu.domain.policies.portmapping import PortMapping
from hnsemu.domain.releases import RELEASES
from hnsemu.errors import HnsError, Hr
from tests.domain.sites import NOW, Numbers, draws, pool, site

HOST = Host(1, "h", RELEASES["ws2025"], dns_servers=("168.63.129.16",), dns_suffix="example")
SITE = site(pool(1, "10.0.0.0/24", "10.0.0.1"), pool(2, "10.2.0.0/24", "10.2.0.1"))
FACTS = CreationFacts(
    HOST,
    SITE,
    addresses=AddressFacts(
        upcoming={1: draws("10.0.0.4")}, next_mac=Draw(0x020000000002, "free", 1)
    ),
)
NAMESPACE = Namespace(
    9,
    "ns",
    NamespaceType.HOST,
    compartment_id=4,
    compartment_guid="c",
    resources=(("Container", "c1"),),
)
WEB = PortMapping(6, 80, 8080)


def create(
    request: EndpointRequest | None = None,
    policies: EndpointPolicies | None = None,
    facts: CreationFacts = FACTS,
    on: NetworkSite = SITE,
) -> NewEndpoint:
    """Return what is decided."""
    return decide_creation(
        request or EndpointRequest(), on, policies or EndpointPolicies(), facts, Numbers(), NOW
    )


def refusal(request: EndpointRequest, policies: EndpointPolicies, facts: CreationFacts) -> Hr:
    """Return what creating is refused with."""
    with pytest.raises(HnsError) as refused:
        create(request, policies, facts)
    return refused.value.hr


@pytest.mark.parametrize(
    ("request_", "site_found", "is_id_taken", "hr", "detail"),
    [
        (
            EndpointRequest(),
            False,
            False,
            Hr.HCN_E_NETWORK_NOT_FOUND,
            "names no network: give HostComputeNetwork beside SchemaVersion",
        ),
        (EndpointRequest(network_id="n"), False, False, Hr.HCN_E_NETWORK_NOT_FOUND, "no network n"),
        (
            EndpointRequest(network_name="cbr0"),
            False,
            False,
            Hr.HCN_E_NETWORK_NOT_FOUND,
            "named 'cbr0'",
        ),
        (
            EndpointRequest(IdentityRequest(id="e")),
            True,
            True,
            Hr.E_OBJECT_ALREADY_EXISTS,
            "endpoint e",
        ),
    ],
)
def test_an_endpoint_needs_a_network_and_an_id_of_its_own(
    request_: EndpointRequest, hr: Hr, detail: str, *, site_found: bool, is_id_taken: bool
) -> None:
    facts = replace(FACTS, site=SITE if site_found else None, is_id_taken=is_id_taken)
    with pytest.raises(HnsError) as refused:
        admit(request_, facts)
    assert refused.value.hr is hr
    assert detail in refused.value.detail


def test_the_network_admits_what_is_new() -> None:
    assert admit(EndpointRequest(), FACTS) == SITE


def test_a_plain_endpoint_gets_all_it_needs() -> None:
    new = create()
    endpoint = new.endpoint
    assert (endpoint.id, endpoint.activity_id, endpoint.name) == ("g1", "g2", "Ethernet")
    assert (endpoint.created, endpoint.updated, endpoint.state) == (NOW, NOW, EndpointState.CREATED)
    assert [configuration.ip_address for configuration in endpoint.ip_configurations] == [
        "10.0.0.4"
    ]
    assert endpoint.routes == (Route("10.0.0.1", "0.0.0.0/0"),)
    assert endpoint.encap_overhead == 50
    assert endpoint.port == Port(
        0, "Endpoint", "g3", "g4", "g5", "g6", "", "02-00-00-00-00-02", connected=False
    )
    assert new.mac == MacClaim("02-00-00-00-00-02", 0x020000000002, "free", 1)
    assert (new.rules, new.namespace, new.notifications) == ((), None, ())


def test_what_is_requested_is_kept() -> None:
    request = EndpointRequest(
        IdentityRequest("id", "web", "me", (2, 16), '{"a":1}'),
        configurations=(AddressRequest("10.2.0.9"),),
        dns=Dns(domain="d"),
        mac_address="0e-2a-0a-00-00-05",
        flags=2,
    )
    endpoint = create(request).endpoint
    assert (endpoint.id, endpoint.name, endpoint.owner) == ("id", "web", "me")
    assert (endpoint.schema_version, endpoint.additional_params) == ((2, 16), '{"a":1}')
    assert (endpoint.dns.domain, endpoint.mac_address, endpoint.flags) == (
        "d", "0e-2a-0a-00-00-05", 2,
    )  # fmt: skip
    assert endpoint.routes == (Route("10.2.0.1", "0.0.0.0/0"),)


@pytest.mark.parametrize(
    ("flags", "servers"),
    [(0, ("168.63.129.16",)), (16, ("10.0.0.1", "168.63.129.16"))],
)
def test_internal_dns_puts_the_gateway_first(flags: int, servers: tuple[str, ...]) -> None:
    endpoint = create(EndpointRequest(flags=flags), on=replace(SITE, mode=Mode.NAT)).endpoint
    assert (endpoint.dns.server_list, endpoint.dns.search) == (servers, ("example",))


def test_dhcp_gives_the_address_later() -> None:
    endpoint = create(EndpointRequest(flags=32)).endpoint
    assert (endpoint.ip_configurations, endpoint.routes) == ((), ())


@pytest.mark.parametrize(
    ("policies", "vlans", "isolation", "vlan"),
    [
        (EndpointPolicies(), {}, 0, 0),
        (EndpointPolicies(), {}, 5, 5),
        (EndpointPolicies(), {"p1": 7}, 5, 7),
        (EndpointPolicies(), {"p1": 0}, 5, 5),
        (EndpointPolicies(), {"p2": 7}, 5, 5),
        (EndpointPolicies(vlan=9), {"p1": 7}, 5, 9),
    ],
)
def test_the_nearest_vlan_counts(
    policies: EndpointPolicies, vlans: dict[str, int], isolation: int, vlan: int
) -> None:
    new = create(policies=policies, on=replace(SITE, subnet_vlans=vlans, isolation=isolation))
    assert new.endpoint.port is not None
    assert new.endpoint.port.isolation == vlan


def test_policies_name_the_port_and_publish_ports() -> None:
    carried = (Policy("PortName"), Policy("PortMapping"))
    policies = EndpointPolicies(carried, (WEB,), port_name="eth7", encap_overhead=70)
    new = create(policies=policies)
    assert new.endpoint.policies == carried
    assert (new.endpoint.encap_overhead, new.rules) == (70, (NewNatRule("VFP", WEB, "10.0.0.4"),))
    assert new.endpoint.port is not None
    assert new.endpoint.port.friendly_name == "eth7"


@pytest.mark.parametrize(
    ("mode", "source_nat", "flags", "block"),
    [
        (Mode.L2BRIDGE, True, 0, 3),
        (Mode.L2BRIDGE, False, 0, None),
        (Mode.NAT, True, 0, None),
        (Mode.L2BRIDGE, True, REMOTE, None),
    ],
)
def test_source_nat_in_vfp_takes_a_block_of_ports(
    mode: Mode, flags: int, block: int | None, *, source_nat: bool
) -> None:
    request = EndpointRequest(flags=flags, configurations=(AddressRequest("10.0.0.9"),))
    facts = replace(FACTS, policies=PolicyFacts(nat_block=3))
    policies = EndpointPolicies(source_nat=source_nat)
    new = create(request, policies, facts, replace(SITE, mode=mode))
    assert new.endpoint.nat_block == block


def test_a_remote_endpoint_has_no_port_here() -> None:
    request = EndpointRequest(flags=REMOTE, configurations=(AddressRequest("10.96.0.1"),))
    new = create(request)
    assert (new.endpoint.port, new.endpoint.mac_address, new.mac.number) == (None, "", None)
    assert new.endpoint.is_remote


@pytest.mark.parametrize(
    ("release", "address", "gateways"),
    [
        ("ws1803", "10.2.0.12", ["10.2.0.1"]),
        ("ws1803", "10.96.0.1", []),
        ("ws2019", "10.2.0.12", []),
    ],
)
def test_a_remote_endpoint_has_the_gateway_of_its_subnet_before_1809(
    release: str, address: str, gateways: list[str]
) -> None:
    facts = replace(FACTS, host=replace(HOST, release=RELEASES[release]))
    request = EndpointRequest(flags=REMOTE, configurations=(AddressRequest(address),))
    endpoint = create(request, facts=facts).endpoint
    assert [route.next_hop for route in endpoint.routes] == gateways
    assert endpoint.ip_configurations[0].ip_subnet_id == ""


def test_an_endpoint_joins_a_namespace_at_once() -> None:
    new = create(EndpointRequest(namespace_id="ns"), facts=replace(FACTS, namespace=NAMESPACE))
    endpoint = new.endpoint
    assert (endpoint.namespace_id, endpoint.compartment_guid) == ("ns", "c")
    assert (endpoint.state, endpoint.shared_containers) == (EndpointState.ATTACHED, ("c1",))
    assert endpoint.port is not None
    assert (endpoint.port.compartment, endpoint.port.connected) == (4, True)
    assert new.namespace == NAMESPACE
    assert new.notifications == (
        Notification(HcnNotification.NETWORK_ENDPOINT_ATTACHED, "g1", "network"),
    )


JOINING = EndpointRequest(namespace_id="ns")
THERE = replace(FACTS, namespace=NAMESPACE)
PUBLISHED = replace(FACTS, policies=PolicyFacts(ports=HostPorts({port_key(WEB): "other"})))


@pytest.mark.parametrize(
    ("request_", "policies", "facts", "hr"),
    [
        pytest.param(JOINING, EndpointPolicies(), FACTS, Hr.E_ELEMENT_NOT_FOUND, id="no namespace"),
        pytest.param(
            replace(JOINING, flags=REMOTE),
            EndpointPolicies(),
            THERE,
            Hr.HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION,
            id="a remote one in a namespace",
        ),
        pytest.param(
            JOINING,
            EndpointPolicies(unplumbable="x"),
            THERE,
            Hr.HCN_E_NAMESPACE_ATTACH_FAILED,
            id="a policy that cannot be plumbed",
        ),
        pytest.param(
            replace(JOINING, mac_address="x", configurations=(AddressRequest("ten"),)),
            EndpointPolicies(),
            THERE,
            Hr.HCN_E_INVALID_IP,
            id="addresses before MACs",
        ),
        pytest.param(
            EndpointRequest(mac_address="x"),
            EndpointPolicies(published=(WEB,)),
            PUBLISHED,
            Hr.HCN_E_INVALID_ENDPOINT,
            id="MACs before ports",
        ),
        pytest.param(
            EndpointRequest(),
            EndpointPolicies(published=(WEB,)),
            PUBLISHED,
            Hr.HCN_E_PORT_ALREADY_EXISTS,
            id="a published port",
        ),
    ],
)
def test_what_cannot_be_is_refused(
    request_: EndpointRequest, policies: EndpointPolicies, facts: CreationFacts, hr: Hr
) -> None:
    assert refusal(request_, policies, facts) is hr
