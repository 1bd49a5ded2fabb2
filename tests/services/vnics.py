"""Endpoints as tests ask for them, and what they leave in the database."""

from collections.abc import Callable, Mapping

import orjson
import pytest
from sqlalchemy import select

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.networks import Network
from hnsemu.domain.releases import RELEASES
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.query import EVERYTHING, read_query
from hnsemu.schema.v2.render_endpoints import endpoint_document
from hnsemu.services import endpoints, networks
from hnsemu.storage.database import Database
from hnsemu.storage.tables import metadata
from hnsemu.storage.transaction import Hns
from tests.services.wires import SCHEMA, document, subnet

Rows = dict[str, list[tuple[object, ...]]]


def asked(**members: object) -> HostComputeEndpoint:
    """Return the document of an endpoint."""
    return parse(HostComputeEndpoint, {**members, "SchemaVersion": SCHEMA})


def at(*addresses: str, **members: object) -> HostComputeEndpoint:
    """Return the document of an endpoint that wants these addresses."""
    return asked(IpConfigurations=[{"IpAddress": each} for each in addresses], **members)


def carrying(kind: str, **settings: object) -> HostComputeEndpoint:
    """Return the document of an endpoint with one policy."""
    return asked(Policies=[{"Type": kind, "Settings": settings}])


def private(hns: Hns, *prefixes: str, gateway: str = "", **members: object) -> str:
    """Make a network whose only content are pools; return its id."""
    subnets = [subnet(prefix, gateway) for prefix in prefixes]
    wanted = document("Private", *subnets, **{"Name": " ".join(prefixes), **members})
    return networks.create_network(hns, wanted).id


def nat(hns: Hns) -> str:
    """Return the id of the network a fresh host has."""
    return networks.list_networks(hns, read_query('{"Name": "nat"}'))[0].id


def bridge(hns: Hns, *subnets: Mapping[str, object], **members: object) -> Network:
    """Return a new l2bridge network; 10.244.1.0/24 behind .1 unless told."""
    wanted = subnets or (subnet("10.244.1.0/24", "10.244.1.1"),)
    return networks.create_network(
        hns, document("L2Bridge", *map(dict, wanted), **{"Name": "cbr0", **members})
    )


def create(hns: Hns, network_id: str, wanted: HostComputeEndpoint | None = None) -> Endpoint:
    """Return a new endpoint."""
    return endpoints.create_endpoint(hns, network_id, wanted or asked())


def addresses(endpoint: Endpoint) -> list[str]:
    """Return the addresses of an endpoint with their prefix lengths."""
    return [f"{each.ip_address}/{each.prefix_length}" for each in endpoint.ip_configurations]


def everything(database: Database) -> Rows:
    """Return every row of every table."""
    with database.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
        }


def refused(hns: Hns, work: Callable[[], object]) -> HnsError:
    """Return the refusal that `work` ends with; it may leave nothing behind."""
    before = everything(hns.database)
    with pytest.raises(HnsError) as refusal:
        work()
    assert everything(hns.database) == before
    return refusal.value


def refusal_of(hns: Hns, network_id: str | None, wanted: HostComputeEndpoint) -> Hr:
    """Return what creating an endpoint is refused with; nothing may be left behind."""
    return refused(hns, lambda: endpoints.create_endpoint(hns, network_id, wanted)).hr


def check_answers(hns: Hns, release: str = "ws2025") -> None:
    """Prove that the stored answers are what rendering them again gives."""
    every = endpoints.list_endpoints(hns, EVERYTHING)
    rendered = [
        orjson.dumps(endpoint_document(endpoint, RELEASES[release])).decode() for endpoint in every
    ]
    assert endpoints.list_endpoint_documents(hns, EVERYTHING) == rendered
