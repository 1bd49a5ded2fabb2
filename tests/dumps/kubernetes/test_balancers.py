"""kube-proxy on a Windows node makes these load balancers of a service."""

from typing import Any

import pytest

from hnsemu.dumps.kubernetes.options import Options
from tests.dumps.kubernetes.objects import Json, backend, backends, left, node, plan, pod, service

NODES = (node("win-1", 1), node("win-2", 2), node("linux-1", 3, "linux"))
PODS = (pod("here", "10.244.1.10"), pod("there", "10.244.2.10", "win-2"))
HERE, THERE = backend("10.244.1.10"), backend("10.244.2.10", "win-2")
LINUX = backend("10.244.3.10", "linux-1")
BOTH = backends("web", HERE, THERE)
INGRESS = {"loadBalancer": {"ingress": [{"ip": "198.51.100.7"}]}}


def balancers(*objects: Json, has_dsr: bool = True) -> list[Json]:
    """Return the load balancers of win-1."""
    made = plan(*NODES, *PODS, *objects, options=Options(has_dsr=has_dsr))
    return [one.document for one in made.hosts[0].balancers]


def short(one: Json) -> tuple[Any, ...]:
    """Return VIPs, outer and inner port, number of backends, and the flags of both kinds."""
    (mapping,) = one["PortMappings"]
    return (
        ",".join(one.get("FrontendVIPs", [])),
        mapping["ExternalPort"],
        mapping["InternalPort"],
        len(one["HostComputeEndpoints"]),
        one.get("Flags", 0),
        mapping.get("Flags", 0),
    )


CLUSTER = ("10.96.0.9", 80, 8080, 2, 1, 0)
NODE_PORT = {"port": 80, "targetPort": 8080, "nodePort": 30080}
MADE: list[tuple[Json, list[tuple[Any, ...]]]] = [
    (service("web"), [CLUSTER]),
    (service("web", {"port": 8080}), [("10.96.0.9", 8080, 8080, 2, 1, 0)]),
    (service("web", {"port": 80, "targetPort": "http"}), [CLUSTER]),
    (service("web", NODE_PORT, type="NodePort"), [CLUSTER, ("", 30080, 8080, 2, 0, 18)]),
    (service("web", NODE_PORT, type="NodePort", externalTrafficPolicy="Local"),
     [CLUSTER, ("", 30080, 8080, 1, 1, 18)]),
    (service("web", internalTrafficPolicy="Local"), [("10.96.0.9", 80, 8080, 1, 1, 0)]),
    (service("web", externalIPs=["203.0.113.7", "2001:db8::7"]),
     [CLUSTER, ("203.0.113.7", 80, 8080, 2, 0, 16)]),
    (service("web", externalIPs=["203.0.113.7"], externalTrafficPolicy="Local"),
     [CLUSTER, ("203.0.113.7", 80, 8080, 1, 1, 16)]),
    (service("web", NODE_PORT, type="LoadBalancer") | {"status": INGRESS},
     [CLUSTER, ("", 30080, 8080, 2, 0, 18), ("198.51.100.7", 80, 8080, 2, 0, 16)]),
    (service("web", type="LoadBalancer", externalTrafficPolicy="Local") | {"status": INGRESS},
     [CLUSTER, ("198.51.100.7", 80, 8080, 1, 1, 16)]),
    (service("web", clusterIP="fd00::9", clusterIPs=["fd00::9", "10.96.0.9"]), [CLUSTER]),
    (service("web", {"name": "other", "port": 80}), []),
    (service("web", {"protocol": "UDP", "port": 80}), []),
]  # fmt: skip


@pytest.mark.parametrize(("made_of", "expected"), MADE)
def test_a_service_has_one_for_each_way_in(made_of: Json, expected: list[object]) -> None:
    assert [short(one) for one in balancers(made_of, BOTH)] == expected


def test_an_annotation_preserves_the_address_of_the_service() -> None:
    made_of = service("web", NODE_PORT, type="LoadBalancer") | {"status": INGRESS}
    made_of["metadata"]["annotations"] = {"preserve-destination": "true"}
    assert [short(one) for one in balancers(made_of, BOTH)] == [
        CLUSTER, ("", 30080, 8080, 1, 0, 18), ("198.51.100.7", 80, 8080, 1, 1, 28)
    ]  # fmt: skip


def test_an_ingress_address_that_is_a_proxy_s_is_none_of_the_node_s() -> None:
    ingress = {"loadBalancer": {"ingress": [{"ip": "198.51.100.7", "ipMode": "Proxy"},
                                            {"hostname": "lb.example.com"}]}}  # fmt: skip
    made_of = service("web", type="LoadBalancer") | {"status": ingress}
    assert [short(one) for one in balancers(made_of, BOTH)] == [CLUSTER]


