"""HostComputeQuery filters: equality on the named properties, all must match."""

from collections.abc import Mapping

from hnsemu.domain.guid import is_guid, parse_guid
from hnsemu.errors import HnsError, Hr


def matches(filters: Mapping[str, object], properties: Mapping[str, object]) -> bool:
    """Tell whether every filter has its value in `properties`.

    properties: the object under its HNS 1 *and* HCN 2 names (`VirtualNetwork` and
                `HostComputeNetwork`); a name it lacks never matches.
    GUIDs match in any case and with or without braces, numbers also as text, other text exactly.
    Source: hns-behaviour.md section 3.2 ([C] v1 names; [I] GUID case and exact names).
    """
    return all(
        key in properties and _equal(value, properties[key]) for key, value in filters.items()
    )


def read_conditions(text: str) -> dict[str, object]:
    """Return the filter in a search: `NAME=VALUE NAME=VALUE`; a word alone is a Name.

    Raises: E_INVALIDARG for a member that is named twice.
    """
    wanted: dict[str, object] = {}
    for word in text.split():
        member, sign, value = word.partition("=")
        if not sign:
            member, value = "Name", word
        if member in wanted:
            raise HnsError(
                Hr.E_INVALIDARG, f"the search names {member} twice; write NAME=VALUE NAME=VALUE"
            )
        wanted[member] = value
    return wanted


def _equal(expected: object, actual: object) -> bool:
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if isinstance(expected, str) and isinstance(actual, int):
        return expected == str(actual)
    if (
        isinstance(expected, str)
        and isinstance(actual, str)
        and is_guid(expected)
        and is_guid(actual)
    ):
        return parse_guid(expected) == parse_guid(actual)
    return expected == actual
