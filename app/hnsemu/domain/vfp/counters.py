"""What VFP and the switch have counted. Source: dataplane.md section 10."""

from dataclasses import dataclass

RuleKey = tuple[str, str, str, str]
"""Port id, layer id, group id, rule id; without group and rule: packets that nothing matched."""


@dataclass(frozen=True, slots=True)
class RuleCounter:
    """Counters of a rule, as /get-rule-counter prints them; pending ones never happen here."""

    matched: int = 0
    dropped: int = 0
    pending: int = 0
    dropped_flows: int = 0
