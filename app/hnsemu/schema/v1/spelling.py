"""How HNS 1 prints documents: the case of GUIDs, the order of keys, lists as one text.

"friendly" prints all ids in upper case: clients compare an endpoint's network with the network's id
letter by letter. "release" prints what hosts of the release print.
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
_LAST = ("Layer", "Resources")


def spell_ids(release: Release, case: Case) -> Spell:
    """Return the function that prints ids of networks, namespaces and policy lists."""
    return str.lower if case == "release" and release.hns < _UPPER_SINCE else str.upper


def spell_endpoint_ids(release: Release, case: Case) -> Spell:
    """Return the function that prints ids in endpoint documents."""
    if case == "release" and release.hns >= _LOWER_ENDPOINTS_SINCE:
        return str.lower
    return spell_ids(release, case)


def ordered(document: dict[str, object], release: Release) -> dict[str, object]:
    """Return the document with sorted keys; since 10.x, Layer and Resources follow Version.

    Source: hns-behaviour.md section 2; WSL#6457 and #6769 for the layer [O].
    """
    last = _LAST if release.hns >= _RESOURCES_LAST_SINCE else ()
    keys = sorted(document.keys() - set(last))
    return {key: document[key] for key in (*keys, *last) if key in document}


def comma_list(text: str | None) -> list[str]:
    """Return the items of a comma-separated list."""
    return [item.strip() for item in (text or "").split(",") if item.strip()]


def without_empty(members: dict[str, object]) -> dict[str, object]:
    """Return the members that HNS 1 prints: not the empty, zero and false ones."""
    return {name: value for name, value in members.items() if value}
