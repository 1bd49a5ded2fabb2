"""Write the next version into the files that carry one.

python -m tools.release VERSION

These are `__version__`, the CHANGELOG, the documents in openapi/, and openapi/released.json, which
`make api-changes` compares with from then on. Refused are a version that is not newer, a CHANGELOG
without changes, changes that break clients and are not announced, and a number that hides them.
"""

import datetime as dt
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import changelog
from tools.api_changes import Change, breaking, documents, silent
from tools.openapi import DOCUMENT

ROOT = Path(__file__).resolve().parents[1]
CHANGELOG = ROOT / "CHANGELOG.md"
RELEASED = ROOT / "openapi" / "released.json"
VERSION = ROOT / "app" / "hnsemu" / "__init__.py"


class NoReleaseError(Exception):
    """What is missing before there can be a release."""


def check(version: str, text: str, changes: Sequence[Change]) -> None:
    """Refuse a release that would surprise.

    text: the CHANGELOG. changes: those that break clients of the last version.
    Raises: NoReleaseError.
    """
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise NoReleaseError(f"{version!r} is no version; give three numbers, such as 1.2.3")
    newest = max(numbers(release.version) for release in changelog.releases(text))
    if numbers(version) <= newest:
        raise NoReleaseError(f"{version} is not newer than the versions in the CHANGELOG")
    if not changelog.entries(changelog.unreleased(text)):
        raise NoReleaseError("the CHANGELOG has nothing under [Unreleased]")
    if unsaid := silent(changes, text):
        raise NoReleaseError(f"{unsaid[0].subject}: {unsaid[0].text}; run make api-changes")
    breaks = bool(changes) or changelog.breaks(text)
    if breaks and breaking_part(numbers(version)) <= breaking_part(newest):
        raise NoReleaseError("changes break clients; raise the major version, the minor below 1.0")


def numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers, which compare as versions do."""
    return tuple(int(part) for part in version.split("."))


def breaking_part(version: tuple[int, ...]) -> tuple[int, ...]:
    """Return the part of a version that says whether clients of another one may break.

    Source: Semantic Versioning 2.0.0, and the custom that below 1.0 the minor version says it.
    """
    return version[:1] if version[:1] > (0,) else version[:2]


def main() -> int:
    """Write the version; return 1 with a sentence when there can be no release."""
    (version,) = sys.argv[1:] or [""]
    before, after = documents()
    text = CHANGELOG.read_text()
    try:
        check(version, text, breaking(before, after))
    except NoReleaseError as missing:
        print(f"no release: {missing}")
        return 1
    today = dt.datetime.now(dt.UTC).date().isoformat()
    CHANGELOG.write_text(changelog.released(text, changelog.Release(version, today)))
    line = re.compile(r'^__version__ = ".*"$', re.MULTILINE)
    VERSION.write_text(line.sub(f'__version__ = "{version}"', VERSION.read_text()))
    subprocess.run([sys.executable, "-m", "tools.openapi"], check=True, cwd=ROOT)
    shutil.copyfile(DOCUMENT, RELEASED)
    print(f"hnsemu {version}; next: .ci/run, commit, git tag v{version}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
