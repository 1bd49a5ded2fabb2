"""GUID case in HNS 1 documents.

"friendly" prints every id upper-case, so that clients which compare an endpoint's network with the
network's id to the letter work; "release" prints what hosts of the release print.
Source: hns-behaviour.md section 0 fact 6 [O]; clients.md section 23.1.
"""

from collections.abc import Callable
from typing import Literal

from app.domain.releases import Release

Case = Literal["friendly", "release"]
Spell = Callable[[str], str]

_LOWER_ENDPOINTS = (13, 0)
_LOWER_UNTIL = (7, 0)


def spell_ids(release: Release, case: Case) -> Spell:
    """Return how ids of networks, namespaces and policy lists are printed."""
    return str.lower if case == "release" and release.hns < _LOWER_UNTIL else str.upper


def spell_endpoint_ids(release: Release, case: Case) -> Spell:
    """Return how ids inside endpoint documents are printed."""
    if case == "release" and (release.hns >= _LOWER_ENDPOINTS or release.hns < _LOWER_UNTIL):
        return str.lower
    return str.upper


def ordered(document: dict[str, object], release: Release) -> dict[str, object]:
    """Return the document with its keys sorted; Resources moved behind Version in 10.x [O]."""
    resources_last = release.hns >= (10, 0)
    keys = sorted(document, key=lambda key: (resources_last and key == "Resources", key))
    return {key: document[key] for key in keys}
