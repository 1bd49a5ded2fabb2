"""What one API stored, the other shows: documents go there and back without an unlisted loss.

The table of losses is in docs/fidelity.md, "Between HNS 1 and HCN 2".
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings

from hnsemu.policies.catalogue import CATALOGUE
from hnsemu.policies.model import Owner
from hnsemu.schema.base import parse
from hnsemu.schema.bodies import read
from hnsemu.schema.v1.dialect import (
    endpoint_from_v1,
    namespace_from_v1,
    network_from_v1,
    policy_list_from_v1,
    render_v1,
)
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.namespaces import HostComputeNamespace
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.schema.v2.render_endpoints import endpoint_document
from hnsemu.schema.v2.render_namespaces import namespace_document
from hnsemu.schema.v2.render_networks import network_document
from hnsemu.schema.v2.render_policylists import load_balancer_document, sdn_route_document
from hnsemu.schema.v2.routes import HostComputeRoute
from hnsemu.services import endpoints, loadbalancers, namespaces, networks, policylists, routes
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from tests.property import dialects
from tests.property.dialects import ENDPOINT, RELEASE, V2, Json, differences
from tests.services.wires import host

FIDELITY = Path(__file__).resolve().parents[2] / "docs" / "fidelity.md"
_ROW = re.compile(r"^\| ([a-z ]+) \| (`.+?`) \| .+ \|$", re.MULTILINE)

_BY_HNS = {
    "ActivityId", "CreateProcessingStartTime", "CurrentEndpointCount", "Extensions", "GatewayMac",
    "Health", "LayeredOn", "MaxConcurrentEndpoints", "NamespaceGuid", "NamespaceId", "Resources",
    "StartTime", "State", "SwitchGuid", "TotalEndpoints", "Version",
}  # fmt: skip

example = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def losses(noun: str) -> set[str]:
    """Return the paths that docs/fidelity.md lists for a noun."""
    _, _, section = FIDELITY.read_text().partition("## Between HNS 1 and HCN 2")
    rows = _ROW.findall(section.partition("\n## ")[0])
    return {path for of, paths in rows if of == noun for path in re.findall(r"`(.+?)`", paths)}


class Trip:
    """An object made, shown in both dialects, deleted, and made again from what was shown."""

    def __init__(self, hns: Hns, noun: str) -> None:
        """Go with objects of one kind."""
        self.hns = hns
        self.noun = noun

    def from_v2(self, document: Json) -> tuple[Json, Json]:
        """Return what HCN 2 and HNS 1 show of an object made through HCN 2."""
        hns = self.hns
        data = read(orjson.dumps(document))
        if self.noun == "network":
            made: Any = networks.create_network(hns, parse(HostComputeNetwork, data))
        elif self.noun == "endpoint":
            made = endpoints.create_endpoint(hns, None, parse(HostComputeEndpoint, data))
        elif self.noun == "namespace":
            made = namespaces.create_namespace(hns, parse(HostComputeNamespace, data))
        elif self.noun == "load balancer":
            balancer = parse(HostComputeLoadBalancer, data)
            made = loadbalancers.create_load_balancer(hns, balancer)
        else:
            made = routes.create_sdn_route(hns, parse(HostComputeRoute, data))
        return self._shown(made)

    def from_v1(self, document: Json) -> tuple[Json, Json]:
        """Return the same of an object made through HNS 1."""
        hns = self.hns
        data = read(orjson.dumps(document))
        if self.noun == "network":
            made: Any = networks.create_network(hns, network_from_v1(data))
        elif self.noun == "endpoint":
            body = endpoint_from_v1(data)
            made = endpoints.create_endpoint(hns, None, body.document, body.network_name)
        elif self.noun == "namespace":
            made = namespaces.create_namespace(hns, namespace_from_v1(data))
        else:
            read_list = policy_list_from_v1(data)
            if isinstance(read_list, HostComputeLoadBalancer):
                made = loadbalancers.create_load_balancer(hns, read_list)
            else:
                assert isinstance(read_list, HostComputeRoute)
                made = routes.create_sdn_route(hns, read_list)
        return self._shown(made)

    def _shown(self, made: Any) -> tuple[Json, Json]:
        """Return what both dialects show, and delete the object."""
        render: dict[str, Callable[..., object]] = {
            "network": network_document,
            "endpoint": endpoint_document,
            "namespace": namespace_document,
            "load balancer": load_balancer_document,
            "route list": sdn_route_document,
        }
        delete: dict[str, Callable[[Hns, str], None]] = {
            "network": networks.delete_network,
            "endpoint": endpoints.delete_endpoint,
            "namespace": namespaces.delete_namespace,
            "load balancer": policylists.delete_policy_list,
            "route list": policylists.delete_policy_list,
        }
        v2 = orjson.loads(orjson.dumps(render[self.noun](made, RELEASE)))
        v1 = orjson.loads(orjson.dumps(render_v1(made, RELEASE, "friendly")))
        delete[self.noun](self.hns, made.id)
        return v2, v1

    def lost(self, document: Json) -> tuple[set[str], set[str]]:
        """Return what HCN 2 loses through HNS 1, and what HNS 1 loses through HCN 2."""
        v2, v1 = self.from_v2(document)
        v2_back, v1_first = self.from_v1(v1)
        _, v1_back = self.from_v2(v2_back)
        return differences(_own(v2), _own(v2_back)), differences(_own(v1_first), _own(v1_back))


def _own(document: Json) -> Json:
    """Return the document without what HNS writes by itself."""
    return {name: member for name, member in document.items() if name not in _BY_HNS}


@pytest.fixture
def hns(database: Database) -> Hns:
    """Return a fresh host of the newest release."""
    return host(database, RELEASE.name)


@pytest.fixture
def pods(hns: Hns) -> Hns:
    """Return the host with a network for endpoints."""
    add_pods(hns)
    return hns


@pytest.fixture
def backend(pods: Hns) -> Hns:
    """Return the host with an endpoint for lists, too."""
    add_backend(pods)
    return pods


def add_pods(hns: Hns) -> None:
    """Make a network for endpoints."""
    network = {
        "ID": dialects.NETWORK,
        "Name": "pods",
        "Type": "L2Bridge",
        "Ipams": [
            {
                "Subnets": [
                    {
                        "IpAddressPrefix": "10.5.0.0/16",
                        "Routes": [{"NextHop": "10.5.0.1", "DestinationPrefix": "0.0.0.0/0"}],
                        "IpSubnets": [
                            {"ID": dialects.GUID, "IpAddressPrefix": "10.5.0.0/24", "Flags": 3}
                        ],
                    }
                ]
            }
        ],
        **V2,
    }
    networks.create_network(hns, parse(HostComputeNetwork, network))


def add_backend(hns: Hns) -> None:
    """Make an endpoint for lists."""
    document = {"ID": dialects.BACKEND, "HostComputeNetwork": dialects.NETWORK, **V2}
    endpoints.create_endpoint(hns, None, parse(HostComputeEndpoint, document))


def check(trip: Trip, document: Json) -> None:
    """Fail when something is lost that docs/fidelity.md does not list."""
    through_v1, through_v2 = trip.lost({**V2, **document})
    assert through_v1 <= losses(trip.noun)
    assert not through_v2


@example
@given(dialects.networks)
def test_networks_go_there_and_back(hns: Hns, document: Json) -> None:
    check(Trip(hns, "network"), document)


@example
@given(dialects.endpoints)
def test_endpoints_go_there_and_back(pods: Hns, document: Json) -> None:
    check(Trip(pods, "endpoint"), document)


@example
@given(dialects.namespaces)
def test_namespaces_go_there_and_back(hns: Hns, document: Json) -> None:
    check(Trip(hns, "namespace"), document)


@example
@given(dialects.load_balancers)
def test_load_balancers_go_there_and_back(backend: Hns, document: Json) -> None:
    check(Trip(backend, "load balancer"), document)


@example
@given(dialects.sdn_routes)
def test_route_lists_go_there_and_back(backend: Hns, document: Json) -> None:
    check(Trip(backend, "route list"), document)


def test_every_policy_that_can_be_made_goes_there_and_back() -> None:
    known = {(Owner.ENDPOINT, kind) for kind in dialects.ENDPOINT_POLICIES}
    known |= {(Owner.NETWORK, kind) for kind in dialects.NETWORK_POLICIES}
    left_out = {(row.owner, row.name) for row in CATALOGUE} - known
    assert left_out == {
        (Owner.ENDPOINT, "Encryption"),  # refused
        (Owner.NETWORK, "ProviderAddress"),  # it names an adapter of the host
        (Owner.NETWORK, "LayerConstraint"),  # and this one a switch
        (Owner.SUBNET, "VLAN"),
        (Owner.SUBNET, "VSID"),  # in every network
    }


_BASE: Json = {**V2, "Name": "all", "Owner": "me"}
_ROUTE: Json = {"NextHop": "10.5.0.1", "DestinationPrefix": "10.77.0.0/16", "Metric": 5}
LOSING: list[tuple[str, Json]] = [
    (
        "network",
        {
            "ID": dialects.NETWORK,
            "Type": "L2Bridge",
            "Dns": {"Options": ["ndots:5"]},
            "Ipams": [
                {
                    "Type": "Dhcp",
                    "Subnets": [{"IpAddressPrefix": "10.6.0.0/16", "Routes": [_ROUTE]}],
                }
            ],
            "Policies": [
                {"Type": "AutomaticDNS", "Settings": {"Enable": False}},
                {
                    "Type": "VSwitchExtension",
                    "Settings": {
                        "ExtensionID": "430bdadd-bab0-41ab-a369-94b67fa5be0a",
                        "Enable": False,
                    },
                },
            ],
        },
    ),
    (
        "endpoint",
        {
            "ID": ENDPOINT,
            "HostComputeNetwork": dialects.NETWORK,
            "Dns": {"Options": ["ndots:5"]},
            "IpConfigurations": [{"IpAddress": "10.5.0.7"}, {"IpAddress": "10.5.0.8"}],
            "Routes": [_ROUTE],
        },
    ),
    ("namespace", {"ID": dialects.GUID, "Type": "Guest"}),
    (
        "load balancer",
        {
            "ID": dialects.GUID,
            "HostComputeEndpoints": [dialects.BACKEND],
            "PortMappings": [
                {"InternalPort": 80, "ExternalPort": 80, "DistributionType": 2, "Flags": 31}
            ],
            "FrontendVIPs": ["fd00::1"],
        },
    ),
    (
        "route list",
        {
            "ID": dialects.GUID,
            "HostComputeEndpoints": [dialects.BACKEND],
            "Routes": [{"DestinationPrefix": "10.96.0.0/12"}],
        },
    ),
]


@pytest.mark.parametrize(("noun", "document"), LOSING, ids=[noun for noun, _ in LOSING])
def test_what_is_listed_is_lost(hns: Hns, noun: str, document: Json) -> None:
    if noun != "network":
        add_pods(hns)
        add_backend(hns)
    through_v1, _ = Trip(hns, noun).lost(_BASE | document)
    assert through_v1 == losses(noun)
