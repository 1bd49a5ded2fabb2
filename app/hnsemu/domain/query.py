"""HostComputeQuery filters: equality on the named properties, all must match."""

from collections.abc import Mapping

from hnsemu.domain.guid import is_guid, parse_guid


def matches(wanted: Mapping[str, object], properties: Mapping[str, object]) -> bool:
    """Tell whether every key of `wanted` has the wanted value in `properties`.

    properties: the object under its HNS 1 *and* HCN 2 names (`VirtualNetwork` and
                `HostComputeNetwork`); a name it lacks never matches.
    GUIDs match in any case and with or without braces, numbers also as text, other text exactly.
    Source: hns-behaviour.md section 3.2 ([C] v1 names; [I] GUID case and exact names).
    """
    return all(key in properties and _equal(want, properties[key]) for key, want in wanted.items())


def _equal(want: object, have: object) -> bool:
    if isinstance(want, bool) or isinstance(have, bool):
        return want is have
    if isinstance(want, str) and isinstance(have, int):
        return want == str(have)
    if isinstance(want, str) and isinstance(have, str) and is_guid(want) and is_guid(have):
        return parse_guid(want) == parse_guid(have)
    return want == have
