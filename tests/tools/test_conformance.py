"""tools.conformance counts tests as docs/fidelity.md does, and notices every difference."""

from dataclasses import replace
from pathlib import Path

import pytest

from tools.conformance import Run
from tools.suites import MODULES, SUITES, Suite

SUITE = Suite(name="some", title="some", folder=Path(), package=".", tests=2)


def run(suite: Suite, outcomes: dict[str, str], code: int = 0) -> Run:
    return Run(suite, "ws2025", outcomes, code=code)


def test_a_test_with_subtests_counts_as_those() -> None:
    assert run(SUITE, {"A": "pass", "A/one": "pass", "A/two": "pass"}).counts() == (2, 2)


def test_the_specs_of_ginkgo_are_counted() -> None:
    ginkgo = run(SUITE, {"TestAll": "pass"})
    ginkgo.printed["TestAll"] = ["\x1b[32mSUCCESS!\x1b[0m -- 2 Passed | 0 Failed | 0 Pending\n"]
    assert ginkgo.counts() == (2, 2)
    assert ginkgo.faults() == []


def test_what_is_as_expected_has_no_fault() -> None:
    assert run(SUITE, {"A": "pass", "B": "pass"}).faults() == []


@pytest.mark.parametrize(
    ("outcomes", "fault"),
    [
        ({"A": "pass"}, "1 tests ran, 2 exist"),
        ({"A": "pass", "B": "fail"}, "B fails"),
        ({"A": "pass", "B": "skip"}, "B fails"),
    ],
)
def test_a_test_that_is_missing_or_does_not_pass_is_a_fault(
    outcomes: dict[str, str], fault: str
) -> None:
    assert run(SUITE, outcomes).faults() == [fault]


def test_an_excused_test_may_fail_but_not_pass_unnoticed() -> None:
    suite = replace(SUITE, excused={"B": "because"})
    assert run(suite, {"A": "pass", "B": "fail"}, code=1).faults() == []
    assert run(suite, {"A": "pass", "B": "pass"}).faults() == ["B passes now"]


def test_a_crash_between_the_tests_is_a_fault() -> None:
    assert run(SUITE, {"A": "pass", "B": "pass"}, code=2).faults() == ["go test ended with 2"]


@pytest.mark.parametrize(
    ("printed", "is_of_wine"),
    [
        ("cni_test.go:9: fork/exec Z:\\build\\host-local.exe: Internal error.\n", True),
        ("cni_test.go:9: fork/exec Z:\\build\\host-local.exe: File not found.\n", False),
        ("cni_test.go:9: HNS failed: Internal error.\n", False),
    ],
)
def test_only_what_wine_did_not_start_is_tried_again(printed: str, *, is_of_wine: bool) -> None:
    failed = run(SUITE, {"A": "fail", "B": "pass"})
    failed.printed["A"] = [printed]
    assert failed.is_of_wine() is is_of_wine


def test_versions_are_those_of_the_modules() -> None:
    versions = {suite.name: suite.version for suite in SUITES}
    assert versions["ours"] == "ours"
    assert f"github.com/Microsoft/hnslib {versions['hnslib']}\n" in (MODULES / "go.mod").read_text()
