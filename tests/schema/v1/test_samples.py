"""Documents have the key paths and types of those captured on real hosts.

What differs stands in the table of the sample, with the reason.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.domain.attachments import Attachment, SystemType
from app.domain.hosts import ExternalSwitch, HostDefinition
from app.domain.releases import RELEASES
from app.host import SeededSource
from app.schema.v1.dialect import (
    endpoint_from_v1,
    network_from_v1,
    policy_list_from_v1,
    render_v1,
)
from app.schema.v2.loadbalancers import HostComputeLoadBalancer
from app.schema.v2.query import EVERYTHING, read_query
from app.schema.v2.render_policylists import load_balancer_document
from app.services import (
    endpoint_attach,
    endpoints,
    hosts,
    loadbalancers,
    namespaces,
    networks,
)
from app.storage.engine import Database, Hns

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "reference" / "samples"

Document = Any


class Lab:
    """A fresh host of one release, and HNS 1 documents of what is made on it."""

    def __init__(self, database: Database, release: str, *switches: str) -> None:
        """Make the host."""
        self.release = RELEASES[release]
        self.hns = Hns(database, "lab", SeededSource())
        external = tuple(ExternalSwitch(name) for name in switches)
        hosts.ensure_host(
            self.hns, HostDefinition(release=self.release, external_switches=external)
        )

    def network(self, **document: object) -> Document:
        """Make a network; a NAT one takes the place of the host's own."""
        return self.show(networks.create_network(self.hns, network_from_v1(document)))

    def named(self, name: str) -> Document:
        """Return the network called `name`."""
        found = networks.list_networks(self.hns, read_query(json.dumps({"Name": name})))
        return self.show(found[0])

    def endpoint(self, **document: object) -> Document:
        """Make an endpoint."""
        asked = endpoint_from_v1(document)
        return self.show(
            endpoints.create_endpoint(self.hns, None, asked.document, asked.network_name)
        )

    def show(self, fact: Any) -> Document:
        """Return an object as HNS 1 prints it."""
        return orjson.loads(orjson.dumps(render_v1(fact, self.release, "release")))


