"""SDN routes are lists that refer to endpoints."""

import pytest

from hnsemu.domain.policylists import PolicyList, SdnRoute
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.v2.query import EVERYTHING
from hnsemu.schema.v2.routes import HostComputeRoute
from hnsemu.services import endpoints, loadbalancers, policylists, routes
from hnsemu.storage.transaction import Hns
from tests.services.pods import overlay, pod

NOWHERE = "5f0b1190-63be-4e0c-b974-bd0f55675a42"
METADATA = {"DestinationPrefix": "169.254.169.254/24", "NextHop": "127.10.0.34"}


def create(hns: Hns, *references: str, **members: object) -> PolicyList:
    """Create what hcsshim sends, with other members as given."""
    document = {"HostComputeEndpoints": list(references), "Setting": [METADATA], **members}
    return routes.create_sdn_route(hns, parse(HostComputeRoute, document))


@pytest.fixture
def endpoint(hns: Hns) -> str:
    """Return the id of an endpoint."""
    return pod(hns, overlay(hns)).id


def test_routes_are_kept_under_either_name(hns: Hns, endpoint: str) -> None:
    first = create(hns, endpoint)
    assert first.routes == (SdnRoute("169.254.169.254/24", "127.10.0.34"),)
    encapsulated = {"DestinationPrefix": "10.96.0.0/12", "NextHop": "", "NeedEncap": True}
    second = create(hns, endpoint, Setting=None, Routes=[encapsulated])
    assert second.routes == (SdnRoute("10.96.0.0/12", need_encap=True),)
    assert routes.get_sdn_route(hns, second.id) == second
    assert routes.list_sdn_routes(hns, EVERYTHING) == [first, second]


def test_hcsshim_adds_an_endpoint_by_deleting_and_creating_without_routes(hns: Hns) -> None:
    network = overlay(hns)
    endpoint, other = pod(hns, network).id, pod(hns, network).id
    kept = create(hns, endpoint)
    routes.delete_sdn_route(hns, kept.id)
    created = create(hns, endpoint, other, ID=kept.id, Setting=None)
    assert (created.id, created.references, created.routes) == (kept.id, (endpoint, other), ())
    assert routes.get_sdn_route(hns, kept.id) == created


def test_equal_routes_may_be_two(hns: Hns, endpoint: str) -> None:
    assert create(hns, endpoint).id != create(hns, endpoint).id


def test_they_are_policy_lists_but_no_load_balancers(hns: Hns, endpoint: str) -> None:
    kept = create(hns, endpoint)
    assert policylists.list_policy_lists(hns, EVERYTHING) == [kept]
    assert loadbalancers.list_load_balancers(hns, EVERYTHING) == []
    with pytest.raises(HnsError) as refusal:
        loadbalancers.delete_load_balancer(hns, kept.id)
    assert refusal.value.hr is Hr.E_ELEMENT_NOT_FOUND
    routes.delete_sdn_route(hns, kept.id)
    assert policylists.list_policy_lists(hns, EVERYTHING) == []


@pytest.mark.parametrize(
    ("members", "hr"),
    [
        pytest.param({"HostComputeEndpoints": None}, Hr.HCN_E_INVALID_JSON_REFERENCE, id="none"),
        pytest.param(
            {"HostComputeEndpoints": [NOWHERE]}, Hr.HCN_E_ENDPOINT_NOT_FOUND, id="unknown endpoint"
        ),
        pytest.param(
            {"Setting": [{"DestinationPrefix": "here"}]}, Hr.HCN_E_INVALID_PREFIX, id="no prefix"
        ),
    ],
)
def test_refused_routes_leave_nothing(
    hns: Hns, endpoint: str, members: dict[str, object], hr: Hr
) -> None:
    with pytest.raises(HnsError) as refusal:
        create(hns, endpoint, **members)
    assert refusal.value.hr is hr
    assert routes.list_sdn_routes(hns, EVERYTHING) == []


def test_routes_cannot_be_changed(hns: Hns, endpoint: str) -> None:
    kept = create(hns, endpoint)
    with pytest.raises(HnsError) as refusal:
        routes.modify_sdn_route(hns, kept.id)
    assert refusal.value.hr is Hr.E_NOTIMPL


def test_what_does_not_exist_is_not_found(hns: Hns) -> None:
    for work in (routes.get_sdn_route, routes.modify_sdn_route, routes.delete_sdn_route):
        with pytest.raises(HnsError) as refusal:
            work(hns, NOWHERE)
        assert refusal.value.hr is Hr.E_ELEMENT_NOT_FOUND


def test_a_deleted_endpoint_is_no_reference_any_more(hns: Hns, endpoint: str) -> None:
    kept = create(hns, endpoint)
    endpoints.delete_endpoint(hns, endpoint)
    assert routes.get_sdn_route(hns, kept.id).references == ()
