"""IP sets (SetPolicy): named lists of addresses that ACLs refer to.

Source: dataplane.md section 6.4 [D]: plain sets first, nested after; a set in use stays.
"""

import ipaddress
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from hnsemu.errors import HnsError, Hr


@dataclass(frozen=True, slots=True)
class IpSet:
    """A set by its id. values: addresses and prefixes, or ids of plain sets when nested."""

    id: str
    nested: bool
    values: tuple[str, ...]


class IpSets:
    """The sets of a network by their ids, and which nested sets name them."""

    def __init__(self, sets: Iterable[IpSet] = ()) -> None:
        """Start with these."""
        self._by_id: dict[str, IpSet] = {}
        self._holders: dict[str, dict[str, None]] = {}
        for ip_set in sets:
            self.put(ip_set)

    @property
    def ids(self) -> Collection[str]:
        """Return the ids of all sets."""
        return self._by_id.keys()

    def holds_plain(self, set_id: str) -> bool:
        """Tell whether a set that is not nested has this id."""
        ip_set = self._by_id.get(set_id)
        return ip_set is not None and not ip_set.nested

    def holder(self, set_id: str) -> str | None:
        """Return the id of a nested set that names this one."""
        return next(iter(self._holders.get(set_id, ())), None)

    def put(self, ip_set: IpSet) -> None:
        """Add a set, in the place of the one with its id."""
        self.remove(ip_set.id)
        self._by_id[ip_set.id] = ip_set
        if ip_set.nested:
            for member in ip_set.values:
                self._holders.setdefault(member, {})[ip_set.id] = None

    def remove(self, set_id: str) -> None:
        """Take a set away, if it is there."""
        ip_set = self._by_id.pop(set_id, None)
        if ip_set is not None and ip_set.nested:
            for member in ip_set.values:
                self._holders[member].pop(set_id, None)


def check_set(wanted: IpSet, existing: IpSets) -> None:
    """Refuse a set that is malformed or names members that are not there.

    A set is no member of itself, whatever stands under its id until now.
    Raises: HCN_E_INVALID_POLICY, HCN_E_POLICY_NOT_FOUND for an unknown member.
    """
    if not wanted.id:
        raise HnsError(Hr.HCN_E_INVALID_POLICY, "SetPolicy: Id is missing; give the set one")
    for value in wanted.values:
        if wanted.nested and (value == wanted.id or not existing.holds_plain(value)):
            raise HnsError(
                Hr.HCN_E_POLICY_NOT_FOUND,
                f"SetPolicy {wanted.id}: no plain set {value!r}; add it before the nested one",
            )
        if not wanted.nested and not _is_prefix(value):
            raise HnsError(
                Hr.HCN_E_INVALID_POLICY,
                f"SetPolicy {wanted.id}: {value!r} is neither an address nor a prefix",
            )


def check_unused(set_id: str, existing: IpSets, named_by_acls: frozenset[str]) -> None:
    """Refuse to remove a set that a nested set or an ACL names.

    Raises: HCN_E_ENTITY_HAS_REFERENCES.
    """
    holder = existing.holder(set_id)
    if holder is not None or set_id in named_by_acls:
        raise HnsError(
            Hr.HCN_E_ENTITY_HAS_REFERENCES,
            f"set {set_id} is named by {f'set {holder}' if holder else 'an ACL'}; "
            "remove that first",
        )


def _is_prefix(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True
