"""Plain policy lists keep their policies to the byte."""

import pytest

from hnsemu.domain.policylists import PolicyList, PolicyListKind
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.v2.policylists import HostComputePolicyList
from hnsemu.schema.v2.query import EVERYTHING
from hnsemu.services import loadbalancers, policylists, routes
from hnsemu.storage.transaction import Hns
from tests.services.pods import overlay, pod

NOWHERE = "5f0b1190-63be-4e0c-b974-bd0f55675a42"
SEVERAL = [{"Type": "ELB", "ExternalPort": 80}, {"Type": "ROUTE"}]


def create(hns: Hns, *references: str, **members: object) -> PolicyList:
    document = {"References": list(references), "Policies": SEVERAL, **members}
    return policylists.create_policy_list(hns, parse(HostComputePolicyList, document))


@pytest.fixture
def endpoint(hns: Hns) -> str:
    """Return the id of an endpoint."""
    return pod(hns, overlay(hns)).id


def test_a_list_of_several_policies_is_neither_load_balancer_nor_route(
    hns: Hns, endpoint: str
) -> None:
    kept = create(hns, f"/endpoints/{endpoint.upper()}")
    assert kept.kind is PolicyListKind.OTHER
    assert kept.references == (endpoint.upper(),)
    assert kept.policies == ('{"Type":"ELB","ExternalPort":80}', '{"Type":"ROUTE"}')
    assert policylists.list_policy_lists(hns, EVERYTHING) == [kept]
    assert loadbalancers.list_load_balancers(hns, EVERYTHING) == []
    assert routes.list_sdn_routes(hns, EVERYTHING) == []


@pytest.mark.parametrize(
    ("members", "hr"),
    [
        pytest.param({"References": []}, Hr.HCN_E_INVALID_JSON_REFERENCE, id="no reference"),
        pytest.param(
            {"References": [f"/endpoints/{NOWHERE}"]}, Hr.HCN_E_ENDPOINT_NOT_FOUND, id="unknown"
        ),
        pytest.param(
            {"References": ["/networks/x"]}, Hr.HCN_E_GUID_CONVERSION_FAILURE, id="no endpoint"
        ),
        pytest.param({"Policies": None}, Hr.HCN_E_INVALID_POLICY, id="no policy"),
        pytest.param({"Policies": [{"Type": "X"}]}, Hr.HCN_E_INVALID_POLICY_TYPE, id="odd type"),
    ],
)
def test_a_refused_list_leaves_nothing(
    hns: Hns, endpoint: str, members: dict[str, object], hr: Hr
) -> None:
    with pytest.raises(HnsError) as refusal:
        create(hns, endpoint, **members)
    assert refusal.value.hr is hr
    assert policylists.list_policy_lists(hns, EVERYTHING) == []


def test_a_list_is_deleted_but_never_changed(hns: Hns, endpoint: str) -> None:
    kept = create(hns, endpoint)
    with pytest.raises(HnsError) as refusal:
        policylists.modify_policy_list(hns, kept.id)
    assert refusal.value.hr is Hr.E_NOTIMPL
    policylists.delete_policy_list(hns, kept.id)
    with pytest.raises(HnsError) as refusal:
        policylists.get_policy_list(hns, kept.id)
    assert refusal.value.hr is Hr.E_ELEMENT_NOT_FOUND
