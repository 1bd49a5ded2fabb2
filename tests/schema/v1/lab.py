"""A fresh host of one release, and HNS 1 documents of the objects created on it."""

import json
from typing import Any

import orjson

from hnsemu.domain.attachments import Attachment, SystemType
from hnsemu.domain.hosts import ExternalSwitch, HostDefinition
from hnsemu.domain.releases import RELEASES
from hnsemu.host import SeededSource
from hnsemu.schema.v1.dialect import (
    endpoint_from_v1,
    namespace_from_v1,
    network_from_v1,
    policy_list_from_v1,
    render_v1,
)
from hnsemu.schema.v1.spelling import Case
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.query import EVERYTHING, read_query
from hnsemu.schema.v2.routes import HostComputeRoute
from hnsemu.services import (
    endpoints,
    hosts,
    loadbalancers,
    namespaces,
    networks,
    policylists,
    routes,
)
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns

Document = Any

OVERLAY: dict[str, object] = {
    "Name": "External",
    "Type": "Overlay",
    "Subnets": [
        {
            "AddressPrefix": "192.168.255.0/30",
            "GatewayAddress": "192.168.255.1",
            "Policies": [{"Type": "VSID", "VSID": 9999}],
        }
    ],
}


class Lab:
    """What HNS 1 answers on a fresh host."""

    def __init__(
        self, database: Database, release: str, *switches: str, case: Case = "release"
    ) -> None:
        """Make the host, with external switches of these names."""
        self.release = RELEASES[release]
        self.case = case
        self.hns = Hns(database, "lab", SeededSource())
        external = tuple(ExternalSwitch(name) for name in switches)
        hosts.ensure_host(
            self.hns, HostDefinition(release=self.release, external_switches=external)
        )

    def network(self, **document: object) -> Document:
        """Make a network."""
        return self.show(networks.create_network(self.hns, network_from_v1(document)))

    def named(self, name: str) -> Document:
        """Return the network called `name`."""
        found = networks.list_networks(self.hns, read_query(json.dumps({"Name": name})))
        return self.show(found[0])

    def networks(self) -> list[Document]:
        """Return every network."""
        return [self.show(network) for network in networks.list_networks(self.hns, EVERYTHING)]

    def endpoint(self, **document: object) -> Document:
        """Make an endpoint."""
        body = endpoint_from_v1(document)
        return self.show(
            endpoints.create_endpoint(self.hns, None, body.document, body.network_name)
        )

    def attach(self, endpoint: Document, kind: SystemType, name: str = "") -> Document:
        """Attach an endpoint."""
        to = Attachment(kind, name)
        return self.show(endpoints.attach_endpoint(self.hns, endpoint["ID"].lower(), to))

    def namespace(self, **document: object) -> Document:
        """Make a namespace."""
        body = namespace_from_v1(document)
        return self.show(namespaces.create_namespace(self.hns, body))

    def policy_list(self, references: list[Document], *flat: object) -> Document:
        """Make a policy list for these endpoints."""
        named = [f"/endpoints/{reference['ID']}" for reference in references]
        document = policy_list_from_v1({"References": named, "Policies": list(flat)})
        if isinstance(document, HostComputeLoadBalancer):
            return self.show(loadbalancers.create_load_balancer(self.hns, document))
        if isinstance(document, HostComputeRoute):
            return self.show(routes.create_sdn_route(self.hns, document))
        return self.show(policylists.create_policy_list(self.hns, document))

    def show(self, fact: Any) -> Document:
        """Return an object as HNS 1 prints it."""
        return orjson.loads(orjson.dumps(render_v1(fact, self.release, self.case)))
