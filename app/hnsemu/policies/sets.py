"""IP sets: SetPolicy of networks."""

from collections.abc import Iterable

from hnsemu.domain.facts import Policy, PolicyRef
from hnsemu.domain.policies.sets import IpSet, check_set
from hnsemu.domain.releases import require
from hnsemu.errors import Hr
from hnsemu.policies.model import PolicyContext
from hnsemu.policies.settings import parsed
from hnsemu.schema.enums import SetPolicyTypes
from hnsemu.schema.v2.policies.sets import SetPolicySetting

SET = "SetPolicy"


def check_ip_set(settings: SetPolicySetting, context: PolicyContext) -> None:
    """Refuse a set that is malformed, or nested on a release that nests none.

    Raises: HCN_E_INVALID_POLICY, HCN_E_POLICY_NOT_FOUND for an unknown member.
    """
    wanted = _ip_set(settings)
    if wanted.nested:
        require(context.release, "NestedIpSet", Hr.HCN_E_INVALID_POLICY, "a nested IP set")
    check_set(wanted, context.sets)


def ip_set(policy: Policy) -> IpSet:
    """Return the set that a SetPolicy names."""
    return _ip_set(parsed(SetPolicySetting, policy))


def ip_sets(policies: Iterable[Policy]) -> tuple[IpSet, ...]:
    """Return the sets among the policies."""
    return tuple(ip_set(policy) for policy in policies if policy.type == SET)


def tagged_set(settings: SetPolicySetting, _ref: PolicyRef) -> IpSet:
    """Return the set as the data plane tags addresses with it."""
    return _ip_set(settings)


def _ip_set(settings: SetPolicySetting) -> IpSet:
    values = (value.strip() for value in (settings.values or "").split(","))
    return IpSet(
        id=settings.id or "",
        nested=settings.policy_type is SetPolicyTypes.NESTEDIPSET,
        values=tuple(value for value in values if value),
    )
