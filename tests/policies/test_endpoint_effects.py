"""What the policies of a request need to know, and what they come to on an endpoint."""

import pytest

from hnsemu.domain.endpoint_policies import EndpointPolicies, PolicyFacts, PolicyNeeds
from hnsemu.domain.facts import Policy
from hnsemu.domain.host_ports import HostPorts
from hnsemu.domain.network_types import Mode
from hnsemu.domain.policies.portmapping import CHOSEN_PORTS, PortMapping
from hnsemu.domain.releases import RELEASES
from hnsemu.host import SeededSource
from hnsemu.policies.endpoint_effects import (
    changed_policies,
    needs_of,
    new_policies,
    policy_context,
    read_policies,
)
from hnsemu.schema.enums import ModifyRequestType
from hnsemu.schema.v2.policies.wire import EndpointPolicy
from tests.policies.judged import context, policy, sent

WEB = {"Protocol": 6, "InternalPort": 80}


@pytest.mark.parametrize(
    ("requested", "needs"),
    [
        ([], PolicyNeeds()),
        ([sent("QOS", MaximumOutgoingBandwidthInBytes=1)], PolicyNeeds()),
        ([sent("PortMapping", **WEB)], PolicyNeeds(mappings=(PortMapping(6, 80, 0),))),
        ([sent("PortMapping", InternalPort="much")], PolicyNeeds()),
        ([sent("OutBoundNAT")], PolicyNeeds(nat_block=True)),
        ([sent("VLAN", IsolationId=5)], PolicyNeeds(vlan=True)),
        ([sent("ACL", RemoteAddresses="10.0.0.1,10.1.0.0/16")], PolicyNeeds()),
        ([sent("ACL", RemoteAddresses="10.0.0.1,peers")], PolicyNeeds(ip_sets=True)),
        ([sent("TierAcl", TierAclRules=[{"LocalAddresses": "us"}])], PolicyNeeds(ip_sets=True)),
    ],
)
def test_policies_need_what_they_depend_on(
    requested: list[EndpointPolicy], needs: PolicyNeeds
) -> None:
    assert needs_of(requested) == needs


def test_rules_may_name_the_sets_of_the_network() -> None:
    facts = PolicyFacts(network_policies=(policy("SetPolicy", Id="peers"), policy("HostRoute")))
    where = policy_context(Mode.OVERLAY, RELEASES["ws2025"], facts, remote=True)
    assert (where.set_ids(), where.remote) == ({"peers"}, True)


def test_ports_are_chosen_where_hns_may_choose() -> None:
    fixed = {**WEB, "ExternalPort": CHOSEN_PORTS[0]}
    requested = [
        sent("PortName", Name="x"),
        sent("PortMapping", **fixed),
        sent("PortMapping", **WEB),
    ]
    new = new_policies(requested, context(), HostPorts(), SeededSource(), plumbs=False)
    kept, chosen = (mapping.external_port for mapping in new.published)
    assert kept == CHOSEN_PORTS[0] != chosen
    assert chosen in CHOSEN_PORTS
    assert (new.port_name, len(new.carried)) == ("x", 3)


@pytest.mark.parametrize(
    ("mode", "remote", "types"),
    [
        (Mode.L2BRIDGE, True, ["L2Driver"]),
        (Mode.L2TUNNEL, True, ["L2Driver"]),
        (Mode.OVERLAY, True, []),
        (Mode.L2BRIDGE, False, []),
    ],
)
def test_hns_adds_its_driver_to_remote_endpoints(
    mode: Mode, types: list[str], *, remote: bool
) -> None:
    where = context(mode, remote=remote)
    new = new_policies([], where, HostPorts(), SeededSource(), plumbs=False)
    assert [stored.type for stored in new.carried] == types


def test_a_driver_that_was_sent_stays_the_only_one() -> None:
    where = context(Mode.L2BRIDGE, remote=True)
    new = new_policies([sent("L2Driver")], where, HostPorts(), SeededSource(), plumbs=False)
    assert new.carried == (Policy("L2Driver"),)


def test_changed_policies_have_their_ports_chosen_too() -> None:
    have = (policy("PortName", Name="x"),)
    after = changed_policies(
        ModifyRequestType.Add, [sent("PortMapping", **WEB)], have, context(), HostPorts(),
        SeededSource(),
    )  # fmt: skip
    assert after[0] == have[0]
    assert read_policies(after, plumbs=False).published[0].external_port in CHOSEN_PORTS


def test_what_cannot_be_plumbed_is_looked_for_when_it_is_plumbed() -> None:
    broken = (policy("SDNRoute", DestinationPrefix="nonsense"), policy("OutBoundNAT"))
    assert read_policies(broken, plumbs=True).unplumbable == "nonsense"
    read = read_policies(broken, plumbs=False)
    assert (read.unplumbable, read.source_nat) == ("", True)
    assert read_policies((), plumbs=True) == EndpointPolicies()
