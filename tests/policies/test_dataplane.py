"""Stored policies as the data plane sees them: whose they are, and those that cannot be read."""

from dataclasses import replace
from ipaddress import ip_address

from hnsemu.domain.dataplane import RoutePolicy
from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.network_types import Mode
from hnsemu.domain.policylists import SdnRoute
from hnsemu.policies.dataplane import plumbed_endpoint, plumbed_network
from tests.domain.worlds import network, pod
from tests.policies.judged import policy, seen_of_endpoint, seen_of_network

WEB = pod(network(Mode.OVERLAY, "10.244.1.0/24"), "web", "10.244.1.5").endpoint


def test_what_cannot_be_read_is_passed_over() -> None:
    stored = policy("ACL", Priority="much"), policy("ACL", Id="b"), policy("PortName", Name="x")
    (rule,) = seen_of_endpoint(*stored).acls
    assert rule.policy == PolicyRef("Endpoint", WEB.id, "ACL", "b", 1)


def test_routes_of_lists_stand_behind_those_of_policies() -> None:
    of_list = RoutePolicy(SdnRoute("10.2.0.0/16"), PolicyRef("RouteList", "l", "SDNRoute"))
    endpoint = replace(WEB, policies=(policy("SDNRoute", DestinationPrefix="10.1.0.0/16"),))
    own, shared = plumbed_endpoint(endpoint, [of_list]).policies.routes
    assert (own.route.destination_prefix, shared) == ("10.1.0.0/16", of_list)


def test_an_endpoint_keeps_its_overhead_and_the_addresses_that_are_some() -> None:
    odd = replace(WEB.ip_configurations[0], ip_address="nowhere")
    endpoint = replace(WEB, encap_overhead=60, ip_configurations=(odd, WEB.ip_configurations[0]))
    seen = plumbed_endpoint(endpoint)
    assert (seen.policies.overhead, seen.addresses) == (60, (ip_address("10.244.1.5"),))


def test_a_nested_set_has_the_addresses_of_its_members() -> None:
    seen = seen_of_network(
        policy("SetPolicy", Id="a", Values="10.0.0.1,"),
        policy("SetPolicy", Id="b", Values="10.0.0.2"),
        policy("SetPolicy", Id="both", PolicyType="NESTEDIPSET", Values="a,b,missing"),
    )
    assert ip_address("10.0.0.1") in seen.tags["a"]
    assert ip_address("10.0.0.2") not in seen.tags["a"]
    assert ip_address("10.0.0.2") in seen.tags["both"]


def test_a_subnet_has_the_vsid_of_its_last_policy() -> None:
    stored = network(Mode.OVERLAY, "10.244.1.0/24", "10.244.2.0/24").network
    first, second = stored.subnets
    numbered = replace(
        first, policies=(policy("VSID", IsolationId=5000), policy("VSID", IsolationId=6000))
    )
    vlan_only = replace(second, policies=(policy("VLAN", IsolationId=7),))
    seen = plumbed_network(replace(stored, subnets=(numbered, vlan_only)))
    assert seen.vsids == {first.id: 6000}
