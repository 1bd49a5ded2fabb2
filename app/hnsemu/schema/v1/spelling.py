"""How HNS 1 spells things: GUIDs by release, keys in order, lists as one text.

"friendly" prints every id upper-case, so that clients which compare an endpoint's network with the
network's id to the letter work; "release" prints what hosts of the release print.
Source: hns-behaviour.md section 0 fact 6 [O]; clients.md section 23.1; docker/for-win#4449 [O] for
the lower case before 1809.
"""

from collections.abc import Callable
from typing import Literal

from hnsemu.domain.releases import Release

Case = Literal["friendly", "release"]
Spell = Callable[[str], str]

_UPPER_SINCE = (9, 0)
_LOWER_ENDPOINTS_SINCE = (13, 0)
_RESOURCES_LAST_SINCE = (10, 0)


def spell_ids(release: Release, case: Case) -> Spell:
    """Return how ids of networks, namespaces and policy lists are printed."""
    return str.lower if case == "release" and release.hns < _UPPER_SINCE else str.upper


def spell_endpoint_ids(release: Release, case: Case) -> Spell:
    """Return how ids inside endpoint documents are printed."""
    if case == "release" and release.hns >= _LOWER_ENDPOINTS_SINCE:
        return str.lower
    return spell_ids(release, case)


def ordered(document: dict[str, object], release: Release) -> dict[str, object]:
    """Return the document with its keys sorted; Resources moved behind Version in 10.x [O]."""
    resources_last = release.hns >= _RESOURCES_LAST_SINCE
    keys = sorted(document, key=lambda key: (resources_last and key == "Resources", key))
    return {key: document[key] for key in keys}


def comma_list(text: str | None) -> list[str]:
    """Return the items of a comma-separated list."""
    return [item.strip() for item in (text or "").split(",") if item.strip()]


def without_empty(members: dict[str, object]) -> dict[str, object]:
    """Return the members that say something; HNS 1 leaves out what is empty, zero or false."""
    return {name: value for name, value in members.items() if value}
