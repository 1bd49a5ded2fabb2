"""What plugging in, plugging out and other policies make of an endpoint."""

from dataclasses import replace

import pytest

from hnsemu.domain.attachments import Attachment, SystemType
from hnsemu.domain.endpoint_changes import (
    ChangeFacts,
    EndpointChange,
    MachinePort,
    changed_at,
    decide_attachment,
    decide_detachment,
    decide_joining,
    decide_leaving,
    decide_policies,
)
from hnsemu.domain.endpoint_policies import EndpointPolicies, PolicyFacts
from hnsemu.domain.endpoints import REMOTE, Endpoint, EndpointState, IpConfiguration
from hnsemu.domain.facts import Policy, Port
from hnsemu.domain.host_ports import HostPorts, NewNatRule, port_key
from hnsemu.domain.namespaces import Namespace, NamespaceType
from hnsemu.domain.network_types import Mode
from hnsemu.domain.notifications import HcnNotification
from hnsemu.domain.policies.portmapping import PortMapping
from hnsemu.domain.winnat import NatRule
from hnsemu.errors import HnsError, Hr
from tests.domain.sites import NOW, pool, site

ATTACHED, DETACHED = (
    HcnNotification.NETWORK_ENDPOINT_ATTACHED,
    HcnNotification.NETWORK_ENDPOINT_DETACHED,
)
PORT = Port(5, "Endpoint", "port", "nic", "interface", "allocator", "", "02-", connected=False)
POD = Endpoint(
    key=1,
    id="e",
    name="pod",
    network_key=7,
    network_id="network",
    network_name="cbr0",
    network_mode=Mode.L2BRIDGE,
    network_type_text="L2Bridge",
    parent_id="",
    ip_configurations=(IpConfiguration("10.0.0.4", 24, "p1"),),
    port=PORT,
)
FAR = replace(POD, flags=REMOTE, port=None)
DEGRADED = replace(POD, state=EndpointState.DEGRADED)
CONTAINER = Attachment(SystemType.CONTAINER, "c1")
NAMESPACE = Namespace(9, "ns", NamespaceType.HOST, compartment_id=4, compartment_guid="c")
WEB = PortMapping(6, 80, 8080)
NONE = EndpointPolicies()
USED = decide_attachment(POD, CONTAINER, "", NOW).endpoint


def heard(change: EndpointChange) -> list[HcnNotification]:
    """Return the kinds of what watchers hear."""
    return [notification.kind for notification in change.notifications]


def policies(
    after: EndpointPolicies,
    facts: ChangeFacts | None = None,
    endpoint: Endpoint = POD,
    before: EndpointPolicies = NONE,
) -> EndpointChange:
    """Return what other policies make of an endpoint."""
    return decide_policies(endpoint, before, after, facts or ChangeFacts(endpoint), NOW)


def test_plugging_in_and_out_is_stamped_and_heard() -> None:
    plugged = decide_attachment(POD, CONTAINER, "", NOW)
    assert (plugged.before, plugged.endpoint.state) == (POD, EndpointState.ATTACHED)
    assert (plugged.endpoint.updated, plugged.endpoint.started) == (NOW, NOW)
    assert (heard(plugged), plugged.refusal) == ([ATTACHED], None)
    unplugged = decide_detachment(USED, "c1", NOW)
    assert unplugged.endpoint.state is EndpointState.DETACHED
    assert heard(unplugged) == [DETACHED]


def test_another_container_is_not_heard() -> None:
    shared = decide_attachment(USED, Attachment(SystemType.CONTAINER, "c2"), "", NOW)
    assert shared.endpoint.state is EndpointState.ATTACHED_SHARING
    assert heard(shared) == heard(decide_detachment(shared.endpoint, "c2", NOW)) == []


@pytest.mark.parametrize(
    ("endpoint", "hr"),
    [
        (FAR, Hr.HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION),
        (DEGRADED, Hr.HCN_E_DEGRADED_OPERATION),
    ],
)
def test_what_has_no_port_or_is_degraded_is_not_plugged_in(endpoint: Endpoint, hr: Hr) -> None:
    with pytest.raises(HnsError) as attaching:
        decide_attachment(endpoint, CONTAINER, "", NOW)
    with pytest.raises(HnsError) as joining:
        decide_joining(endpoint, NAMESPACE, "", NOW)
    assert attaching.value.hr is joining.value.hr is hr


def test_a_policy_that_cannot_be_plumbed_degrades_and_refuses() -> None:
    for change in (
        decide_attachment(POD, CONTAINER, "<cidr>", NOW),
        decide_joining(POD, NAMESPACE, "<cidr>", NOW),
    ):
        assert change.endpoint == replace(DEGRADED, updated=NOW)
        assert change.refusal is not None
        assert (change.refusal.hr, change.refusal.keeps) == (Hr.HCN_E_NAMESPACE_ATTACH_FAILED, True)
        assert "<cidr>" in change.refusal.detail
        assert heard(change) == []


@pytest.mark.parametrize(
    ("wanted", "port_id", "name"),
    [
        (MachinePort("p", "vm--nic"), "p", "vm--nic"),
        (MachinePort(), "port", ""),
    ],
)
def test_a_virtual_machine_names_its_port(wanted: MachinePort, port_id: str, name: str) -> None:
    to = Attachment(SystemType.VIRTUAL_MACHINE, "vm")
    endpoint = decide_attachment(POD, to, "", NOW, wanted).endpoint
    assert endpoint.virtual_machine == "vm"
    assert endpoint.port is not None
    assert (endpoint.port.port_id, endpoint.port.friendly_name) == (port_id, name)


