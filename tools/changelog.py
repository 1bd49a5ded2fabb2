"""CHANGELOG.md as Keep a Changelog has it: versions, newest first, each with its kinds of change.

Changes that break clients are entries that begin with **Breaking:**.
Source: https://keepachangelog.com/en/1.1.0/
"""

import re
from typing import NamedTuple

KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
UNRELEASED = "## [Unreleased]\n"
BREAKING = "**Breaking:** "

_HEADING = re.compile(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", re.MULTILINE)


class Release(NamedTuple):
    """A version, as 1.2.3, and its date, as 2026-11-28."""

    version: str
    date: str


def releases(changelog: str) -> list[Release]:
    """Return the versions in the order of the file."""
    return [Release(*found) for found in _HEADING.findall(changelog)]


def unreleased(changelog: str) -> str:
    """Return what the next version changes."""
    return changelog.partition(UNRELEASED)[2].partition("\n## ")[0]


def entries(section: str) -> list[str]:
    """Return the entries of a version, each with its continuation lines."""
    return re.findall(r"^- (.+(?:\n  .+)*)", section, re.MULTILINE)


def announced(changelog: str) -> frozenset[str]:
    """Return the names in backticks of the breaking entries of the next version."""
    return frozenset(
        name for entry in _breaking(changelog) for name in re.findall(r"`([^`]+)`", entry)
    )


def breaks(changelog: str) -> bool:
    """Tell whether the next version breaks clients, which the OpenAPI document need not show."""
    return bool(_breaking(changelog))


def _breaking(changelog: str) -> list[str]:
    return [entry for entry in entries(unreleased(changelog)) if entry.startswith(BREAKING)]


def released(changelog: str, release: Release) -> str:
    """Return the changelog with what was unreleased as a version, and nothing unreleased."""
    heading = f"## [{release.version}] - {release.date}\n"
    return changelog.replace(UNRELEASED, f"{UNRELEASED}\n{heading}", 1)
