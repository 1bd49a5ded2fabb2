"""A pod of a Windows node gets the endpoint that its network plugin would make."""

import pytest

from hnsemu.errors import HnsError
from tests.dumps.kubernetes.objects import Json, left, node, plan, pod

WINDOWS, LINUX = node("win-1", 1), node("linux-1", 2, "linux")


def test_a_pod_has_its_address_and_sends_through_its_host() -> None:
    (host,) = plan(WINDOWS, LINUX, pod("web", "10.244.1.10")).hosts
    (made,) = host.pods
    endpoint = made.document
    assert endpoint["Name"] == "shop/web"
    assert endpoint["IpConfigurations"] == [{"IpAddress": "10.244.1.10"}]
    assert endpoint["MacAddress"] == "0E-2A-0A-F4-01-0A"
    assert endpoint["Routes"] == [{"NextHop": "10.244.1.2", "DestinationPrefix": "0.0.0.0/0"}]
    nat, services, own_host, loopback = endpoint["Policies"]
    assert nat["Settings"]["Exceptions"] == [
        "10.244.1.0/24", "10.244.2.0/24", "10.96.0.0/12", "10.0.0.11/32", "10.0.0.12/32"
    ]  # fmt: skip
    assert services["Settings"] == {"DestinationPrefix": "10.96.0.0/12", "NeedEncap": True}
    assert own_host["Settings"]["DestinationPrefix"] == "10.0.0.11/32"
    assert loopback["Settings"] == {"Destinations": ["10.244.1.10"]}


def test_ids_follow_from_the_names() -> None:
    one, two = (plan(WINDOWS, pod("web", "10.244.1.10")).hosts[0] for _ in range(2))
    assert (one.network["ID"], one.pods[0].document) == (two.network["ID"], two.pods[0].document)
    other = plan(node("win-2", 1), pod("web", "10.244.1.10", "win-2")).hosts[0]
    assert other.network["ID"] != one.network["ID"]


LEFT: list[tuple[Json, str]] = [
    (pod("web", "10.0.0.11", hostNetwork=True), "hostNetwork: it has no endpoint"),
    ({**pod("web", "10.244.1.10"), "status": {"phase": "Pending"}}, "status.podIP has no IPv4"),
    ({**pod("web", "10.244.1.10"), "status": {"podIP": "fd00::1"}}, "status.podIP has no IPv4"),
    ({**pod("web", ""), "status": {"phase": "Failed", "podIP": "10.244.1.10"}}, "it has ended"),
    (pod("web", "10.244.1.10", ""), "spec.nodeName is missing"),
    (pod("web", "10.244.2.10", "linux-1"), "its node linux-1 becomes no host"),
    (pod("web", "10.244.2.10"), "10.244.2.10 is in no pod CIDR of its node"),
    (pod("web", "10.244.1.2"), "10.244.1.2 is an address that the network keeps for itself"),
    (pod("web", "10.244.1.9"), "10.244.1.9 is also the address of shop/first"),
]


@pytest.mark.parametrize(("other", "reason"), LEFT)
def test_other_pods_are_left_with_the_reason(other: Json, reason: str) -> None:
    made = plan(WINDOWS, LINUX, pod("first", "10.244.1.9"), other)
    ((name, said),) = left(made, "Pod")
    assert name == "web"
    assert said.startswith(reason)
    assert [one.of.name for one in made.hosts[0].pods] == ["first"]


def test_of_two_address_families_the_first_of_ipv4_counts() -> None:
    status = {"podIP": "fd00::1", "podIPs": [{"ip": "fd00::1"}, {"ip": "10.244.1.10"}]}
    (host,) = plan(WINDOWS, {**pod("web", ""), "status": status}).hosts
    assert host.pods[0].document["IpConfigurations"] == [{"IpAddress": "10.244.1.10"}]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (pod("web", "10.244.1"), 'Pod shop/web status.podIP: "10.244.1" is no address'),
        (pod("web", "10.244.1.10", hostNetwork="yes"),
         'Pod shop/web spec.hostNetwork: must be true or false, not "yes"'),
        (pod("web", "10.244.1.10", ports=[{"name": "http", "containerPort": 0}]),
         "Pod shop/web spec.containers[0].ports[0].containerPort: 0 is no port; write 1 to 65535"),
        (pod("web", "10.244.1.10", ports=[{"name": "a", "containerPort": 1, "protocol": "ICMP"}]),
         'Pod shop/web spec.containers[0].ports[0].protocol: "ICMP" is unknown; write TCP or UDP'),
        (pod("web", "10.244.1.10", labels={"app": None}),
         "Pod shop/web metadata.labels.app: must be text, not null"),
    ],
)  # fmt: skip
def test_a_wrong_member_is_named(wrong: Json, sentence: str) -> None:
    with pytest.raises(HnsError) as refusal:
        plan(WINDOWS, wrong)
    assert refusal.value.detail.startswith(f"line 2: {sentence}")
