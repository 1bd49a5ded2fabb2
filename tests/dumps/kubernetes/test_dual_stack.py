"""A cluster of both families has both on an l2bridge, as far as Windows and kube-proxy do."""

import json
from typing import Any

import httpx
import pytest

from hnsemu.dumps.kubernetes.options import Options, PodNetwork, PolicyStyle, read_services
from hnsemu.dumps.kubernetes.plan import HostPlan, Plan
from hnsemu.errors import HnsError
from tests.dumps.kubernetes.objects import (
    Json,
    backend,
    backends,
    left,
    node,
    plan,
    pod,
    policy,
    service,
)

AT_HOME = "status.addresses has no InternalIP of IPv6: packets of IPv6 stay on the host"


def dual_node(name: str, number: int, build: int = 26100) -> Json:
    made = node(name, number, nodeInfo={"kernelVersion": f"10.0.{build}.1"})
    made["spec"] = {"podCIDRs": [f"10.244.{number}.0/24", f"fd00:10:244:{number}::/64"]}
    made["status"]["addresses"].append({"type": "InternalIP", "address": f"fd00::{number}"})
    return made


def dual_pod(name: str, number: int, last: int) -> Json:
    first, second = f"10.244.{number}.{last}", f"fd00:10:244:{number}::{last}"
    made = pod(name, first, f"win-{number}")
    made["status"]["podIPs"] = [{"ip": first}, {"ip": second}]
    return made


def of_ipv6(one: Json) -> Json:
    return {**one, "addressType": "IPv6",
            "metadata": {**one["metadata"], "name": f"{one['metadata']['name']}-ipv6"}}  # fmt: skip


PODS = (dual_pod("here", 1, 10), dual_pod("client", 1, 11), dual_pod("there", 2, 0xA))
BOTH = service("web", clusterIPs=["10.96.0.9", "fd00:10:96::9"])
SLICES = (
    backends("web", backend("10.244.1.10"), backend("10.244.2.10", "win-2")),
    of_ipv6(backends("web", backend("fd00:10:244:1::10"), backend("fd00:10:244:2::10", "win-2"))),
)
CLUSTER = (dual_node("win-1", 1), dual_node("win-2", 2), *PODS, BOTH, *SLICES)


def first(made: Plan) -> HostPlan:
    return made.hosts[0]


def frontends(host: HostPlan) -> list[tuple[Any, ...]]:
    documents = [made.document for made in host.balancers]
    return [
        (one.get("FrontendVIPs"), one.get("Flags", 0), one.get("SourceVIP")) for one in documents
    ]


def test_an_endpoint_has_an_address_and_a_way_out_for_each_family() -> None:
    document = first(plan(*CLUSTER)).pods[0].document
    assert document["IpConfigurations"] == [
        {"IpAddress": "10.244.1.10"}, {"IpAddress": "fd00:10:244:1::10"}
    ]  # fmt: skip
    assert document["Routes"] == [
        {"NextHop": "10.244.1.2", "DestinationPrefix": "0.0.0.0/0"},
        {"NextHop": "fd00:10:244:1::2", "DestinationPrefix": "::/0"},
    ]
    routes = [one["Settings"]["DestinationPrefix"] for one in document["Policies"]
              if one["Type"] == "SDNRoute"]  # fmt: skip
    assert routes == ["10.96.0.0/12", "fd00:10:96::/112", "10.0.0.11/32", "fd00::1/128"]


def test_each_family_has_load_balancers_of_its_own() -> None:
    host = first(plan(*CLUSTER))
    assert frontends(host) == [
        (["10.96.0.9"], 1, "10.0.0.11"),
        (["fd00:10:96::9"], 3, None),
    ]
    remotes = {one.document["IpConfigurations"][0]["IpAddress"]: one.document["MacAddress"]
               for one in host.remotes}  # fmt: skip
    assert remotes == {"10.244.2.10": "02-11-0a-f4-02-0a", "fd00:10:244:2::10": "02-11-10-00-00-00"}


def test_a_node_port_is_one_of_each_family() -> None:
    of_node = service("web", {"port": 80, "targetPort": 8080, "nodePort": 30080}, type="NodePort",
                      clusterIPs=["10.96.0.9", "fd00:10:96::9"])  # fmt: skip
    host = first(plan(*CLUSTER[:5], of_node, *SLICES))
    assert len({made.document["ID"] for made in host.balancers}) == len(host.balancers) == 4


def test_a_service_of_ipv6_alone_has_one() -> None:
    alone = service("web", clusterIP="fd00:10:96::9")
    assert frontends(first(plan(*CLUSTER[:5], alone, *SLICES))) == [(["fd00:10:96::9"], 3, None)]


AGAINST = [
    (26100, PodNetwork.OVERLAY, "kube-proxy on Windows has no dual stack on an overlay"),
    (17763, PodNetwork.L2BRIDGE, "Windows Server 2019 has no dual stack"),
]


