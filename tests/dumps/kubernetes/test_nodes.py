"""A Windows node becomes a host of its release, with its address and a network for its pods."""

import pytest

from hnsemu.dumps.kubernetes.nodes import bridge_of, definition_of, node_of
from hnsemu.errors import HnsError
from tests.dumps.kubernetes.objects import Json, left, node, plan, resources


@pytest.mark.parametrize(
    ("kernel", "release"),
    [
        ("10.0.17763.5936", "ws2019"),
        ("10.0.20348.2227", "ws2022"),
        ("10.0.20400.1", "ws2022"),
        ("10.0.26100.4061", "ws2025"),
        ("10.0.9200", "ws2016"),
        ("", "ws2025"),
        ("6.8.0-45-generic", "ws2025"),
    ],
)
def test_the_build_tells_the_release(kernel: str, release: str) -> None:
    (found,) = resources(node("win-1", 1, nodeInfo={"kernelVersion": kernel}))
    definition = definition_of(node_of(found))
    assert definition.release is not None
    assert definition.release.name == release


def test_the_adapter_has_the_address_of_the_node() -> None:
    (found,) = resources(node("win-1", 1))
    (adapter,) = definition_of(node_of(found)).adapters or ()
    assert (adapter.address, adapter.gateway) == ("10.0.0.11/24", "10.0.0.1")


def test_a_node_at_the_first_address_has_its_gateway_behind() -> None:
    addresses = [{"type": "InternalIP", "address": "10.0.0.1"}]
    (found,) = resources(node("win-1", 1, addresses=addresses))
    (adapter,) = definition_of(node_of(found)).adapters or ()
    assert (adapter.address, adapter.gateway) == ("10.0.0.1/24", "10.0.0.2")


def test_the_bridge_has_a_subnet_for_each_pod_cidr() -> None:
    own = node("win-1", 1)
    own["spec"] = {"podCIDRs": ["10.244.1.0/24", "fd00:1::/64", "10.245.1.0/24"]}
    (found,) = resources(own)
    subnets = bridge_of(node_of(found))["Ipams"][0]["Subnets"]
    assert [subnet["IpAddressPrefix"] for subnet in subnets] == [
        "10.244.1.0/24", "10.245.1.0/24", "fd00:1::/64"
    ]  # fmt: skip
    assert [subnet["Routes"][0]["NextHop"] for subnet in subnets[1:]] == ["10.245.1.1", "fd00:1::1"]


LEFT: list[tuple[Json, str]] = [
    (node("other", 2, "linux"), "it is no Windows node"),
    ({**node("other", 2), "spec": {}}, "spec.podCIDR is missing"),
    ({**node("other", 2), "spec": {"podCIDR": "fd00::/64"}}, "spec.podCIDR is missing"),
    ({**node("other", 2), "spec": {"podCIDR": "10.244.2.0/30"}}, "its pod CIDR is smaller than"),
    ({**node("other", 2), "status": {}}, "status.addresses has no InternalIP that is IPv4"),
    (node("other", 1), "its name or address is that of node win-1"),
    (node("win.1", 2), "its name or address is that of node win-1"),
]


@pytest.mark.parametrize(("other", "reason"), LEFT)
def test_other_nodes_are_left_with_the_reason(other: Json, reason: str) -> None:
    original = {**node("win-1", 1), "metadata": node("win-1", 1)["metadata"]}
    made = plan(original, other)
    ((name, said),) = left(made, "Node")
    assert name == other["metadata"]["name"]
    assert said.startswith(reason)
    assert [host.name for host in made.hosts] == ["win-1"]


def test_without_a_windows_node_nothing_is_made() -> None:
    with pytest.raises(HnsError, match=r"no Windows node can become a host \(linux-1: it is no"):
        plan(node("linux-1", 1, "linux"))


@pytest.mark.parametrize(
    ("member", "value", "sentence"),
    [
        ("spec", {"podCIDR": "10.244.1.0/33"},
         'Node win-1 spec.podCIDR: "10.244.1.0/33" is no prefix; write one such as'),
        ("spec", {"podCIDRs": "10.244.1.0/24"}, "Node win-1 spec.podCIDRs: must be a list"),
        ("spec", [], "Node win-1 spec: must be an object, not []"),
        ("status", {"addresses": [{"type": "InternalIP", "address": "here"}]},
         'Node win-1 status.addresses[0].address: "here" is no address; write one such as'),
        ("metadata", {"name": "win-1", "labels": {"kubernetes.io/os": 1}},
         "Node win-1 metadata.labels.kubernetes.io/os: must be text, not 1"),
        ("metadata", {"name": "Win 1", "labels": {"kubernetes.io/os": "windows"}},
         "Node Win 1 metadata.name: 'Win 1' cannot name a host"),
    ],
)  # fmt: skip
def test_a_wrong_member_is_named(member: str, value: object, sentence: str) -> None:
    with pytest.raises(HnsError) as refusal:
        plan({**node("win-1", 1), member: value})
    assert refusal.value.detail.startswith(f"line 1: {sentence}")
