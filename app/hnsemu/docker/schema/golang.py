"""JSON as Go reads it: names in any case, zero values for what is missing, Go's words for faults.

Source: docker.md section 6 and 10 [C]; httputils.ReadJSON of moby, encoding/json of Go 1.24.
"""

import json
import re
from typing import Any, Self

import orjson

from hnsemu.docker.errors import BAD_REQUEST, DockerError
from hnsemu.docker.schema.shapes import (
    List,
    Map,
    Pointer,
    Struct,
    Words,
    go_type,
    python_type,
    range_of,
    zero,
)
from hnsemu.domain.storable import of_whole_characters, storable
from hnsemu.errors import HnsError
from hnsemu.schema.bodies import check_count

_BLANK = " \t\r\n"
_LONG = 30  # digits: beyond all types of Go, and far below what int() takes
_LITERALS = ("true", "false", "null")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")


def read_document(body: bytes, content_type: str, shape: Struct) -> dict[str, Any]:
    """Return a request's document with every field of `shape`, zero values where it says nothing.

    Raises: DockerError 400 in Go's words.
    """
    if not body and not content_type:
        return dict(zero(shape))
    _check_type(content_type)
    if not body:
        return dict(zero(shape))
    try:
        return dict(fit(parse(body), shape))
    except DockerError as error:
        raise _as_written(body, shape) or error from None


def parse(body: bytes) -> object:
    """Return the one JSON value of a body.

    Raises: DockerError 400 in Go's words; in ours for more values than any client sends, which
            would keep other clients waiting.
    """
    try:
        check_count(body)
    except HnsError as error:
        raise DockerError(BAD_REQUEST, error.detail) from None
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
        return _parse_as_written(text[:end])
    except RecursionError as error:
        raise DockerError(BAD_REQUEST, "invalid JSON: exceeded max depth") from error


class _Literal(float):
    """A number as it was written: one that is not whole, or beyond all whole ones."""

    text: str

    def __new__(cls, text: str) -> Self:
        """Keep the text beside the number."""
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __str__(self) -> str:
        """Return the number as it was written."""
        return self.text


def _whole(text: str) -> int | _Literal:
    return int(text) if len(text) < _LONG else _Literal(text)


def _parse_as_written(text: str) -> object:
    """Return a JSON value whose numbers are as they were written: 1e3, not 1000.0.

    It is what orjson does not read, too: numbers beyond all bounds, and half a surrogate pair,
    which is replaced as Go does.
    """
    return of_whole_characters(json.loads(text, parse_float=_Literal, parse_int=_whole))


def _as_written(body: bytes, shape: Struct) -> DockerError | None:
    """Return the refusal of a body with its numbers as they were written.

    None where they make no difference.
    """
    try:
        fit(_parse_as_written(body.decode()), shape)
    except DockerError as error:
        return error
    except (ValueError, RecursionError):  # the refusal is of the syntax
        pass
    return None


def fit(value: object, shape: Any, where: str = "", struct: str = "") -> Any:  # noqa: ANN401
    """Return a JSON value as `shape` has it.

    where: the fields that lead to it. struct: the struct that has the last of them.
    Raises: DockerError 400 for a value of another kind, as Go words it.
    """
    if isinstance(shape, Pointer):
        return None if value is None else fit(value, shape.of, where, struct)
    if value is None:
        return zero(shape)
    if isinstance(shape, Words):
        return _fit_words(value, where, struct)
    if isinstance(shape, (Struct, List, Map)):
        return _fit_parts(value, shape, where, struct)
    if not _is_of(value, shape):
        raise _otherkind_of(value, shape, where, struct)
    return storable(value) if isinstance(value, str) else value


def _fit_words(value: object, where: str, struct: str) -> Any:  # noqa: ANN401
    if isinstance(value, list) and all(isinstance(word, str | None) for word in value):
        return [storable(word or "") for word in value]
    if not isinstance(value, str):
        raise _otherkind_of(value, str, where, struct)
    return [storable(value)]


def _fit_parts(value: object, shape: Struct | List | Map, where: str, struct: str) -> Any:  # noqa: ANN401
    if isinstance(shape, Struct) and isinstance(value, dict):
        return _fit_struct(value, shape, where)
    if isinstance(shape, List) and isinstance(value, list):
        items = value[: shape.length] if shape.length else value
        fitted = [fit(item, shape.of, where, struct) for item in items]
        return fitted + [zero(shape.of)] * (shape.length - len(fitted))
    if isinstance(shape, Map) and isinstance(value, dict):
        return {storable(name): fit(item, shape.of, where, struct) for name, item in value.items()}
    raise _otherkind_of(value, shape, where, struct)


def _fit_struct(value: dict[str, object], shape: Struct, where: str) -> dict[str, Any]:
    found, known = shape.zero(), shape.known
    for name, member in value.items():
        own = name if name in known else shape.by_lower_name.get(name.lower())
        if own is not None:
            path = ".".join(filter(None, (where, shape.embedded.get(own), own)))
            fitted = fit(member, known[own], path, shape.short_name)
            if own in shape.fields and (fitted or not shape.is_terse):
                found[own] = fitted
    return found


def _is_of(value: object, shape: Any) -> bool:  # noqa: ANN401
    kind = python_type(shape)
    if kind is int:
        least, greatest = range_of(shape)
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= greatest
    return isinstance(value, kind)


def _otherkind_of(value: object, shape: Any, where: str, struct: str) -> DockerError:  # noqa: ANN401
    into = f"Go struct field {struct}.{where} of type" if where else "Go value of type"
    kind = _kind_of(value, is_number=python_type(shape) is int)
    return DockerError(
        BAD_REQUEST, f"invalid JSON: json: cannot unmarshal {kind} into {into} {go_type(shape)}"
    )


def _kind_of(value: object, *, is_number: bool) -> str:
    """Return what Go's errors call a JSON value. is_number: whether another number would fit."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return f"number {value}" if is_number else "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


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
