"""What a release needs before it is written."""

import pytest

from tools.api_changes import Change
from tools.release import NoReleaseError, check

GONE = Change("listNetworks", "GET /v2/networks is gone")
PLAIN = "## [Unreleased]\n\n### Added\n- Colours.\n\n## [0.9.1] - 2026-11-01\n"
BREAKING = PLAIN.replace("Colours", "**Breaking:** `listNetworks` is gone")


@pytest.mark.parametrize("version", ["0.9.2", "0.10.0", "1.0.0"])
def test_a_newer_version_with_changes_is_released(version: str) -> None:
    check(version, PLAIN, [])


@pytest.mark.parametrize("version", ["0.10.0", "1.0.0"])
def test_so_is_one_that_breaks_clients_and_says_so(version: str) -> None:
    check(version, BREAKING, [GONE])


@pytest.mark.parametrize(
    ("version", "text", "changes", "reason"),
    [
        ("next", PLAIN, [], "'next' is no version"),
        ("0.9.1", PLAIN, [], "not newer"),
        ("0.8.7", PLAIN, [], "not newer"),
        ("0.9.2", PLAIN.replace("- Colours.", ""), [], r"nothing under \[Unreleased\]"),
        ("0.10.0", PLAIN, [GONE], "listNetworks: GET /v2/networks is gone"),
        ("0.9.2", BREAKING, [GONE], "the minor below 1.0"),
        ("0.9.2", BREAKING, [], "the minor below 1.0"),  # of behaviour, which no document shows
        ("1.1.0", BREAKING.replace("0.9.1", "1.0.0"), [GONE], "raise the major version"),
    ],
)
def test_others_are_refused(version: str, text: str, changes: list[Change], reason: str) -> None:
    with pytest.raises(NoReleaseError, match=reason):
        check(version, text, changes)
