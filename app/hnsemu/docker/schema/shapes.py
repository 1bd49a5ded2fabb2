"""Types of Go, as far as the documents of Docker's clients need them.

A shape is a Struct, a List, a Map, a Pointer, a Scalar, WORDS, or one of str, bool and int, which
are Go's string, bool and int. Source: encoding/json of Go 1.24 [C].
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

_GO_TYPES: dict[type, str] = {str: "string", bool: "bool", int: "int"}
_LOWEST, _HIGHEST = -(1 << 63), (1 << 63) - 1


@dataclass(frozen=True)
class Struct:
    """A Go struct: its name with its package, and the shape of each field.

    embedded: the structs inside this one that hold a field, which Go names in its errors.
    unread:   fields that Go reads and nobody uses: their types count all the same.
    is_terse: whether fields that say nothing are left out.
    """

    name: str
    fields: Mapping[str, Any]
    embedded: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[str, Any] = field(default_factory=dict)
    is_terse: bool = False

    @cached_property
    def short_name(self) -> str:
        """Its name without the package."""
        return self.name.rpartition(".")[2]

    @cached_property
    def known(self) -> Mapping[str, Any]:
        """The shapes of all fields, of those that nobody uses, too."""
        return {**self.fields, **self.unread}

    @cached_property
    def by_lower_name(self) -> Mapping[str, str]:
        """The names of the fields, by their names in lower case."""
        return {name.lower(): name for name in self.known}

    def zero(self) -> dict[str, Any]:
        """Return the struct where nothing was said."""
        return self._zeros | {name: struct.zero() for name, struct in self._structs.items()}

    @cached_property
    def _zeros(self) -> dict[str, Any]:
        """What never changes, so one copy of it is enough; a struct inside is a placeholder."""
        return {
            name: None if isinstance(of, Struct) else zero(of)
            for name, of in self.fields.items()
            if not self.is_terse
        }

    @cached_property
    def _structs(self) -> Mapping[str, "Struct"]:
        return {
            name: of
            for name, of in self.fields.items()
            if isinstance(of, Struct) and not self.is_terse
        }


@dataclass(frozen=True, slots=True)
class List:
    """A slice: None when missing. length: of an array, 0 for a slice."""

    of: Any
    length: int = 0


@dataclass(frozen=True, slots=True)
class Map:
    """A map from texts: None when missing. name: of its type, if it has one."""

    of: Any
    name: str = ""


@dataclass(frozen=True, slots=True)
class Pointer:
    """What may be nil, which is told apart from a zero value."""

    of: Any


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text or a number whose type has a name. lowest, highest: what a number may be."""

    name: str
    of: type = str
    lowest: int = _LOWEST
    highest: int = _HIGHEST


@dataclass(frozen=True, slots=True)
class Words:
    """strslice.StrSlice: a list of texts, or one text that stands for such a list."""


WORDS = Words()
INT64 = Scalar("int64", int)
UINT16, UINT32, UINT64 = (Scalar(f"uint{bits}", int, 0, (1 << bits) - 1) for bits in (16, 32, 64))
UINT = Scalar("uint", int, 0, (1 << 64) - 1)


def zero(shape: Any) -> Any:  # noqa: ANN401 (any shape, any value)
    """Return what Go has where nothing was said."""
    if isinstance(shape, Struct):
        return shape.zero()
    if isinstance(shape, Scalar):
        return shape.of()
    if isinstance(shape, List) and shape.length:
        return [zero(shape.of)] * shape.length
    return shape() if isinstance(shape, type) else None


def range_of(shape: Any) -> tuple[int, int]:  # noqa: ANN401 (any shape)
    """Return the least and the greatest number of an int or a Scalar."""
    return (shape.lowest, shape.highest) if isinstance(shape, Scalar) else (_LOWEST, _HIGHEST)


def python_type(shape: Any) -> Any:  # noqa: ANN401 (any shape)
    """Return what holds the value of a text, a number or a truth."""
    return shape.of if isinstance(shape, Scalar) else shape


def go_type(shape: Any) -> str:  # noqa: ANN401 (any shape)
    """Return what Go calls the type of a shape."""
    if isinstance(shape, (Struct, Scalar)):
        return shape.name
    if isinstance(shape, List):
        return f"[{shape.length or ''}]{go_type(shape.of)}"
    if isinstance(shape, Map):
        return shape.name or f"map[string]{go_type(shape.of)}"
    if isinstance(shape, Pointer):
        return f"*{go_type(shape.of)}"
    return _GO_TYPES[shape]