def test_without_dsr_a_cluster_ip_goes_through_the_host() -> None:
    (made,) = balancers(service("web"), BOTH, has_dsr=False)
    assert "Flags" not in made
    assert made["SourceVIP"] == "10.0.0.11"


def test_session_affinity_distributes_by_client() -> None:
    (made,) = balancers(service("web", sessionAffinity="ClientIP"), BOTH)
    assert made["PortMappings"][0]["DistributionType"] == 2


@pytest.mark.parametrize(("protocol", "number"), [("TCP", 6), ("UDP", 17), ("SCTP", 132)])
def test_protocols_are_numbers(protocol: str, number: int) -> None:
    port = {"port": 80, "protocol": protocol}
    slices = backends("web", HERE, ports=[{"port": 8080, "protocol": protocol}])
    (made,) = balancers(service("web", port), slices)
    assert made["PortMappings"][0]["Protocol"] == number


USED: list[tuple[Json, list[Json], int]] = [
    (service("web"), [HERE, backend("10.244.2.10", "win-2", ready=False)], 1),
    (service("web"), [backend("10.244.1.10", ready=False, serving=True)], 0),
    (service("web") | {"status": INGRESS}, [backend("10.244.1.10", ready=False, serving=True)], 1),
    (service("web") | {"status": INGRESS}, [HERE, backend("10.244.2.10", ready=False)], 1),
    (service("web"), [HERE, HERE], 1),
    (service("web"), [HERE, LINUX], 2),
    (service("web"), [{"addresses": ["10.244.1.10"]}], 1),
]


@pytest.mark.parametrize(("made_of", "endpoints", "count"), USED)
def test_backends_are_those_that_are_ready(
    made_of: Json, endpoints: list[Json], count: int
) -> None:
    made = balancers(made_of, backends("web", *endpoints))
    assert len(made[0]["HostComputeEndpoints"] if made else []) == count


def test_a_backend_elsewhere_is_a_remote_endpoint_and_one_here_the_pod() -> None:
    (host, _) = plan(*NODES, *PODS, service("web"), backends("web", HERE, LINUX)).hosts
    (remote,) = (made.document for made in host.remotes)
    assert remote["IpConfigurations"] == [{"IpAddress": "10.244.3.10"}]
    assert (remote["MacAddress"], remote["Flags"]) == ("02-11-0a-f4-03-0a", 1)
    (made,) = host.balancers
    assert made.document["HostComputeEndpoints"] == [host.pods[0].document["ID"], remote["ID"]]


def test_a_service_of_this_node_alone_needs_no_remote_endpoints() -> None:
    here_only = service("web", internalTrafficPolicy="Local", externalTrafficPolicy="Local")
    (host, _) = plan(*NODES, *PODS, here_only, BOTH).hosts
    assert host.remotes == []


def test_a_backend_without_an_endpoint_is_passed_over_and_named() -> None:
    made = plan(*NODES, *PODS, service("web"), backends("web", HERE, backend("10.0.0.11")))
    assert [len(one.document["HostComputeEndpoints"]) for one in made.hosts[0].balancers] == [1]
    assert left(made, "Service") == [
        ("web", "on win-1: its backend 10.0.0.11 has no endpoint; kube-proxy skips it")
    ]


LEFT: list[tuple[Json, str]] = [
    (service("web", clusterIP="None"), "it is headless"),
    (service("web", type="ExternalName", externalName="example.com"), "ExternalName: it is a name"),
    (service("web", clusterIP="fd00::9"), "it has no cluster IP that is IPv4"),
    (service("web") | {"spec": {"clusterIP": "10.96.0.9"}}, "it has no ports"),
    (service("other"), "no host has a backend for it that is ready"),
]


@pytest.mark.parametrize(("made_of", "reason"), LEFT)
def test_other_services_are_left_with_the_reason(made_of: Json, reason: str) -> None:
    made = plan(*NODES, *PODS, made_of, BOTH)
    ((name, said),) = left(made, "Service")
    assert name == made_of["metadata"]["name"]
    assert said.startswith(reason)
    assert not made.hosts[0].balancers


def test_what_kube_proxy_does_not_do_is_named() -> None:
    made = plan(*NODES, *PODS, service("web", loadBalancerSourceRanges=["10.0.0.0/8"]), BOTH)
    assert left(made, "Service") == [
        ("web", "loadBalancerSourceRanges: kube-proxy on Windows lets all clients in")
    ]


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (backends("web", addressType="IPv6"), "no host has IPv6"),
        (
            backends("web", addressType="FQDN"),
            "its addresses are names, which kube-proxy does not resolve",
        ),
        (backends("api", HERE), "no load balancer is made of the service api"),
        (backends("", HERE), "it has no label kubernetes.io/service-name"),
    ],
)
def test_other_slices_are_left_with_the_reason(one: Json, reason: str) -> None:
    made = plan(*NODES, *PODS, service("web"), one)
    assert [said for _, said in left(made, "EndpointSlice")] == [reason]
