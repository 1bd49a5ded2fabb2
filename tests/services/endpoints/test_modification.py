"""Changing endpoints: policies by request, ports of virtual machines, posts of HNS 1."""

import pytest

from hnsemu.domain.endpoints import Endpoint
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.bodies import read
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.modify import ModifyEndpointSettingRequest
from hnsemu.services import endpoints
from hnsemu.storage.transaction import Hns
from tests.services import pods
from tests.services.vnics import check_answers

ACL = b'{"Type":"ACL","Settings":{"Action":"Block","Priority":200}}'
SAME_ACL = b'{"Type":"ACL","Settings":{ "Priority": 200, "Action": "Block" }}'
OTHER_ACL = b'{"Type":"ACL","Settings":{"Action":"Allow","Priority":300}}'
NAT = b'{"Type":"OutBoundNAT","Settings":{"Exceptions":["10.0.0.0/8"]}}'
PROXY = b'{"Type":"L4Proxy","Settings":{"IP":"10.0.0.9","Port":"15001","Protocol":6}}'
PROXY_2 = b'{"Type":"L4Proxy","Settings":{"IP":"10.0.0.9","Port":"15002","Protocol":6}}'


def change(hns: Hns, endpoint: Endpoint, kind: str, *policies: bytes) -> list[str]:
    """Send a Policy request; return the types of the policies afterwards."""
    text = b'{"ResourceType":"Policy","RequestType":"%s","Settings":{"Policies":[%s]}}' % (
        kind.encode(),
        b",".join(policies),
    )
    asked = parse(ModifyEndpointSettingRequest, read(text))
    after = endpoints.modify_endpoint(hns, endpoint.id, asked)
    assert after.policies == endpoints.get_endpoint(hns, endpoint.id).policies
    return [policy.type for policy in after.policies]


@pytest.fixture
def pod(hns: Hns) -> Endpoint:
    """Return an endpoint on an overlay network, without policies."""
    return pods.pod(hns, pods.overlay(hns))


def test_add_appends(hns: Hns, pod: Endpoint) -> None:
    change(hns, pod, "Add", NAT)
    assert change(hns, pod, "Add", ACL, OTHER_ACL) == ["OutBoundNAT", "ACL", "ACL"]


def test_remove_compares_values_not_bytes(hns: Hns, pod: Endpoint) -> None:
    change(hns, pod, "Add", ACL, OTHER_ACL)
    assert change(hns, pod, "Remove", SAME_ACL) == ["ACL"]


def test_removing_what_is_not_there_is_refused(hns: Hns, pod: Endpoint) -> None:
    with pytest.raises(HnsError) as refusal:
        change(hns, pod, "Remove", ACL)
    assert refusal.value.hr is Hr.HCN_E_POLICY_NOT_FOUND


def test_removing_nothing_changes_nothing(hns: Hns, pod: Endpoint) -> None:
    change(hns, pod, "Add", ACL)
    assert change(hns, pod, "Remove", b"{}") == ["ACL"]


def test_policies_of_remote_endpoints_change_too(hns: Hns) -> None:
    far = pods.remote(hns, pods.overlay(hns))
    assert change(hns, far, "Add", NAT) == ["ProviderAddress", "OutBoundNAT"]


def test_update_replaces_the_types_it_names(hns: Hns, pod: Endpoint) -> None:
    change(hns, pod, "Add", NAT, ACL, OTHER_ACL)
    assert change(hns, pod, "Update", OTHER_ACL) == ["OutBoundNAT", "ACL"]


def test_an_empty_policy_clears_proxies(hns: Hns, pod: Endpoint) -> None:
    change(hns, pod, "Add", NAT, PROXY)
    assert change(hns, pod, "Update", b"{}") == ["OutBoundNAT"]


def test_reset_leaves_nothing_and_refresh_everything(hns: Hns, pod: Endpoint) -> None:
    change(hns, pod, "Add", NAT, ACL)
    assert change(hns, pod, "Refresh") == ["OutBoundNAT", "ACL"]
    assert change(hns, pod, "Reset") == []


@pytest.mark.parametrize(
    ("text", "hr"),
    [
        pytest.param(b"{}", Hr.HCN_E_INVALID_JSON, id="nothing"),
        pytest.param(b'{"ResourceType":"Policy"}', Hr.HCN_E_INVALID_JSON, id="no request"),
        pytest.param(
            b'{"ResourceType":"Disk","RequestType":"Add"}', Hr.HCN_E_INVALID_JSON, id="no such type"
        ),
        pytest.param(
            b'{"ResourceType":"Policy","RequestType":"Add","Settings":{"Policies":[{"Type":"X"}]}}',
            Hr.HCN_E_INVALID_POLICY_TYPE,
            id="no such policy",
        ),
    ],
)
def test_a_malformed_request_is_refused(hns: Hns, pod: Endpoint, text: bytes, hr: Hr) -> None:
    def send() -> None:
        asked = parse(ModifyEndpointSettingRequest, read(text))
        endpoints.modify_endpoint(hns, pod.id, asked)

    with pytest.raises(HnsError) as refusal:
        send()
    assert refusal.value.hr is hr


def test_posting_acls_leaves_everything_else(hns: Hns, pod: Endpoint) -> None:
    change(hns, pod, "Add", NAT, ACL, OTHER_ACL)
    posted = parse(HostComputeEndpoint, read(b'{"Name":"x","Policies":[%s]}' % OTHER_ACL))
    after = endpoints.update_endpoint(hns, pod.id, posted)
    assert [policy.type for policy in after.policies] == ["OutBoundNAT", "ACL"]
    assert after.name == pod.name


@pytest.mark.parametrize(
    ("posted", "left"),
    [
        pytest.param(b'{"Name":"x"}', ["OutBoundNAT", "ACL", "L4Proxy"], id="no policies"),
        pytest.param(b'{"Policies":[]}', ["OutBoundNAT"], id="an empty list clears"),
        pytest.param(b'{"Policies":[%s]}' % NAT, ["OutBoundNAT"], id="what is not replaced"),
        pytest.param(
            b'{"Policies":[%s]}' % PROXY_2, ["OutBoundNAT", "ACL", "L4Proxy"], id="proxies"
        ),
        pytest.param(
            b'{"Policies":[%s,%s,%s,%s]}' % (NAT, ACL, PROXY, PROXY_2),
            ["OutBoundNAT", "ACL", "L4Proxy", "L4Proxy"],
            id="everything and one more, as hcsshim does",
        ),
    ],
)
def test_posts_replace_acls_and_proxies_alone(
    hns: Hns, pod: Endpoint, posted: bytes, left: list[str]
) -> None:
    change(hns, pod, "Add", NAT, ACL, PROXY)
    after = endpoints.update_endpoint(hns, pod.id, parse(HostComputeEndpoint, read(posted)))
    assert [policy.type for policy in after.policies] == left
    assert endpoints.get_endpoint(hns, pod.id).policies == after.policies
    check_answers(hns)
