"""Documents have the key paths, types and key order of those captured on real hosts.

The table of a sample lists the differences, with the reasons.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest

from hnsemu.domain.attachments import SystemType
from hnsemu.domain.facts import Policy
from hnsemu.domain.releases import RELEASES
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v1 import envelope, policies
from hnsemu.schema.v2.query import EVERYTHING
from hnsemu.schema.v2.render_policylists import load_balancer_document
from hnsemu.services import loadbalancers, namespaces
from hnsemu.storage.database import Database
from tests.schema.v1.lab import OVERLAY, Document, Lab

SAMPLES = Path(__file__).resolve().parents[2] / "samples"

_CUT = "the capture ends here"


@dataclass(frozen=True)
class Sample:
    """A captured document, and how to make the same on a host of its release.

    partial:  only the members that the capture has are compared.
    accepted: path prefixes that differ, each with the reason.
    """

    name: str
    release: str
    make: Callable[[Lab], Document]
    partial: bool = False
    accepted: dict[str, str] = field(default_factory=dict)


def overlay_endpoint(lab: Lab, **more: object) -> Document:
    """Return an endpoint of an overlay network, as Calico makes it."""
    network = lab.network(
        Name="Calico",
        Type="Overlay",
        Subnets=[
            {
                "AddressPrefix": "10.1.18.64/26",
                "GatewayAddress": "10.1.18.65",
                "Policies": [{"Type": "VSID", "VSID": 4096}],
            }
        ],
    )
    return lab.endpoint(VirtualNetwork=network["ID"], **more)


def pod_endpoint(lab: Lab) -> Document:
    """Return the endpoint of a pod of Calico."""
    return overlay_endpoint(
        lab,
        Name="0dd1_Calico",
        MacAddress="0E-2A-0a-01-12-43",
        IPAddress="10.1.18.67",
        DNSServerList="10.152.183.10",
        DNSSuffix="default.svc.cluster.local,svc.cluster.local,cluster.local",
        Policies=[
            {"Type": "OutBoundNAT", "ExceptionList": ["10.152.183.0/24", "10.1.0.0/16"]},
            {"Type": "ROUTE", "DestinationPrefix": "10.152.183.0/24", "NeedEncap": True},
        ],
    )


def remote_overlay_endpoint(lab: Lab) -> Document:
    """Return the endpoint that kube-proxy makes for a service."""
    return overlay_endpoint(
        lab,
        IsRemoteEndpoint=True,
        IPAddress="10.99.234.145",
        MacAddress="08:00:27:09:de:92",
        Policies=[{"Type": "PA", "PA": "10.20.30.11"}],
    )


def remote_l2bridge_endpoint(lab: Lab) -> Document:
    """Return the endpoint that kube-proxy makes for a pod of another node."""
    network = lab.network(
        Name="azure",
        Type="l2bridge",
        Subnets=[{"AddressPrefix": "10.240.0.0/16", "GatewayAddress": "10.240.0.1"}],
    )
    return lab.endpoint(
        VirtualNetwork=network["ID"],
        IsRemoteEndpoint=True,
        IPAddress="10.240.0.11",
        MacAddress="02-11-0a-f0-00-0b",
        DNSServerList="10.0.0.10",
    )


def transparent_endpoint(lab: Lab) -> Document:
    """Return an endpoint of a Transparent network, requested as OVN-Kubernetes does."""
    network = lab.network(
        Name="external",
        Type="Transparent",
        Subnets=[{"AddressPrefix": "10.0.1.0/24", "GatewayAddress": "10.0.1.1"}],
    )
    document = captured("v1-endpoint-post-request-transparent")
    return lab.endpoint(**{**document, "VirtualNetwork": network["ID"]})


def attached_endpoint(lab: Lab) -> Document:
    """Return that endpoint with a container in it."""
    return lab.attach(transparent_endpoint(lab), SystemType.CONTAINER, "6b69")


def allocator(lab: Lab, endpoint: Document, tag: str) -> Document:
    """Return one allocator of an endpoint that is attached to the host."""
    attached = lab.attach(endpoint, SystemType.HOST)
    found = [
        allocator for allocator in attached["Resources"]["Allocators"] if allocator["Tag"] == tag
    ]
    return found[0]


def wsl(lab: Lab) -> Document:
    """Return the network of WSL."""
    return lab.network(
        ID="790E58B4-7939-4434-9358-89AE7DDBE87E",
        Name="WSL (Hyper-V firewall)",
        Type="ICS",
        Flags=265,
        IsolateSwitch=True,
        DNSServerList="172.19.80.1",
        Subnets=[{"AddressPrefix": "172.19.80.0/20", "GatewayAddress": "172.19.80.1"}],
    )


def balanced(lab: Lab, **elb: object) -> Document:
    """Return an ELB list with one backend."""
    network = lab.network(**OVERLAY)
    backend = lab.endpoint(
        VirtualNetwork=network["ID"], IsRemoteEndpoint=True, IPAddress="10.9.9.9"
    )
    ports = {"ExternalPort": 80, "InternalPort": 8080, "Protocol": 6}
    policy = {"Type": "ELB", **ports, "SourceVIP": "192.168.255.2", **elb}
    return lab.policy_list([backend], policy)


def of_type(kind: str) -> Callable[[Lab], Document]:
    """Return what gives the network of a type on a host with an overlay and the NAT network."""

    def make(lab: Lab) -> Document:
        lab.network(**{**OVERLAY, "Type": "overlay"})
        return next(network for network in lab.networks() if network["Type"].lower() == kind)

    return make


_STRIPPED = {
    "Health": "the author of the capture had stripped Health",
    "Resources.Health": "the same",
    "Resources.Allocators[].Health": "the same",
    "Subnets[].Health": "the same",
    "Subnets[].IpSubnets[].Health": "the same",
}

CASES = [
    Sample(
        "v1-networks-get-ws2016era-hns1.1",
        "ws2016",
        lambda lab: lab.network(
            Name="p", Type="Private", Subnets=[{"AddressPrefix": "172.28.160.0/20"}]
        ),
    ),
    Sample("v1-network-transparent-hns9.1", "ws2019-rtm", lambda lab: lab.named("WLAN")),
    Sample("v1-networks-get-overlay-nat-hns9.2/0", "ws2019", of_type("overlay")),
    Sample(
        "v1-networks-get-overlay-nat-hns9.2/1",
        "ws2019",
        of_type("nat"),
        accepted={"Resources.Allocators[].MTU": "lowered by the other network on one host only"},
    ),
    Sample(
        "v1-network-type-internal-hns10.3-partial",
        "ws1903",
        lambda lab: lab.network(
            Name="inside", Type="Internal", Subnets=[{"AddressPrefix": "172.26.64.0/20"}]
        ),
        partial=True,
    ),
    Sample(
        "v1-network-nat-post-reply-hns13.3",
        "ws2022",
        lambda lab: lab.network(Name="mynat", Type="nat"),
    ),
    Sample(
        "v1-network-overlay-external-ws2022-head-partial",
        "ws2022",
        lambda lab: lab.network(**OVERLAY, NetworkAdapterName="Ethernet 2"),
        partial=True,
        accepted={"Subnets": _CUT},
    ),
    Sample(
        "v1-network-ics-default-switch-hns15.0",
        "win11",
        lambda lab: lab.named("Default Switch"),
        accepted=_STRIPPED,
    ),
    Sample("v1-network-ics-wsl-hns15.0", "win11", wsl, accepted=_STRIPPED),
    Sample(
        "v1-endpoint-transparent-post-output-hns9.1-partial",
        "ws2019-rtm",
        transparent_endpoint,
        partial=True,
        accepted={"Resources": _CUT},
    ),
    Sample(
        "v1-endpoint-transparent-attached-hns9.1-partial",
        "ws2019-rtm",
        attached_endpoint,
        partial=True,
        accepted={
            "Resources.AdditionalParams": "the capture begins behind it",
            "Resources.AllocationOrder": "the same",
            "Resources.Allocators[]": "the capture begins behind the first allocator",
        },
    ),
    Sample(
        "v1-endpoint-host-attached-port-allocator-hns9.1",
        "ws2019-rtm",
        lambda lab: allocator(lab, transparent_endpoint(lab), "Endpoint Port"),
    ),
    Sample(
        "v1-endpoint-nat-post-output-hns9.2",
        "ws2019",
        lambda lab: lab.endpoint(VirtualNetworkName="nat", EnableInternalDNS=True),
    ),
    Sample("v1-endpoint-calico-vxlan-hns9-partial", "ws2019", pod_endpoint, partial=True),
    Sample(
        "v1-endpoint-remote-l2bridge-hns9-partial", "ws2019", remote_l2bridge_endpoint, partial=True
    ),
    Sample(
        "v1-endpoint-remote-overlay-hns9.2-listing", "ws2019", remote_overlay_endpoint, partial=True
    ),
    Sample(
        "v1-endpoint-nat-post-output-hns13.3",
        "ws2022",
        lambda lab: lab.endpoint(VirtualNetworkName="nat", EnableInternalDNS=True),
    ),
    Sample(
        "v1-endpoint-isolation-allocator-ws2025-hns15",
        "ws2025",
        lambda lab: allocator(lab, lab.endpoint(VirtualNetworkName="nat"), "Isolation Policy"),
    ),
    Sample(
        "v1-namespace-get-hns13.3-partial",
        "ws2022",
        lambda lab: lab.show(namespaces.list_namespaces(lab.hns, EVERYTHING)[0]),
        partial=True,
        accepted={
            "Containers": "the default namespace of an idle host holds nothing",
            "ResourceList": "the same",
        },
    ),
    Sample(
        "v1-policylist-elb-made-by-v2-hns9.2",
        "ws2019",
        lambda lab: balanced(lab, VIPs=["10.99.234.145"]),
    ),
    Sample(
        "v1-policylist-elb-dsr-hns15.0-partial",
        "win11",
        lambda lab: balanced(lab, IsDSR=True),
        partial=True,
        accepted={"Resources.Health": "the capture is a list view without it"},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_document_is_like_the_captured_one(database: Database, case: Sample) -> None:
    theirs, mine = captured(case.name), case.make(Lab(database, case.release, "WLAN"))
    if case.partial:
        mine = {name: value for name, value in mine.items() if name in theirs}
    different = {path for path, _ in set(paths(theirs)) ^ set(paths(mine))}
    assert {path for path in different if not _explained(path, case.accepted)} == set()
    unneeded = {why for why in case.accepted if not any(_explained(p, {why}) for p in different)}
    assert unneeded == set(), "these explain nothing any more"
    assert list(misplaced(theirs, mine)) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_guids_have_the_case_of_the_captured_ones(database: Database, case: Sample) -> None:
    theirs, mine = captured(case.name), case.make(Lab(database, case.release, "WLAN"))
    for name in ("ID", "ActivityId", "VirtualNetwork", "LayeredOn", "SwitchGuid", "IPSubnetId"):
        if name in theirs:
            assert mine[name].isupper() == theirs[name].isupper(), name


def test_values_that_hns_sets_are_those_of_the_captures(database: Database) -> None:
    lab = Lab(database, "ws2019", "WLAN")
    for name, created in (
        ("v1-endpoint-remote-l2bridge-hns9-partial", remote_l2bridge_endpoint(lab)),
        ("v1-endpoint-calico-vxlan-hns9-partial", pod_endpoint(lab)),
    ):
        theirs = captured(name)
        for member in ("EncapOverhead", "MacAddress", "IPAddress", "DNSServerList", "Policies"):
            assert created[member] == theirs[member], (name, member)


def test_load_balancers_in_hcn_are_like_the_captured_one(database: Database) -> None:
    lab = Lab(database, "ws2019")
    balanced(lab, VIPs=["10.99.234.145"])
    (balancer,) = loadbalancers.list_load_balancers(lab.hns, EVERYTHING)
    shown = orjson.loads(orjson.dumps(load_balancer_document(balancer, lab.release)))
    theirs = captured("v2-loadbalancer-create-result-hns9.2")
    mine = {name: value for name, value in shown.items() if name in theirs}
    assert set(paths(theirs)) == set(paths(mine))


def test_a_network_policy_is_the_captured_one() -> None:
    theirs = captured("v1-network-policy-remotesubnetroute")
    translated = policies.to_v2(theirs)
    kept = Policy(translated["Type"], json.dumps(translated["Settings"]))
    assert list(policies.to_v1(kept).items()) == list(theirs.items())


@pytest.mark.parametrize(
    ("name", "release", "hr"),
    [
        ("error-v1-envelope-param-incorrect-pre1809", "ws1803", Hr.E_INVALIDARG),
        ("error-v1-envelope-adapter-not-found-hns9", "ws2019", Hr.HCN_E_ADAPTER_NOT_FOUND),
        ("error-v1-envelope-name-exists", "ws2019", Hr.HCN_E_NETWORK_ALREADY_EXISTS),
    ],
)
def test_envelopes_of_refusals_are_the_captured_ones(name: str, release: str, hr: Hr) -> None:
    shown = json.loads(envelope.failure(HnsError(hr), RELEASES[release]))
    assert list(shown.items()) == list(captured(name).items())


@pytest.mark.parametrize(
    ("name", "release"),
    [
        ("v1-networks-get-overlay-nat-hns9.2", "ws2019"),
        ("v1-network-nat-post-reply-hns13.3", "ws2022"),
    ],
)
def test_envelopes_have_their_members_in_the_captured_order(name: str, release: str) -> None:
    shown = json.loads(envelope.success({}, RELEASES[release]))
    assert list(shown) == list(json.loads((SAMPLES / f"{name}.json").read_text()))


def captured(name: str) -> Document:
    """Return a captured document, out of its envelope and its list."""
    name, _, position = name.partition("/")
    found = json.loads((SAMPLES / f"{name}.json").read_text())
    if isinstance(found, dict):
        found = found.get("Output", found)
    return found[int(position or 0)] if isinstance(found, list) else found


def paths(value: Document, at: str = "") -> Iterator[tuple[str, str]]:
    """Yield every key path with the type of its value; items of a list share one path."""
    if isinstance(value, dict):
        yield at, "object"
        for key, member in value.items():
            yield from paths(member, f"{at}.{key}" if at else key)
    elif isinstance(value, list):
        yield at, "array"
        for item in value:
            yield from paths(item, f"{at}[]")
    else:
        is_number = isinstance(value, int) and not isinstance(value, bool)
        yield at, "number" if is_number else type(value).__name__


def misplaced(theirs: Any, mine: Any, at: str = "") -> Iterator[str]:
    """Yield the paths of objects whose common keys stand in another order."""
    if isinstance(theirs, list) and isinstance(mine, list):
        for one, other in zip(theirs, mine, strict=False):
            yield from misplaced(one, other, f"{at}[]")
    if isinstance(theirs, dict) and isinstance(mine, dict):
        if [their for their in theirs if their in mine] != [
            each for each in mine if each in theirs
        ]:
            yield at or "the document"
        for name in theirs.keys() & mine.keys():
            yield from misplaced(theirs[name], mine[name], f"{at}.{name}")


def _explained(path: str, reasons: dict[str, str] | set[str]) -> bool:
    return any(
        path == reason or path.startswith((f"{reason}.", f"{reason}[")) for reason in reasons
    )