def test_a_namespace_is_joined_and_left() -> None:
    joined = decide_joining(POD, NAMESPACE, "", NOW)
    assert (joined.endpoint.namespace_id, joined.endpoint.compartment_guid) == ("ns", "c")
    assert joined.endpoint.port is not None
    assert joined.endpoint.port.compartment == 4
    left = decide_leaving(joined.endpoint, NOW)
    assert (left.endpoint.namespace_id, left.endpoint.compartment_guid) == ("", "")
    assert left.endpoint.state is EndpointState.DETACHED
    assert (heard(joined), heard(left)) == ([ATTACHED], [DETACHED])


def test_nothing_but_the_time_changes_when_an_endpoint_is_refreshed() -> None:
    assert changed_at(POD, POD, NOW) == EndpointChange(POD, replace(POD, updated=NOW))


def test_policies_change_what_they_say() -> None:
    carried = (Policy("PortName"), Policy("EncapOverhead"))
    after = EndpointPolicies(carried, port_name="eth7", encap_overhead=70)
    endpoint = policies(after).endpoint
    assert (endpoint.policies, endpoint.encap_overhead) == (carried, 70)
    assert endpoint.port == replace(PORT, friendly_name="eth7")
    assert endpoint.updated == NOW
    back = policies(NONE, endpoint=endpoint, before=after).endpoint
    assert (back.policies, back.encap_overhead, back.port) == ((), 50, PORT)


def test_a_port_that_a_machine_named_keeps_its_name() -> None:
    named = replace(POD, port=replace(PORT, friendly_name="vm--nic"))
    assert policies(EndpointPolicies((Policy("ACL"),)), endpoint=named).endpoint.port == named.port


@pytest.mark.parametrize(
    ("before", "after", "vlan"),
    [(0, 7, 7), (7, 0, 5), (7, 7, 3)],
)
def test_the_vlan_of_the_port_follows(before: int, after: int, vlan: int) -> None:
    endpoint = replace(POD, port=replace(PORT, isolation=3))
    facts = ChangeFacts(endpoint, site=site(pool(1, "10.0.0.0/24"), isolation=5))
    change = policies(EndpointPolicies(vlan=after), facts, endpoint, EndpointPolicies(vlan=before))
    assert change.endpoint.port is not None
    assert change.endpoint.port.isolation == vlan


def test_policies_of_remote_endpoints_have_no_port_to_change() -> None:
    after = EndpointPolicies((Policy("PortName"),), port_name="eth7", vlan=7)
    assert policies(after, endpoint=FAR).endpoint.port is None


@pytest.mark.parametrize(
    ("has", "source_nat", "free", "block"),
    [
        (None, True, 3, 3),
        (None, True, None, None),
        (5, True, 3, 5),
        (5, False, 3, None),
        (None, False, 3, None),
    ],
)
def test_a_block_of_ports_is_taken_kept_and_given_back(
    has: int | None, free: int | None, block: int | None, *, source_nat: bool
) -> None:
    endpoint = replace(POD, nat_block=has)
    facts = ChangeFacts(endpoint, PolicyFacts(nat_block=free))
    after = EndpointPolicies(source_nat=source_nat)
    assert policies(after, facts, endpoint).endpoint.nat_block == block


def test_ports_are_published_and_withdrawn() -> None:
    gone = NatRule(3, "VFP", 0, "e", "network", PortMapping(6, 81, 8081), "10.0.0.4")
    change = policies(EndpointPolicies(published=(WEB,)), ChangeFacts(POD, rules=[gone]))
    assert (change.rules, change.ended) == ((NewNatRule("VFP", WEB, "10.0.0.4"),), (gone,))


def test_a_port_moves_to_another_port_of_the_same_endpoint() -> None:
    old = NatRule(3, "VFP", 0, "e", "network", replace(WEB, internal_port=81), "10.0.0.4")
    ports = PolicyFacts(ports=HostPorts({port_key(WEB): "e"}))
    change = policies(EndpointPolicies(published=(WEB,)), ChangeFacts(POD, ports, [old]))
    assert (len(change.rules), change.ended) == (1, (old,))


@pytest.mark.parametrize(
    ("after", "endpoint", "hr"),
    [
        pytest.param(
            EndpointPolicies(unplumbable="x"), USED, Hr.HCN_E_INVALID_POLICY, id="not plumbed"
        ),
        pytest.param(
            EndpointPolicies(published=(WEB,)), POD, Hr.HCN_E_PORT_ALREADY_EXISTS, id="port taken"
        ),
    ],
)
def test_policies_that_cannot_be_are_refused(
    after: EndpointPolicies, endpoint: Endpoint, hr: Hr
) -> None:
    taken = PolicyFacts(ports=HostPorts({port_key(WEB): "other"}))
    with pytest.raises(HnsError) as refusal:
        policies(after, ChangeFacts(endpoint, taken), endpoint)
    assert refusal.value.hr is hr


def test_a_policy_that_cannot_be_plumbed_waits_until_the_endpoint_is_plugged_in() -> None:
    assert policies(EndpointPolicies(unplumbable="x")).endpoint.state is EndpointState.CREATED
