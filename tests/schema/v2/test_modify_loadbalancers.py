"""A change of a load balancer is read as what it looks like: a request or the whole document."""

import pytest

from hnsemu.errors import HnsError, Hr
from hnsemu.schema.enums import ModifyRequestType
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.modify_loadbalancers import (
    ModifyLoadBalancerSettingRequest,
    read_load_balancer_change,
)


def test_a_document_without_request_members_is_the_whole_load_balancer() -> None:
    change = read_load_balancer_change({"HostComputeEndpoints": ["a"], "Flags": 1})
    assert isinstance(change, HostComputeLoadBalancer)
    assert change.host_compute_endpoints == ("a",)


def test_request_members_make_it_a_request() -> None:
    change = read_load_balancer_change(
        {"RequestType": "Update", "ResourceType": "", "Settings": {"SourceVIP": "10.0.0.1"}}
    )
    assert isinstance(change, ModifyLoadBalancerSettingRequest)
    assert change.request_type is ModifyRequestType.Update
    assert change.settings is not None
    assert change.settings.source_vip == "10.0.0.1"


@pytest.mark.parametrize(
    ("data", "hr"),
    [
        pytest.param([], Hr.HCN_E_INVALID_POLICY, id="no object"),
        pytest.param({"RequestType": "Replace"}, Hr.HCN_E_INVALID_JSON, id="unknown request"),
        pytest.param(
            {"PortMappings": [{"ExternalPort": 70000}]}, Hr.HCN_E_INVALID_POLICY, id="bad port"
        ),
        pytest.param(
            {"RequestType": 2, "Settings": {"PortMappings": [{"ExternalPort": 70000}]}},
            Hr.HCN_E_INVALID_POLICY,
            id="bad port in a request",
        ),
    ],
)
def test_what_cannot_be_read_is_refused(data: object, hr: Hr) -> None:
    with pytest.raises(HnsError) as refusal:
        read_load_balancer_change(data)
    assert refusal.value.hr is hr
