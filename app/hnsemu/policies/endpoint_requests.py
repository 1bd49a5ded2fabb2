"""What a request does to the policies of an endpoint."""

import json
from collections.abc import Sequence

from hnsemu.domain.facts import Policy
from hnsemu.errors import HnsError, Hr
from hnsemu.policies.endpoint_checks import PolicyContext, accepted, check_parameters_once
from hnsemu.schema.enums import EndpointPolicyType, ModifyRequestType
from hnsemu.schema.v2.policies.wire import EndpointPolicy

_PROXIES = {"L4Proxy", "L4WFPPROXY"}


def modified(
    request: ModifyRequestType,
    asked: Sequence[EndpointPolicy],
    have: tuple[Policy, ...],
    context: PolicyContext,
) -> tuple[Policy, ...]:
    """Return the policies after a Policy request.

    Add appends, Remove takes away the first equal one, Update puts the policies of a type in the
    place of all of that type and an empty policy clears the proxies, Reset leaves nothing, Refresh
    plumbs anew and changes nothing.
    Raises: HCN_E_POLICY_NOT_FOUND to remove what is not there; what `accepted` raises.
    Source: hns-behaviour.md section 3.5 [C], [O]; clients.md section 23.5 [I].
    """
    if request is ModifyRequestType.Reset:
        return ()
    if request is ModifyRequestType.Refresh:
        return have
    if request is ModifyRequestType.Remove:
        return _without(have, asked)
    wanted = accepted(asked, context)
    if request is ModifyRequestType.Add:
        check_parameters_once(have + wanted)
        return have + wanted
    replaced = {each.type for each in wanted}
    if any(each.type is None for each in asked):
        replaced |= _PROXIES
    return (*(each for each in have if each.type not in replaced), *wanted)


def _without(have: tuple[Policy, ...], asked: Sequence[EndpointPolicy]) -> tuple[Policy, ...]:
    left = list(have)
    for each in asked:
        if each.type is None:
            continue
        gone = next((policy for policy in left if _equals(policy, each)), None)
        if gone is None:
            raise HnsError(
                Hr.HCN_E_POLICY_NOT_FOUND, f"the endpoint has no such {each.type} policy to remove"
            )
        left.remove(gone)
    return tuple(left)


def _equals(policy: Policy, asked: EndpointPolicy) -> bool:
    """Compare by value: clients parse and print settings anew before they remove them."""
    wanted: EndpointPolicyType | None = asked.type
    return policy.type == wanted and json.loads(policy.settings) == json.loads(
        asked.settings or "{}"
    )
