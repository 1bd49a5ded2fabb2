"""What a request does to the policies of a network."""

import json
from collections.abc import Callable, Iterable, Sequence

from hnsemu.domain.facts import Policy
from hnsemu.domain.network_types import Mode
from hnsemu.domain.policies.sets import IpSet, check_unused
from hnsemu.domain.releases import Release
from hnsemu.errors import HnsError, Hr
from hnsemu.policies.network_checks import Setting, check_policy, ip_set
from hnsemu.schema.enums import ModifyRequestType
from hnsemu.schema.v2.policies.wire import NetworkPolicy

# They choose the switch or are shown and kept by HNS: they come with the network or not at all [I].
_AT_CREATION = {
    "DrMacAddress",
    "InterfaceConstraint",
    "LayerConstraint",
    "NetAdapterName",
    "ProviderAddress",
    "SourceMacAddress",
    "VSwitchExtension",
}


def accepted(asked: Sequence[NetworkPolicy], mode: Mode, release: Release) -> tuple[Policy, ...]:
    """Return the policies a new network carries; empty ones are dropped.

    Raises: HCN_E_INVALID_POLICY, HCN_E_INVALID_POLICY_TYPE, HCN_E_POLICY_ALREADY_EXISTS for two
            sets of one Id.
    """
    carried = _Carried((), mode, release)
    for policy in _policies(asked):
        carried.add(policy)
    return carried.policies


def modified(
    request: ModifyRequestType,
    asked: Sequence[NetworkPolicy],
    have: tuple[Policy, ...],
    mode: Mode,
    release: Release,
    named_by_acls: Callable[[], frozenset[str]],
) -> tuple[Policy, ...]:
    """Return the policies after a Policy request; its policies are taken one after the other.

    Add keeps one of equal ones, Remove compares values, Update replaces sets by Id and every other
    type as a whole and an empty policy clears the proxies, Refresh and Reset plumb anew and change
    nothing.
    named_by_acls: tells the ids of the sets that ACLs of endpoints name; asked once at the most.
    Raises: HCN_E_POLICY_NOT_FOUND to remove or update what is not there,
            HCN_E_POLICY_ALREADY_EXISTS for a set that is there, HCN_E_ENTITY_HAS_REFERENCES for a
            set in use, HCN_E_REQUEST_UNSUPPORTED for policies that only creation takes, and what
            `check_policy` raises.
    Source: hns-behaviour.md section 3.5 [O]; clients.md section 23.5 [I].
    """
    wanted = _policies(asked)
    fixed = next((each.type for each in wanted if each.type in _AT_CREATION), None)
    if fixed is not None:
        raise HnsError(
            Hr.HCN_E_REQUEST_UNSUPPORTED,
            f"a {fixed} policy cannot be changed on an existing network; create it anew",
        )
    carried = _Carried(have, mode, release)
    if request is ModifyRequestType.Add:
        for policy in wanted:
            carried.add(policy)
    elif request is ModifyRequestType.Remove:
        removes_sets = any(policy.type == "SetPolicy" for policy in wanted)
        in_use = named_by_acls() if removes_sets else frozenset()
        for policy in wanted:
            carried.remove(policy, in_use)
    elif request is ModifyRequestType.Update:
        carried.update(wanted, clears=len(wanted) < len(asked))
    return carried.policies


def ip_sets(policies: Iterable[Policy]) -> tuple[IpSet, ...]:
    """Return the sets among the policies."""
    return tuple(ip_set(policy) for policy in policies if policy.type == "SetPolicy")


class _Carried:
    """The policies of a network while a request is worked through.

    Each policy stands beside its value: clients parse and print settings anew before they remove
    them, so equal is what holds equal values. A set's value is its Id.
    """

    def __init__(self, have: tuple[Policy, ...], mode: Mode, release: Release) -> None:
        """Start with what the network carries."""
        self._mode, self._release = mode, release
        self._sets: dict[str, IpSet] = {each.id: each for each in ip_sets(have)}
        self._by_value: dict[tuple[str, str], Policy] = {_value(each): each for each in have}

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Return the policies as they stand, in order."""
        return tuple(self._by_value.values())

    def add(self, policy: Policy) -> None:
        value = _value(policy)
        known = self._by_value.get(value)
        if known is None:
            self._put(value, policy)
        elif _settings(known) != _settings(policy):  # only sets: their value is less than all
            raise HnsError(
                Hr.HCN_E_POLICY_ALREADY_EXISTS,
                f"set {value[1]} is there already; change it with an Update request",
            )

    def remove(self, policy: Policy, in_use: frozenset[str]) -> None:
        value = _value(policy)
        if value not in self._by_value:
            raise HnsError(
                Hr.HCN_E_POLICY_NOT_FOUND, f"the network has no such {policy.type} policy to remove"
            )
        if policy.type == "SetPolicy":
            check_unused(value[1], tuple(self._sets.values()), in_use)
            del self._sets[value[1]]
        del self._by_value[value]

    def update(self, wanted: Sequence[Policy], *, clears: bool) -> None:
        replaced = {each.type for each in wanted} - {"SetPolicy"}
        if clears:
            replaced.add("L4Proxy")
        kept = self._by_value.items()
        self._by_value = {value: each for value, each in kept if each.type not in replaced}
        for policy in wanted:
            value = _value(policy)
            if policy.type == "SetPolicy" and value not in self._by_value:
                raise HnsError(
                    Hr.HCN_E_POLICY_NOT_FOUND,
                    f"there is no set {value[1]} to update; add it first",
                )
            self._put(value, policy)

    def _put(self, value: tuple[str, str], policy: Policy) -> None:
        """Put the policy at the end, or in the place of the one with its value."""
        others = [each for each in self._sets.values() if (policy.type, each.id) != value]
        check_policy(policy, Setting(self._mode, self._release, others))
        self._by_value[value] = policy
        if policy.type == "SetPolicy":
            self._sets[value[1]] = ip_set(policy)


def _policies(asked: Iterable[NetworkPolicy]) -> list[Policy]:
    """Return the policies of a document; empty ones are dropped."""
    return [
        Policy(str(each.type), str(each.settings or "{}"))
        for each in asked
        if each.type is not None
    ]


def _value(policy: Policy) -> tuple[str, str]:
    """Return what two equal policies have in common."""
    if policy.type == "SetPolicy":
        return policy.type, ip_set(policy).id
    return policy.type, _settings(policy)


def _settings(policy: Policy) -> str:
    return json.dumps(json.loads(policy.settings), sort_keys=True)
