"""docs/testing.md takes users of Go and Java from nothing to a red and a green test."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.testing.page import ROOT, Reader

pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Return somebody in an empty folder, with no service running."""
    monkeypatch.delenv("HNSEMU_URL", raising=False)
    return Reader(tmp_path, patience=400)


def test_go(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    toolchain = subprocess.check_output([ROOT / "tools" / "go-toolchain"], text=True).strip()
    monkeypatch.setenv("PATH", f"{toolchain}:{os.environ['PATH']}")
    reader.follow("testing.md", "A first test in Go")


def test_java(reader: Reader) -> None:
    reader.follow("testing.md", "A first test in Java")
