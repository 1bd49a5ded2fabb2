"""JSON as Go reads it: names in any case, zero values for what is missing, Go's words for faults.

Source: docker.md section 6 and 10 [C]; httputils.ReadJSON of moby, encoding/json of Go 1.24.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson

from hnsemu.docker.errors import BAD_REQUEST, DockerError

_BLANK = " \t\r\n"
_LITERALS = ("true", "false", "null")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_BITS = 63
_GO_TYPES: dict[type, str] = {
    str: "string", bool: "bool", int: "int", float: "float64", object: "interface {}",
}  # fmt: skip


@dataclass(frozen=True)
class Struct:
    """A Go struct: its name, and the shape of each field.

    embedded: the struct inside this one that holds a field, which Go names in its errors.

    A shape is a Struct, a List, a Map, a Pointer, or one of str, bool, int, float, object.
    """

    name: str
    fields: Mapping[str, Any]
    embedded: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_lower_name(self) -> Mapping[str, str]:
        """The names of the fields, by their names in lower case."""
        return {name.lower(): name for name in self.fields}

    def zero(self) -> dict[str, Any]:
        """Return the struct where nothing was said."""
        return self._zeros | {name: struct.zero() for name, struct in self._structs.items()}

    @cached_property
    def _zeros(self) -> dict[str, Any]:
        """What never changes, so one copy of it is enough; a struct inside is a placeholder."""
        return {
            name: None if isinstance(of, Struct) else zero(of) for name, of in self.fields.items()
        }

    @cached_property
    def _structs(self) -> Mapping[str, "Struct"]:
        return {name: of for name, of in self.fields.items() if isinstance(of, Struct)}


@dataclass(frozen=True, slots=True)
class List:
    """A slice: None when missing."""

    of: Any


@dataclass(frozen=True, slots=True)
class Map:
    """A map from texts: None when missing."""

    of: Any


@dataclass(frozen=True, slots=True)
class Pointer:
    """What may be nil, which is told apart from a zero value."""

    of: Any


def read_document(body: bytes, content_type: str, shape: Struct) -> dict[str, Any]:
    """Return a request's document with every field of `shape`, zero values where it says nothing.

    Raises: DockerError 400 in Go's words.
    """
    if not body and not content_type:
        return dict(zero(shape))
    _check_type(content_type)
    if not body:
        return dict(zero(shape))
    value = fit(parse(body), shape)
    return dict(zero(shape)) if value is None else dict(value)


def parse(body: bytes) -> object:
    """Return the one JSON value of a body.

    Raises: DockerError 400 in Go's words.
    """
    try:
        return orjson.loads(body)
    except ValueError:
        text = body.decode("utf-8", "replace")
    try:
        end = _Scanner(text).value()
    except RecursionError as error:
        raise DockerError(BAD_REQUEST, "invalid JSON: exceeded max depth") from error
    if text[end:].strip(_BLANK):
        raise DockerError(BAD_REQUEST, "unexpected content after JSON")
    try:
        return orjson.loads(text[:end])
    except ValueError as error:  # a lone surrogate, a number without bounds
        raise DockerError(BAD_REQUEST, f"invalid JSON: {error}") from error


def zero(shape: Any) -> Any:  # noqa: ANN401 (any shape, any value)
    """Return what Go has where nothing was said."""
    if isinstance(shape, Struct):
        return shape.zero()
    if shape in (str, bool, int, float):
        return shape()
    return None


def fit(value: object, shape: Any, where: str = "", struct: str = "") -> Any:  # noqa: ANN401
    """Return a JSON value as `shape` has it.

    Raises: DockerError 400 for a value of another kind, as Go words it.
    """
    if isinstance(shape, Pointer):
        return None if value is None else fit(value, shape.of, where, struct)
    if value is None:
        return zero(shape)
    if isinstance(shape, (Struct, List, Map)):
        return _fit_parts(value, shape, where, struct)
    if shape is object:
        return value
    if not _is_of(value, shape):
        raise _otherkind_of(value, shape, where, struct)
    return _storable(value) if isinstance(value, str) else value


def _fit_parts(value: object, shape: Struct | List | Map, where: str, struct: str) -> Any:  # noqa: ANN401
    if isinstance(shape, Struct) and isinstance(value, dict):
        return _fit_struct(value, shape, where)
    if isinstance(shape, List) and isinstance(value, list):
        return [fit(item, shape.of, where, struct) for item in value]
    if isinstance(shape, Map) and isinstance(value, dict):
        return {_storable(name): fit(item, shape.of, where, struct) for name, item in value.items()}
    raise _otherkind_of(value, shape, where, struct)


def _storable(text: str) -> str:
    """Return a text that both databases keep: PostgreSQL knows no NUL."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _fit_struct(value: dict[str, object], shape: Struct, where: str) -> dict[str, Any]:
    found = shape.zero()
    for name, member in value.items():
        known = name if name in shape.fields else shape.by_lower_name.get(name.lower())
        if known is not None:
            path = ".".join(filter(None, (where, shape.embedded.get(known), known)))
            found[known] = fit(member, shape.fields[known], path, shape.name)
    return found


