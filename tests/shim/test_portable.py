"""Texts, JSON, HTTP, events and plans of the shim, under the sanitizers."""

import json
import subprocess
from pathlib import Path

from hnsemu.parity.plans import Risk, plan_of
from tests.parity.test_plans import REFUSED
from tests.waiting import PATIENCE


def run(portable: Path, *plans: Path) -> "subprocess.CompletedProcess[str]":
    """Run the program to its end."""
    return subprocess.run(
        [portable, *plans], capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def test_the_portable_parts_hold_under_the_sanitizers(portable: Path) -> None:
    ran = run(portable)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_same_plans_are_taken_and_refused_as_by_hnsemu(portable: Path, tmp_path: Path) -> None:
    documents = [plan_of(Risk.HOST), *(document for document, _ in REFUSED)]
    files = [tmp_path / f"{number}.json" for number in range(len(documents))]
    for file, document in zip(files, documents, strict=True):
        file.write_text(json.dumps(document))
    ran = run(portable, *files)
    assert ran.returncode == 0, ran.stderr
    taken, *refused = ran.stdout.splitlines()
    assert taken == ""
    sentences = [sentence for _, sentence in REFUSED]
    assert [said for said, problem in zip(sentences, refused, strict=True) if not problem] == []
