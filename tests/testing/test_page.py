"""docs/testing.md takes people from nothing to a red and a green test."""

from pathlib import Path

import pytest

from tests.testing.page import Reader

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Return somebody in an empty folder, with no service running."""
    monkeypatch.delenv("HNSEMU_URL", raising=False)
    return Reader(tmp_path, {"PYTEST_ADDOPTS": "-p no:cacheprovider"})


def test_python(reader: Reader) -> None:
    reader.follow("testing.md", "A first test in Python")


def test_shell(reader: Reader) -> None:
    reader.follow("testing.md", "A first test in a shell")