def _is_of(value: object, shape: type) -> bool:
    if shape is int:
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        return is_whole and -(1 << _BITS) <= int(str(value)) < 1 << _BITS
    if shape is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, shape)


def _otherkind_of(value: object, shape: Any, where: str, struct: str) -> DockerError:  # noqa: ANN401
    into = f"Go struct field {struct}.{where} of type" if where else "Go value of type"
    return DockerError(
        BAD_REQUEST,
        f"invalid JSON: json: cannot unmarshal {kind_of(value)} into {into} {_go_type(shape)}",
    )


def kind_of(value: object) -> str:
    """Return what Go's errors call a JSON value."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number" if isinstance(value, int) else f"number {value}"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def _go_type(shape: Any) -> str:  # noqa: ANN401
    if isinstance(shape, Struct):
        return shape.name
    if isinstance(shape, List):
        return f"[]{_go_type(shape.of)}"
    if isinstance(shape, Map):
        return f"map[string]{_go_type(shape.of)}"
    if isinstance(shape, Pointer):
        return f"*{_go_type(shape.of)}"
    return _GO_TYPES[shape]


def _check_type(content_type: str) -> None:
    media_type = content_type.partition(";")[0].strip().lower()
    if not media_type:
        raise DockerError(
            BAD_REQUEST, f"malformed Content-Type header ({content_type}): mime: no media type"
        )
    if media_type != "application/json":
        raise DockerError(
            BAD_REQUEST,
            f"unsupported Content-Type header ({content_type}): must be 'application/json'",
        )


class _Scanner:
    """Finds where a JSON value ends, or what Go says about the first character that is wrong."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def value(self) -> int:
        """Return where the first value ends."""
        self._blank()
        if self._at >= len(self._text):
            raise DockerError(BAD_REQUEST, "invalid JSON: got EOF while reading request body")
        self._value("looking for beginning of value")
        return self._at

    def _value(self, looking: str) -> None:
        character = self._next()
        if character == "{":
            self._object()
        elif character == "[":
            self._array()
        elif character == '"':
            self._string()
        elif character in "-0123456789":
            self._number()
        else:
            self._literal(character, looking)

    def _object(self) -> None:
        self._at += 1
        if self._next() == "}":
            self._at += 1
            return
        while True:
            if self._next() != '"':
                raise self._wrong("looking for beginning of object key string")
            self._string()
            if self._next() != ":":
                raise self._wrong("after object key")
            self._at += 1
            self._value("looking for beginning of value")
            if self._after("after object key:value pair", "}"):
                return

    def _array(self) -> None:
        self._at += 1
        if self._next() == "]":
            self._at += 1
            return
        while True:
            self._value("looking for beginning of value")
            if self._after("after array element", "]"):
                return

    def _after(self, where: str, closing: str) -> bool:
        """Step over a comma, or over what closes the list; tell which."""
        character = self._next()
        if character not in {",", closing}:
            raise self._wrong(where)
        self._at += 1
        return character == closing

    def _string(self) -> None:
        self._at += 1
        while (character := self._here()) != '"':
            if character < " ":
                raise self._wrong("in string literal")
            self._at += 1
            if character == "\\":
                self._escape()
        self._at += 1

    def _escape(self) -> None:
        character = self._here()
        if character not in '"\\/bfnrtu':
            raise self._wrong("in string escape code")
        self._at += 1
        for _ in range(4 if character == "u" else 0):
            if self._here() not in "0123456789abcdefABCDEF":
                raise self._wrong("in \\u hexadecimal character escape")
            self._at += 1

    def _number(self) -> None:
        found = _NUMBER.match(self._text, self._at)
        if found is None:
            self._at += 1
            self._here()
            raise self._wrong("in numeric literal")
        self._at = found.end()

    def _literal(self, first: str, looking: str) -> None:
        word = next((word for word in _LITERALS if word[0] == first), None)
        if word is None:
            raise self._wrong(looking)
        for letter in word:
            where = f"in literal {word} (expecting '{letter}')"
            if self._here() != letter:
                raise self._wrong(where)
            self._at += 1

    def _blank(self) -> None:
        while self._at < len(self._text) and self._text[self._at] in _BLANK:
            self._at += 1

    def _next(self) -> str:
        self._blank()
        return self._here()

    def _here(self) -> str:
        if self._at >= len(self._text):
            raise DockerError(BAD_REQUEST, "invalid JSON: unexpected EOF")
        return self._text[self._at]

    def _wrong(self, where: str) -> DockerError:
        character = self._text[self._at]
        shown = {"'": "'\\''", '"': "'\"'"}.get(character, f"'{character}'")
        return DockerError(BAD_REQUEST, f"invalid JSON: invalid character {shown} {where}")
