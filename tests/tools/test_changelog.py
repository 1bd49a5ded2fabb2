"""CHANGELOG.md has the layout of Keep a Changelog, and the tools read it."""

import json
import re
from pathlib import Path

from hnsemu import __version__
from tools import changelog
from tools.changelog import Release

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "CHANGELOG.md").read_text()

EXAMPLE = """# Changelog

## [Unreleased]

### Added
- `listNetworks` pages.

### Changed
- **Breaking:** `createNetwork` needs a body,
  and `Network` lost `Flags`.
- `other`

## [0.2.0] - 2026-10-02

### Removed
- **Breaking:** `old`

## [0.1.0] - 2026-09-01
"""


def test_the_newest_version_is_that_of_the_package() -> None:
    assert changelog.releases(TEXT)[0].version == __version__


def test_the_released_document_is_that_of_the_newest_version() -> None:
    released = json.loads((ROOT / "openapi" / "released.json").read_text())
    assert released["info"]["version"] == changelog.releases(TEXT)[0].version


def test_versions_are_newest_first() -> None:
    dates = [release.date for release in changelog.releases(TEXT)]
    assert dates == sorted(dates, reverse=True)
    headings = re.findall(r"^## .*$", TEXT, re.MULTILINE)
    assert headings[0] == changelog.UNRELEASED.strip()
    assert len(headings) == 1 + len(dates)


def test_each_version_has_each_kind_of_change_once() -> None:
    for section in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]:
        kinds = re.findall(r"^### (.*)$", section, re.MULTILINE)
        assert set(kinds) <= set(changelog.KINDS)
        assert len(kinds) == len(set(kinds))


def test_changes_are_entries_of_lists_without_gaps() -> None:
    _, *kinds = re.split(r"^### .*\n", TEXT, flags=re.MULTILINE)
    for kind in kinds:
        entries, _, _ = kind.partition("\n## ")
        others = [line for line in entries.strip().splitlines() if line[:2] not in {"- ", "  "}]
        assert others == []


def test_breaking_entries_of_the_next_version_announce_what_they_name() -> None:
    assert changelog.announced(EXAMPLE) == {"createNetwork", "Network", "Flags"}
    assert changelog.announced("# Changelog\n") == set()


def test_versions_have_dates() -> None:
    expected = [Release("0.2.0", "2026-10-02"), Release("0.1.0", "2026-09-01")]
    assert changelog.releases(EXAMPLE) == expected


def test_a_release_leaves_nothing_unreleased() -> None:
    text = changelog.released(EXAMPLE, Release("0.3.0", "2026-11-28"))
    assert changelog.releases(text)[0] == Release("0.3.0", "2026-11-28")
    assert changelog.entries(changelog.unreleased(text)) == []
    assert "## [0.3.0] - 2026-11-28\n\n### Added\n- `listNetworks` pages." in text
