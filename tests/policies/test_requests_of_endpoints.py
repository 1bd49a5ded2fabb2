"""What requests do to the policies of an endpoint."""

from collections.abc import Callable, Sequence

import pytest

from hnsemu.domain.facts import Policy
from hnsemu.errors import HnsError, Hr
from hnsemu.policies.requests import (
    accepted_on_endpoint,
    modified_on_endpoint,
    replaced_by_update,
    updated_on_endpoint,
)
from hnsemu.schema.base import parse
from hnsemu.schema.enums import ModifyRequestType
from hnsemu.schema.v2.policies.wire import EndpointPolicy
from tests.policies.judged import context, policy, sent
from tests.work import is_linear

Add, Remove, Update = ModifyRequestType.Add, ModifyRequestType.Remove, ModifyRequestType.Update
Reset, Refresh = ModifyRequestType.Reset, ModifyRequestType.Refresh

EMPTY = parse(EndpointPolicy, {})
CAP = policy("QOS", MaximumOutgoingBandwidthInBytes=9)
MTU = policy("InterfaceParameters", Mtu=1400)
ALLOW, BLOCK = policy("ACL", Action="Allow"), policy("ACL", Action="Block")
PROXY, WFP_PROXY = policy("L4Proxy", Port="1"), policy("L4WFPPROXY", Port="2")
HAVE = (CAP, ALLOW, PROXY, WFP_PROXY, MTU)


@pytest.mark.parametrize(
    ("request_type", "requested", "after"),
    [
        (Add, [sent("ACL", Action="Allow")], (*HAVE, ALLOW)),
        (Add, [EMPTY], HAVE),
        (Remove, [sent("ACL", Action="Allow"), EMPTY], (CAP, PROXY, WFP_PROXY, MTU)),
        (Update, [sent("ACL", Action="Block")], (CAP, PROXY, WFP_PROXY, MTU, BLOCK)),
        (Update, [EMPTY], (CAP, ALLOW, MTU)),
        (Reset, [], ()),
        (Refresh, [sent("ACL", Action="Block")], HAVE),
    ],
)
def test_a_request_leaves(
    request_type: ModifyRequestType, requested: Sequence[EndpointPolicy], after: tuple[Policy, ...]
) -> None:
    assert modified_on_endpoint(request_type, requested, HAVE, context()) == after


def test_policies_are_removed_by_value_one_at_a_time() -> None:
    have = (Policy("ACL", '{"Priority":1,"Action":"Allow"}'), ALLOW, ALLOW)
    requested = [sent("ACL", Action="Allow", Priority=1), sent("ACL", Action="Allow")]
    assert modified_on_endpoint(Remove, requested, have, context()) == (ALLOW,)


@pytest.mark.parametrize(
    ("request_type", "requested", "expected"),
    [
        (Remove, sent("ACL", Action="Block"), Hr.HCN_E_POLICY_NOT_FOUND),
        (Remove, sent("QOS"), Hr.HCN_E_POLICY_NOT_FOUND),
        (Add, sent("InterfaceParameters"), Hr.HCN_INTERFACEPARAMETERS_ALREADY_APPLIED),
        (Add, sent("QOS"), Hr.HCN_E_INVALID_POLICY),
    ],
)
def test_a_request_is_refused(
    request_type: ModifyRequestType, requested: EndpointPolicy, expected: Hr
) -> None:
    with pytest.raises(HnsError) as refusal:
        modified_on_endpoint(request_type, [requested], HAVE, context())
    assert refusal.value.hr is expected


def test_parameters_are_sent_once() -> None:
    with pytest.raises(HnsError) as refusal:
        accepted_on_endpoint([sent("InterfaceParameters")] * 2, context())
    assert refusal.value.hr is Hr.HCN_INTERFACEPARAMETERS_ALREADY_APPLIED


@pytest.mark.parametrize(
    ("posted", "after"),
    [
        ([sent("ACL", Action="Block")], (CAP, PROXY, WFP_PROXY, MTU, BLOCK)),
        ([sent("QOS", MaximumOutgoingBandwidthInBytes=1)], (CAP, MTU)),
        ([EMPTY], (CAP, MTU)),
        ([], (CAP, MTU)),
    ],
)
def test_posting_an_endpoint_back_replaces_acls_and_proxies(
    posted: list[EndpointPolicy], after: tuple[Policy, ...]
) -> None:
    assert updated_on_endpoint(replaced_by_update(posted), HAVE, context()) == after


def test_work_of_removing_in_reverse_grows_with_the_number_of_policies() -> None:
    def removal(count: int) -> Callable[[], object]:
        have = tuple(policy("ACL", Priority=number) for number in range(count))
        requested = [sent("ACL", Priority=number) for number in reversed(range(count))]
        return lambda: modified_on_endpoint(Remove, requested, have, context())

    assert is_linear(removal)
