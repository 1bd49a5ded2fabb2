"""docs/complaints.md names tests that exist, and answers every complaint."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "complaints.md").read_text()
NAMED = re.findall(r"`(tests/[\w/]+\.py)`, `(\w+)`", PAGE)


def functions_in(file: str) -> set[str]:
    """Return the names of the functions of a file."""
    module = ast.parse((ROOT / file).read_text())
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in module.body if isinstance(node, kinds)}


def test_the_tests_that_the_page_names_are_there() -> None:
    assert {(file, name) for file, name in NAMED if name not in functions_in(file)} == set()


def test_every_complaint_says_what_shows_the_answer() -> None:
    rows = [line.split(" | ") for line in PAGE.splitlines() if re.match(r"\| \d", line)]
    assert [int(row[0].removeprefix("| ")) for row in rows] == list(range(1, 45))
    assert all(re.search(r"`|\]\(|not shown", row[-1]) for row in rows)


def test_most_answers_are_shown_by_a_test() -> None:
    assert len(NAMED) >= 38
