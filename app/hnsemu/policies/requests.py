"""What requests do to policies: which are accepted, and what Add, Remove, Update and Reset leave.

A policy is accepted when its type is known to the release and fits the network, its settings can
be read, and the check of its type finds nothing wrong.
"""

import json
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace

from hnsemu.domain.facts import Policy
from hnsemu.domain.network_types import Mode, network_type
from hnsemu.domain.policies.sets import IpSets, check_unused
from hnsemu.domain.releases import Release, require
from hnsemu.errors import HnsError, Hr
from hnsemu.policies.catalogue import ENDPOINT, NETWORK, SUBNET
from hnsemu.policies.model import AnyPolicyType, Changes, Needs, PolicyContext
from hnsemu.policies.sets import SET, ip_set, ip_sets
from hnsemu.policies.settings import parsed
from hnsemu.schema.enums import ModifyRequestType
from hnsemu.schema.v2.policies.wire import EndpointPolicy, NetworkPolicy

_PARAMETERS = "InterfaceParameters"


def accepted_on_endpoint(
    requested: Sequence[EndpointPolicy], context: PolicyContext
) -> tuple[Policy, ...]:
    """Return the policies an endpoint carries; empty ones are dropped.

    Raises: HCN_E_INVALID_POLICY, HCN_E_INVALID_POLICY_TYPE, HCN_E_REQUEST_UNSUPPORTED,
            HCN_INTERFACEPARAMETERS_ALREADY_APPLIED and what the checks of each type raise.
    """
    policies = tuple(policies_of(requested))
    for policy in policies:
        check(ENDPOINT[policy.type], policy, context)
    _check_parameters_once(policies)
    return policies


def modified_on_endpoint(
    request: ModifyRequestType,
    requested: Sequence[EndpointPolicy],
    have: tuple[Policy, ...],
    context: PolicyContext,
) -> tuple[Policy, ...]:
    """Return the policies of an endpoint after a Policy request.

    Add appends, Remove takes away the first equal one, Update puts the policies of a type in the
    place of all of that type and an empty policy clears the proxies, Reset leaves nothing, Refresh
    plumbs again and changes nothing.
    Raises: HCN_E_POLICY_NOT_FOUND to remove what is not there; what `accepted_on_endpoint` raises.
    Source: hns-behaviour.md section 3.5 [C], [O]; clients.md section 23.5 [I].
    """
    if request is ModifyRequestType.Reset:
        return ()
    if request is ModifyRequestType.Refresh:
        return have
    if request is ModifyRequestType.Remove:
        return _without(have, requested)
    wanted = accepted_on_endpoint(requested, context)
    if request is ModifyRequestType.Add:
        _check_parameters_once(have + wanted)
        return have + wanted
    replaced = {policy.type for policy in wanted}
    if any(policy.type is None for policy in requested):
        replaced |= _ENDPOINT_PROXIES
    return (*(policy for policy in have if policy.type not in replaced), *wanted)


def replaced_by_update(posted: Sequence[EndpointPolicy]) -> list[EndpointPolicy]:
    """Return the policies that replace others when an endpoint is posted back whole.

    Everything else of it stays. Source: clients.md section 10: Felix sends ACLs only and needs the
    rest to survive [C].
    """
    return [policy for policy in posted if str(policy.type) in _REPLACED_BY_UPDATE]


def updated_on_endpoint(
    posted: Sequence[EndpointPolicy], have: tuple[Policy, ...], context: PolicyContext
) -> tuple[Policy, ...]:
    """Return the policies of an endpoint that was posted back: ACLs and proxies replaced.

    posted: those of `replaced_by_update`; none clears them all.
    Raises: what `accepted_on_endpoint` raises.
    """
    accepted = accepted_on_endpoint(posted, context)
    types = {policy.type for policy in accepted} or _REPLACED_BY_UPDATE
    return (*(policy for policy in have if policy.type not in types), *accepted)


