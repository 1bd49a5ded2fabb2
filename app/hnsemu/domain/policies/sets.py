"""IP sets (SetPolicy): named lists of addresses that ACLs refer to.

Source: dataplane.md section 6.4 [D]: plain sets first, nested after; a set in use stays.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from hnsemu.errors import HnsError, Hr


@dataclass(frozen=True, slots=True)
class IpSet:
    """A set by its id. values: addresses and prefixes, or ids of plain sets when nested."""

    id: str
    nested: bool
    values: tuple[str, ...]


def check_set(wanted: IpSet, existing: Sequence[IpSet]) -> None:
    """Refuse a set that is malformed or names members that are not there.

    Raises: HCN_E_INVALID_POLICY, HCN_E_POLICY_NOT_FOUND for an unknown member.
    """
    if not wanted.id:
        raise HnsError(Hr.HCN_E_INVALID_POLICY, "SetPolicy: Id is missing; give the set one")
    plain = {ip_set.id for ip_set in existing if not ip_set.nested}
    for value in wanted.values:
        if wanted.nested and value not in plain:
            raise HnsError(
                Hr.HCN_E_POLICY_NOT_FOUND,
                f"SetPolicy {wanted.id}: no plain set {value!r}; add it before the nested one",
            )
        if not wanted.nested and not _is_prefix(value):
            raise HnsError(
                Hr.HCN_E_INVALID_POLICY,
                f"SetPolicy {wanted.id}: {value!r} is neither an address nor a prefix",
            )


def check_unused(set_id: str, existing: Sequence[IpSet], named_by_acls: frozenset[str]) -> None:
    """Refuse to remove a set that a nested set or an ACL names.

    Raises: HCN_E_ENTITY_HAS_REFERENCES.
    """
    holder = next(
        (ip_set.id for ip_set in existing if ip_set.nested and set_id in ip_set.values), None
    )
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