def paths(value: Document, at: str = "") -> Iterator[tuple[str, str]]:
    """Yield every key path with the type of its value; items of a list share one path."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from paths(member, f"{at}.{key}" if at else key)
    elif isinstance(value, list):
        for item in value:
            yield from paths(item, f"{at}[]")
    else:
        yield (
            at,
            "number"
            if isinstance(value, int) and not isinstance(value, bool)
            else type(value).__name__,
        )


def difference(sample: Document, ours: Document, *, partial: bool) -> set[str]:
    """Return the key paths that only one side has, or that differ in type."""
    theirs, mine = set(paths(sample)), set(paths(ours))
    if partial:
        heads = {path.partition(".")[0].partition("[")[0] for path, _ in theirs}
        mine = {each for each in mine if each[0].partition(".")[0].partition("[")[0] in heads}
    return {path for path, _ in theirs ^ mine}


def sample(name: str) -> Document:
    """Return a captured document, out of its envelope."""
    found = json.loads((SAMPLES / f"{name}.json").read_text())
    return found["Output"] if isinstance(found, dict) and "Output" in found else found


OVERLAY = {
    "Name": "External",
    "Type": "overlay",
    "Subnets": [
        {
            "AddressPrefix": "192.168.255.0/30",
            "GatewayAddress": "192.168.255.1",
            "Policies": [{"Type": "VSID", "VSID": 9999}],
        }
    ],
}


def nat_network(lab: Lab) -> Document:
    """Return a NAT network that HNS chose the prefix of."""
    return lab.network(Name="mynat", Type="nat")


def attached_endpoint(lab: Lab) -> Document:
    """Return an endpoint of a Transparent network with a container in it."""
    network = lab.network(
        Name="external",
        Type="Transparent",
        Subnets=[{"AddressPrefix": "10.0.1.0/24", "GatewayAddress": "10.0.1.1"}],
    )
    made = lab.endpoint(VirtualNetwork=network["ID"], IPAddress="10.0.1.5")
    container = Attachment(SystemType.CONTAINER, "6b69")
    return lab.show(endpoint_attach.attach_endpoint(lab.hns, made["ID"].lower(), container))


def policy_list(lab: Lab, **elb: object) -> Document:
    """Return an ELB list with one backend."""
    network = lab.network(**OVERLAY)
    backend = lab.endpoint(
        VirtualNetwork=network["ID"], IsRemoteEndpoint=True, IPAddress="10.9.9.9"
    )
    document = {
        "References": [f"/endpoints/{backend['ID']}"],
        "Policies": [
            {
                "Type": "ELB",
                "ExternalPort": 80,
                "InternalPort": 8080,
                "Protocol": 6,
                "SourceVIP": "192.168.255.2",
                **elb,
            }
        ],
    }
    asked = policy_list_from_v1(document)
    assert isinstance(asked, HostComputeLoadBalancer)
    return lab.show(loadbalancers.create_load_balancer(lab.hns, asked))


CASES: list[tuple[str, str, Callable[[Lab], Document], bool, dict[str, str]]] = [
    ("v1-network-nat-post-reply-hns13.3", "ws2022", nat_network, False, {}),
    (
        "v1-network-ics-default-switch-hns15.0",
        "win11",
        lambda lab: lab.named("Default Switch"),
        False,
        {
            "Health": "the author of the capture had stripped Health",
            "Resources": "inside Health: the same",
            "Subnets": "inside Health: the same",
        },
    ),
    ("v1-network-transparent-hns9.1", "ws2019-rtm", lambda lab: lab.named("WLAN"), False, {}),
    (
        "v1-network-type-internal-hns10.3-partial",
        "ws1903",
        lambda lab: lab.network(
            Name="inside", Type="Internal", Subnets=[{"AddressPrefix": "172.26.64.0/20"}]
        ),
        True,
        {},
    ),
    (
        "v1-endpoint-nat-post-output-hns13.3",
        "ws2022",
        lambda lab: lab.endpoint(VirtualNetworkName="nat", EnableInternalDNS=True),
        False,
        {},
    ),
    (
        "v1-endpoint-nat-post-output-hns9.2",
        "ws2019",
        lambda lab: lab.endpoint(VirtualNetworkName="nat", EnableInternalDNS=True),
        False,
        {},
    ),
    (
        "v1-endpoint-transparent-attached-hns9.1-partial",
        "ws2019-rtm",
        attached_endpoint,
        True,
        {"Resources": "the capture was cut to one allocator and lacks what later ones show"},
    ),
    (
        "v1-policylist-elb-made-by-v2-hns9.2",
        "ws2019",
        lambda lab: policy_list(lab, VIPs=["10.99.234.145"]),
        False,
        {},
    ),
    (
        "v1-policylist-elb-dsr-hns15.0-partial",
        "win11",
        lambda lab: policy_list(lab, IsDSR=True),
        True,
        {"Resources": "the capture is a list view without Resources.Health"},
    ),
]


@pytest.mark.parametrize(
    ("name", "release", "make", "partial", "accepted"), CASES, ids=[case[0] for case in CASES]
)
def test_document_is_like_the_captured_one(
    database: Database,
    name: str,
    release: str,
    make: Callable[[Lab], Document],
    *,
    partial: bool,
    accepted: dict[str, str],
) -> None:
    lab = Lab(database, release, "WLAN")
    different = difference(sample(name), make(lab), partial=partial)
    unexplained = {path for path in different if not _is_accepted(path, accepted)}
    assert unexplained == set()
    unneeded = {why for why in accepted if not any(_is_accepted(p, {why: ""}) for p in different)}
    assert unneeded == set(), "these explain nothing any more"


def _is_accepted(path: str, accepted: dict[str, str]) -> bool:
    return path.partition(".")[0].partition("[")[0] in accepted


def test_a_host_with_overlay_and_nat_is_like_the_captured_one(database: Database) -> None:
    lab = Lab(database, "ws2019")
    lab.network(**OVERLAY)
    listed = {
        each["Type"].lower(): each
        for each in map(lab.show, networks.list_networks(lab.hns, EVERYTHING))
    }
    for captured in sample("v1-networks-get-overlay-nat-hns9.2"):
        different = difference(captured, listed[captured["Type"]], partial=False)
        # One host showed an MTU, lowered by its other network.
        assert different <= {"Resources.Allocators[].MTU"}


def test_networks_of_the_first_generation_are_like_the_captured_one(database: Database) -> None:
    lab = Lab(database, "ws2016")
    made = lab.network(Name="p", Type="Private", Subnets=[{"AddressPrefix": "172.28.160.0/20"}])
    (captured,) = sample("v1-networks-get-ws2016era-hns1.1")
    assert difference(captured, made, partial=False) == set()
    assert made["ID"] == made["ID"].lower()


def test_remote_l2bridge_endpoints_are_like_the_captured_one(database: Database) -> None:
    lab = Lab(database, "ws2019-rtm")
    network = lab.network(
        Name="azure", Type="l2bridge", Subnets=[{"AddressPrefix": "10.240.0.0/16"}]
    )
    made = lab.endpoint(
        VirtualNetwork=network["ID"],
        IsRemoteEndpoint=True,
        IPAddress="10.240.0.11",
        MacAddress="02-11-0a-f0-00-0b",
        DNSServerList="10.0.0.10",
    )
    captured = sample("v1-endpoint-remote-l2bridge-hns9-partial")
    for same in ("EncapOverhead", "IsRemoteEndpoint", "MacAddress", "Name", "PrefixLength"):
        assert made[same] == captured[same]
    assert made["Policies"] == captured["Policies"]


def test_namespaces_are_like_the_captured_one(database: Database) -> None:
    lab = Lab(database, "ws2022")
    (found,) = namespaces.list_namespaces(lab.hns, EVERYTHING)
    made = lab.show(found)
    captured = sample("v1-namespace-get-hns13.3-partial")
    different = difference(captured, made, partial=True)
    # The default namespace of an idle host holds nothing.
    assert different == {"Containers[]", "ResourceList[].Type", "ResourceList[].Data.Id"}


def test_load_balancers_in_hcn_are_like_the_captured_one(database: Database) -> None:
    lab = Lab(database, "ws2019")
    policy_list(lab, VIPs=["10.99.234.145"])
    (balancer,) = loadbalancers.list_load_balancers(lab.hns, EVERYTHING)
    shown = orjson.loads(orjson.dumps(load_balancer_document(balancer, lab.release)))
    captured = sample("v2-loadbalancer-create-result-hns9.2")
    assert difference(captured, shown, partial=True) == set()
