"""Rules, and whether they end the evaluation of their layer."""

import pytest

from hnsemu.domain.vfp.model import ACL_RULE, STATEFUL, TERMINATING, Rule, RuleType


@pytest.mark.parametrize(
    ("flags", "expected"),
    [(0, False), (STATEFUL | ACL_RULE, False), (TERMINATING, True), (TERMINATING | STATEFUL, True)],
)
def test_the_flag_says_whether_a_rule_terminates(flags: int, *, expected: bool) -> None:
    assert Rule("r", "", 100, flags, RuleType.ALLOW).is_terminating is expected
