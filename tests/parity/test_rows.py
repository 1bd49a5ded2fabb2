"""rows.yaml settles rows that docs/fidelity.md has, and that are inferred."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from hnsemu.parity.plans import Risk, check_plan, known_cases, plan_of

_PAGE = (Path(__file__).resolve().parents[2] / "docs" / "fidelity.md").read_text()
_CASES = known_cases()


def _rows(section: str) -> list[list[str]]:
    """Return the cells of each row of a section."""
    _, _, text = _PAGE.partition(f"\n## {section}\n")
    lines = re.split(r"\n## ", text)[0].splitlines()
    return [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case["row"])
def test_a_case_names_one_row_and_that_is_inferred(case: Mapping[str, Any]) -> None:
    (found,) = [row for row in _rows(case["section"]) if row[0].startswith(case["row"])]
    assert "inferred" in " ".join(found)


def test_no_row_has_two_cases() -> None:
    rows = [(case["section"], case["row"]) for case in _CASES]
    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize("risk", Risk)
def test_a_plan_keeps_the_rules_of_plans_and_its_risk(risk: Risk) -> None:
    plan = plan_of(risk)
    check_plan(plan)
    assert {case["risk"] for case in plan["cases"]} == set(list(Risk)[: list(Risk).index(risk) + 1])


def test_what_is_harmless_is_played_first() -> None:
    risks = [list(Risk).index(case["risk"]) for case in plan_of(Risk.HOST)["cases"]]
    assert risks == sorted(risks)