@pytest.mark.parametrize(("build", "network", "reason"), AGAINST)
def test_where_windows_or_kube_proxy_have_no_dual_stack_ipv4_stays(
    build: int, network: PodNetwork, reason: str
) -> None:
    nodes = (dual_node("win-1", 1, build), dual_node("win-2", 2, build))
    made = plan(*nodes, *PODS, BOTH, *SLICES, options=Options(network))
    assert [said.startswith("its pod CIDR of IPv6: ") for _, said in left(made, "Node")] == [
        True
    ] * 2
    assert reason in left(made, "Node")[0][1]
    host = first(made)
    assert host.pods[0].document["IpConfigurations"] == [{"IpAddress": "10.244.1.10"}]
    assert [vips for vips, _, _ in frontends(host)] == [["10.96.0.9"]]
    assert left(made, "EndpointSlice") == [("web-1-ipv6", "no host has IPv6")]


def test_what_stays_at_home_is_said() -> None:
    alone = dual_node("win-1", 1)
    del alone["status"]["addresses"][-1]
    made = plan(alone, *CLUSTER[1:], policy("web", {"app": "here"}))
    assert left(made, "Node") == [("win-1", AT_HOME)]
    ((_, said),) = left(made, "NetworkPolicy")
    assert said.startswith("Calico on Windows makes no rule for IPv6")


BLOCK = {"ipBlock": {"cidr": "2001:db8::/126", "except": ["2001:db8::3"]}}


def remotes_allowed(policies: str, *objects: Json) -> list[str]:
    """Return what an IPv6 block of a policy lets in to the first pod."""
    options = Options(policies=PolicyStyle(policies))
    made = first(plan(*objects, policy("web", {"app": "here"}, ingress=[{"from": [BLOCK]}]),
                      options=options))  # fmt: skip
    return [one["Settings"]["RemoteAddresses"] for one in made.pods[0].document["Policies"]
            if one["Settings"].get("Id", "").startswith("policy-")]  # fmt: skip


def test_a_block_of_ipv6_is_an_acl_as_kubernetes_means_it() -> None:
    assert remotes_allowed("kubernetes", *CLUSTER) == ["2001:db8::/127,2001:db8::2/128"]


def test_a_block_of_ipv6_is_named_where_it_makes_no_acl() -> None:
    assert remotes_allowed("calico", *CLUSTER) == []
    into = policy("web", {"app": "here"}, ingress=[{"from": [BLOCK]}])
    said = [what for _, what in left(plan(*CLUSTER, into), "NetworkPolicy")]
    assert "ingress[0].from[0]: Calico on Windows makes no rule for IPv6" in said


def test_a_block_of_ipv6_means_nothing_to_pods_without() -> None:
    alone = (node("win-1", 1), pod("here", "10.244.1.10"))
    assert remotes_allowed("kubernetes", *alone) == []
    into = policy("web", {"app": "here"}, ingress=[{"from": [BLOCK]}])
    options = Options(policies=PolicyStyle.KUBERNETES)
    assert left(plan(*alone, into, options=options), "NetworkPolicy") == [
        ("web", "ingress[0].from[0]: no pod that the policy selects has IPv6")
    ]


def test_the_prefixes_of_services_come_in_any_order() -> None:
    assert list(map(str, read_services("fd00:1::/108, 10.0.0.0/16"))) == [
        "10.0.0.0/16",
        "fd00:1::/108",
    ]
    with pytest.raises(HnsError, match="one prefix of IPv4"):
        read_services("10.0.0.0/16,10.1.0.0/16")


EVERYWHERE = [
    "10.96.0.9", "fd00:10:96::9", "fd00:10:244:1::10", "fd00:10:244:2::10", "10.0.0.12", "fd00::2",
    "2001:db8::1",
]  # fmt: skip


@pytest.mark.parametrize("to", EVERYWHERE)
async def test_a_pod_reaches_other_hosts_in_both_families(
    client: httpx.AsyncClient, to: str
) -> None:
    text = "\n".join(map(json.dumps, CLUSTER))
    answer = await client.post("/emulator/kubernetes", content=text)
    assert answer.json()["made_as"]["networks"].endswith(
        "of IPv6 sdnbridge of windows-container-networking"
    )
    request = {
        "From": {"Endpoint": "shop/client"},
        "Packet": {"Protocol": "TCP", "Destination": to, "DestinationPort": 80},
        "Reply": True,
    }
    walk = (await client.post("/hosts/win-1/host/trace", json=request)).json()
    assert (walk["Verdict"], walk["Reply"]["Verdict"]) == ("Delivered", "Delivered")


async def test_a_matrix_has_both_families_wherever_they_lead(client: httpx.AsyncClient) -> None:
    await client.post("/emulator/kubernetes", content="\n".join(map(json.dumps, CLUSTER)))
    request = {
        "From": ["shop/client"],
        "Addresses": EVERYWHERE,
        "Ports": [{"Protocol": "TCP", "Port": 80}],
    }
    matrix = (await client.post("/hosts/win-1/host/reachability", json=request)).json()
    reasons = [matrix["Outcomes"][outcome]["Reason"] for outcome in matrix["Matrix"][0][0]]
    assert matrix["Delivered"] == len(EVERYWHERE)
    assert reasons == [
        *["DeliveredToEndpoint"] * 4,
        *["DeliveredToHost"] * 2,
        "DeliveredToExternal",
    ]
