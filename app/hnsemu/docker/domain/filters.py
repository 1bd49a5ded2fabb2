"""Filters of lists, in both spellings: {"label": {"a=b": true}} and {"label": ["a=b"]}.

Source: docker.md section 0 fact 13 [O]; texts of moby's api/types/filters [C].
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from hnsemu.docker.domain.patterns import is_match
from hnsemu.docker.errors import BAD_REQUEST, DockerError
from hnsemu.domain.storable import storable


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is asked for: values by name; those of one name are alternatives."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, name: str) -> tuple[str, ...]:
        """Return the values of a filter, () when it was not given."""
        return self.values.get(name, ())

    def check(self, known: Collection[str]) -> None:
        """Refuse a filter that is none of `known`.

        Raises: DockerError 400.
        """
        for name in self.values:
            if name not in known:
                raise DockerError(BAD_REQUEST, f"invalid filter '{name}'")

    def is_given(self, name: str) -> bool:
        """Tell whether the filter was given."""
        return bool(self.values.get(name))

    def exact(self, name: str, found: str) -> bool:
        """Tell whether the filter lets `found` pass, which it must equal."""
        wanted = self.of(name)
        return not wanted or found in wanted

    def matches(self, name: str, found: str) -> bool:
        """Tell whether the filter lets `found` pass, which it equals or matches as a pattern."""
        wanted = self.of(name)
        return not wanted or found in wanted or any(is_match(text, found) for text in wanted)

    def beginning(self, name: str, found: str) -> bool:
        """Tell whether the filter lets `found` pass, of which it may be the beginning."""
        wanted = self.of(name)
        return not wanted or any(found.startswith(text) for text in wanted)

    def labels(self, found: Mapping[str, str], name: str = "label") -> bool:
        """Tell whether all labels wanted are there; `key` is any value of it."""
        return all(has_label(found, text) for text in self.of(name))

    def without_labels(self, found: Mapping[str, str]) -> bool:
        """Tell whether label! lets the object pass: not all of those labels are there."""
        unwanted = self.of("label!")
        return not unwanted or not all(has_label(found, text) for text in unwanted)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return the value of a filter that says yes or no.

        Raises: DockerError 400 for another value, or for both.
        """
        values = set(self.of(name))
        if not values:
            return default
        yes, no = values & {"1", "true"}, values & {"0", "false"}
        if bool(yes) == bool(no):
            shown = " ".join(sorted(values))
            raise DockerError(BAD_REQUEST, f"invalid filter '{name}=[{shown}]'")
        return bool(yes)


def has_label(found: Mapping[str, str], text: str) -> bool:
    """Tell whether an object has a label: `key`, or `key=value`."""
    key, has_value, value = text.partition("=")
    return key in found and (not has_value or found[key] == value)


def read_filters(text: str) -> Filters:
    """Return the filters that a query's parameter says.

    Raises: DockerError 400 for what is neither spelling.
    """
    if not text:
        return Filters()
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:  # a text of brackets alone is too deep
        raise DockerError(BAD_REQUEST, "invalid filter") from error
    if not isinstance(document, dict):
        raise DockerError(BAD_REQUEST, "invalid filter")
    return Filters({storable(name): tuple(_values(member)) for name, member in document.items()})


def _values(member: object) -> Iterable[str]:
    if isinstance(member, dict):
        return [storable(text) for text, wanted in member.items() if wanted is not False]
    if isinstance(member, list) and all(isinstance(text, str) for text in member):
        return [storable(text) for text in member]
    raise DockerError(BAD_REQUEST, "invalid filter")
