"""Label selectors of Kubernetes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hnsemu.dumps.kubernetes.members import Members

_IN, _NOT_IN, _EXISTS, _ABSENT = "In", "NotIn", "Exists", "DoesNotExist"
_OPERATORS = (_IN, _NOT_IN, _EXISTS, _ABSENT)


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a label must be. values: those of In and NotIn."""

    key: str
    operator: str
    values: frozenset[str] = frozenset()

    def is_met(self, labels: Mapping[str, str]) -> bool:
        """Tell whether labels meet it; NotIn is met without the label."""
        if self.operator == _IN:
            return labels.get(self.key) in self.values
        if self.operator == _NOT_IN:
            return self.key not in labels or labels[self.key] not in self.values
        return (self.key in labels) == (self.operator == _EXISTS)


@dataclass(frozen=True, slots=True)
class Selector:
    """What labels must be; one without requirements selects everything."""

    requirements: tuple[Requirement, ...] = ()

    def selects(self, labels: Mapping[str, str]) -> bool:
        """Tell whether labels meet all requirements."""
        return all(requirement.is_met(labels) for requirement in self.requirements)

    @property
    def keys(self) -> set[str]:
        """Return the labels that it asks for."""
        return {requirement.key for requirement in self.requirements}


def selector_of(members: Members) -> Selector:
    """Return a label selector.

    Raises: E_INVALIDARG, naming the first wrong member.
    """
    labels = members.texts_by_name("matchLabels")
    exact = (Requirement(key, _IN, frozenset({value})) for key, value in labels.items())
    return Selector((*exact, *_expressions(members)))


def _expressions(members: Members) -> Iterator[Requirement]:
    for item in members.list_of("matchExpressions"):
        key, values = item.text("key"), item.texts("values")
        operator = item.one_of("operator", _OPERATORS, "")
        if not key:
            raise item.wrong("key", "is missing; write the name of a label")
        if bool(values) != (operator in {_IN, _NOT_IN}):
            what = "are missing" if not values else f"do not belong to {operator}; leave them out"
            raise item.wrong("values", what)
        yield Requirement(key, operator, frozenset(values))
