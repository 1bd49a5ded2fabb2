"""On an overlay nodes know each other's subnets, and backends elsewhere their nodes."""

from ipaddress import IPv4Address

import pytest

from hnsemu.dumps.kubernetes.nodes import node_of
from hnsemu.dumps.kubernetes.options import Options, PodNetwork
from hnsemu.dumps.kubernetes.overlay import Overlay, source_vip_of
from hnsemu.dumps.kubernetes.plan import HostPlan, Plan
from hnsemu.errors import HnsError
from tests.dumps.kubernetes import objects
from tests.dumps.kubernetes.objects import Json, backend, backends, node, pod, resources, service

NODES = (node("win-1", 1), node("win-2", 2), node("linux-1", 3, "linux"))
PODS = (pod("here", "10.244.1.10"), pod("there", "10.244.2.10", "win-2"))
HERE, THERE = backend("10.244.1.10"), backend("10.244.2.10", "win-2")
OVERLAY = Options(PodNetwork.OVERLAY)


def plan(*more: Json) -> Plan:
    """Return the plan of a cluster with overlays."""
    return objects.plan(*NODES, *PODS, *more, options=OVERLAY)


def settings(document: Json, kind: str) -> list[Json]:
    """Return the settings of a document's policies of a type."""
    return [one["Settings"] for one in document["Policies"] if one["Type"] == kind]


def endpoint(host: HostPlan, address: str) -> Json:
    """Return the endpoint that a host needs for an address."""
    (found,) = [
        made.document
        for made in host.remotes
        if made.document["IpConfigurations"] == [{"IpAddress": address}]
    ]
    return found


def test_routes_lead_to_every_other_node_with_the_mac_of_its_router() -> None:
    one, two = (host.network for host in plan().hosts)
    assert settings(one, "RemoteSubnetRoute") == [
        {"DestinationPrefix": prefix, "IsolationId": 4096, "ProviderAddress": provider,
         "DistributedRouterMacAddress": mac}
        for prefix, provider, mac in (
            ("10.244.2.0/24", "10.0.0.12", "02-15-0A-00-00-0C"),
            ("10.244.3.0/24", "10.0.0.13", "02-15-0A-00-00-0D"),
        )
    ]  # fmt: skip
    assert settings(two, "DrMacAddress") == [{"Address": "02-15-0A-00-00-0C"}]
    assert settings(one, "HostRoute") == [{}]
    (subnet,) = one["Ipams"][0]["Subnets"]
    assert settings(subnet, "VSID") == [{"IsolationId": 4096}]


def test_a_pod_sends_to_the_router_and_from_the_address_of_its_node() -> None:
    document = plan().hosts[0].pods[0].document
    assert document["Routes"] == [{"NextHop": "10.244.1.1", "DestinationPrefix": "0.0.0.0/0"}]
    assert settings(document, "ProviderAddress") == [{"ProviderAddress": "10.0.0.11"}]


def test_the_host_is_a_remote_endpoint_of_its_own_overlay() -> None:
    (host, _) = plan().hosts
    assert host.gateways == []
    own = endpoint(host, "10.244.1.2")
    assert (own["Name"], own["Flags"], own["MacAddress"]) == ("Calico_ep", 1, "00-15-5D-00-00-0B")
    assert settings(own, "ProviderAddress") == [{"ProviderAddress": "10.0.0.11"}]


def test_backends_elsewhere_and_cluster_ips_have_provider_addresses() -> None:
    (host, _) = plan(service("web"), backends("web", HERE, THERE)).hosts
    there, vip = endpoint(host, "10.244.2.10"), endpoint(host, "10.96.0.9")
    assert there["MacAddress"] == "02-11-0a-f4-02-0a"
    assert settings(there, "ProviderAddress") == [{"ProviderAddress": "10.0.0.12"}]
    assert vip["MacAddress"] == "00-15-5D-00-00-0B"
    assert settings(vip, "ProviderAddress") == [{"ProviderAddress": "10.0.0.11"}]


@pytest.mark.parametrize(
    ("other", "source_vip"),
    [(THERE, "10.244.1.254"), (backend("10.0.0.12", "win-2"), "10.0.0.11")],
)
def test_packets_leave_from_the_source_vip_unless_a_node_is_behind(
    other: Json, source_vip: str
) -> None:
    (host, _) = plan(service("web"), backends("web", HERE, other)).hosts
    (made,) = host.balancers
    assert made.document["SourceVIP"] == source_vip
    assert endpoint(host, "10.244.1.254").get("Flags") is None


def test_a_backend_outside_the_cluster_is_passed_over_and_named() -> None:
    made = plan(service("web"), backends("web", HERE, backend("203.0.113.9", "")))
    reason = "its backend 203.0.113.9 is behind no RemoteSubnetRoute; kube-proxy skips it"
    assert objects.left(made, "Service") == [
        ("web", f"on win-1: {reason}"),
        ("web", f"on win-2: {reason}"),
    ]


@pytest.mark.parametrize(
    ("address", "provider"),
    [
        ("10.244.2.7", "10.0.0.12"),
        ("10.0.0.12", "10.0.0.12"),
        ("10.244.9.7", None),
        ("10.0.0.9", None),
    ],
)
def test_an_address_is_behind_the_node_that_has_it(address: str, provider: str | None) -> None:
    (found,) = resources(node("win-2", 2))
    known = Overlay(IPv4Address("10.244.1.254"), [node_of(found)])
    behind = known.provider_of(IPv4Address(address))
    assert behind == (provider and IPv4Address(provider))


def test_the_source_vip_is_the_last_address_without_a_pod() -> None:
    (found,) = resources(node("win-1", 1))
    taken = {IPv4Address("10.244.1.254"), IPv4Address("10.244.1.252")}
    assert source_vip_of(node_of(found), taken) == IPv4Address("10.244.1.253")


def test_a_node_full_of_pods_has_no_source_vip() -> None:
    small = node("win-1", 1) | {"spec": {"podCIDR": "10.244.1.0/29"}}
    full = [pod(f"p{n}", f"10.244.1.{n}") for n in range(3, 7)]
    with pytest.raises(HnsError, match="Node win-1: its pod CIDR has no address left"):
        objects.plan(small, *full, options=OVERLAY)