def accepted_on_network(
    requested: Sequence[NetworkPolicy], context: PolicyContext
) -> tuple[Policy, ...]:
    """Return the policies a new network carries; empty ones are dropped.

    Raises: HCN_E_INVALID_POLICY, HCN_E_INVALID_POLICY_TYPE, HCN_E_POLICY_ALREADY_EXISTS for two
            sets of one Id.
    """
    network = _NetworkPolicies((), context)
    for policy in policies_of(requested):
        network.add(policy)
    return network.policies


def modified_on_network(
    request: ModifyRequestType,
    requested: Sequence[NetworkPolicy],
    have: tuple[Policy, ...],
    context: PolicyContext,
    named_by_acls: Callable[[], frozenset[str]],
) -> tuple[Policy, ...]:
    """Return the policies of a network after a Policy request, which goes one by one.

    Add keeps one of equal ones, Remove compares values, Update replaces sets by Id and every other
    type as a whole and an empty policy clears the proxies, Refresh and Reset plumb again and change
    nothing.
    named_by_acls: returns the ids of the sets that ACLs of endpoints name; called once at the most.
    Raises: HCN_E_POLICY_NOT_FOUND to remove or update what is not there,
            HCN_E_POLICY_ALREADY_EXISTS for a set that is there, HCN_E_ENTITY_HAS_REFERENCES for a
            set in use, HCN_E_REQUEST_UNSUPPORTED for policies that only creation takes, and what
            `check` raises.
    Source: hns-behaviour.md section 3.5 [O]; clients.md section 23.5 [I].
    """
    wanted = list(policies_of(requested))
    fixed = next((policy.type for policy in wanted if policy.type in _AT_CREATION), None)
    if fixed is not None:
        raise HnsError(
            Hr.HCN_E_REQUEST_UNSUPPORTED,
            f"a {fixed} policy cannot be changed on an existing network; delete the network and "
            "create it with the policy",
        )
    network = _NetworkPolicies(have, context)
    if request is ModifyRequestType.Add:
        for policy in wanted:
            network.add(policy)
    elif request is ModifyRequestType.Remove:
        removes_sets = any(policy.type == SET for policy in wanted)
        in_use = named_by_acls() if removes_sets else frozenset()
        for policy in wanted:
            network.remove(policy, in_use)
    elif request is ModifyRequestType.Update:
        network.update(wanted, clears=len(wanted) < len(requested))
    return network.policies


def check_on_subnet(policies: Iterable[Policy], context: PolicyContext) -> None:
    """Refuse policies that a subnet cannot carry.

    Raises: HCN_E_INVALID_POLICY for a VLAN or VSID out of range.
    """
    for policy in policies:
        check(SUBNET[policy.type], policy, context)


def check(row: AnyPolicyType, policy: Policy, context: PolicyContext) -> None:
    """Refuse a policy that this release or network does not have, or that is malformed.

    Raises: HCN_E_INVALID_POLICY_TYPE, HCN_E_INVALID_POLICY and what the check of the type raises.
    """
    _check_since(row, context.release)
    if row.needs is Needs.OVERLAY and context.mode is not Mode.OVERLAY:
        raise _unfit(row)
    if row.needs is Needs.VFP and not network_type(context.mode).vfp:
        raise _unfit(row)
    settings = parsed(row.settings, policy)
    if row.check is not None:
        row.check(settings, context)


def _check_since(row: AnyPolicyType, release: Release) -> None:
    since = row.since
    if isinstance(since, str):
        require(release, since, Hr.HCN_E_INVALID_POLICY_TYPE, f"a {row.name} policy")
    elif release.schema < since:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY_TYPE,
            f"a {row.name} policy needs schema {since[0]}.{since[1]}, which {release.title} does "
            "not have; leave it out or use a newer release",
        )


def _unfit(row: AnyPolicyType) -> HnsError:
    return HnsError(Hr.HCN_E_INVALID_POLICY_TYPE, f"a {row.name} policy needs {row.needs.value}")


def policies_of(
    requested: Iterable[EndpointPolicy] | Iterable[NetworkPolicy],
) -> Iterable[Policy]:
    """Yield the policies of a document; empty ones are dropped."""
    for policy in requested:
        if policy.type is not None:
            yield Policy(str(policy.type), str(policy.settings or "{}"))


def _check_parameters_once(policies: Sequence[Policy]) -> None:
    """Refuse two sets of interface parameters.

    Raises: HCN_INTERFACEPARAMETERS_ALREADY_APPLIED.
    """
    if sum(policy.type == _PARAMETERS for policy in policies) > 1:
        raise HnsError(
            Hr.HCN_INTERFACEPARAMETERS_ALREADY_APPLIED, "send one InterfaceParameters policy"
        )


def _without(have: tuple[Policy, ...], requested: Sequence[EndpointPolicy]) -> tuple[Policy, ...]:
    """Return what is left; equal is what holds equal values.

    Clients parse settings and print them again before they remove them.
    """
    places: dict[Hashable, deque[int]] = {}
    for place, policy in enumerate(have):
        places.setdefault(_content(policy), deque()).append(place)
    gone = set()
    for policy in policies_of(requested):
        left = places.get(_content(policy))
        if not left:
            raise HnsError(
                Hr.HCN_E_POLICY_NOT_FOUND,
                f"the endpoint has no such {policy.type} policy to remove",
            )
        gone.add(left.popleft())
    return tuple(policy for place, policy in enumerate(have) if place not in gone)


def _content(policy: Policy) -> Hashable:
    return policy.type, _hashable(json.loads(policy.settings))


def _hashable(value: object) -> Hashable:
    """Return what is equal for equal JSON values, whatever the order of their members."""
    if isinstance(value, dict):
        return dict, frozenset((name, _hashable(member)) for name, member in value.items())
    if isinstance(value, list):
        return list, tuple(map(_hashable, value))
    return value


class _NetworkPolicies:
    """The policies of a network while a request is worked through.

    Each policy stands beside its value: clients parse settings and print them again before they
    remove them, so equal is what holds equal values. A set's value is its Id.
    """

    def __init__(self, have: tuple[Policy, ...], context: PolicyContext) -> None:
        """Start with what the network carries."""
        self._sets = IpSets(ip_sets(have))
        self._context = replace(context, set_ids=lambda: self._sets.ids, sets=self._sets)
        self._by_value: dict[tuple[str, str], Policy] = {_value(policy): policy for policy in have}

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
        if policy.type == SET:
            check_unused(value[1], self._sets, in_use)
            self._sets.remove(value[1])
        del self._by_value[value]

    def update(self, wanted: Sequence[Policy], *, clears: bool) -> None:
        replaced = {policy.type for policy in wanted} - {SET}
        if clears:
            replaced |= _NETWORK_PROXIES
        kept = self._by_value.items()
        self._by_value = {value: policy for value, policy in kept if policy.type not in replaced}
        for policy in wanted:
            value = _value(policy)
            if policy.type == SET and value not in self._by_value:
                raise HnsError(
                    Hr.HCN_E_POLICY_NOT_FOUND,
                    f"there is no set {value[1]} to update; add it first",
                )
            self._put(value, policy)

    def _put(self, value: tuple[str, str], policy: Policy) -> None:
        """Put the policy at the end, or in the place of the one with its value."""
        check(NETWORK[policy.type], policy, self._context)
        self._by_value[value] = policy
        if policy.type == SET:
            self._sets.put(ip_set(policy))


def _value(policy: Policy) -> tuple[str, str]:
    """Return what two equal policies have in common."""
    if policy.type == SET:
        return policy.type, ip_set(policy).id
    return policy.type, _settings(policy)


def _settings(policy: Policy) -> str:
    return json.dumps(json.loads(policy.settings), sort_keys=True)


def _types(rows: Mapping[str, AnyPolicyType], *changes: Changes) -> frozenset[str]:
    return frozenset(name for name, row in rows.items() if row.changes in changes)


_ENDPOINT_PROXIES = _types(ENDPOINT, Changes.AS_PROXY)
_NETWORK_PROXIES = _types(NETWORK, Changes.AS_PROXY)
_REPLACED_BY_UPDATE = _types(ENDPOINT, Changes.AS_PROXY, Changes.BY_UPDATE)
_AT_CREATION = _types(NETWORK, Changes.AT_CREATION)
