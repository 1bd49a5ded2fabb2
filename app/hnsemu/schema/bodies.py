"""Request bodies: JSON text to plain values, in time linear in the text.

A body that may be large is read in a thread, and each call of the parsers holds the interpreter,
so a large body is split into the texts of its members and read piece by piece.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from msgspec import DecodeError, Raw
from msgspec.json import Decoder

from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import RawJson
from hnsemu.schema.collection import without_collection

_ITEMS = Decoder(list[Raw])
_MEMBERS = Decoder(dict[str, Raw])

# No client sends deeper or longer documents; within these limits recursion is safe.
_DEEPEST, _LONGEST, _MOST = 64, 100_000, 1_000_000

_NO_MARKS = bytes(set(range(256)) - set(b"[]{},"))

_PIECE = 256 * 1024
"""Bytes that are parsed in one call: a few milliseconds."""

_NEAR = 20
"""Characters shown on either side of a mistake."""


def read(body: bytes) -> Any:  # noqa: ANN401 (any JSON value)
    """Return the value of a request body; an empty body is an empty object.

    The `Settings` of each policy in an array `Policies` become RawJson: the bytes that were sent.
    Raises: HCN_E_INVALID_JSON with the position; also for NUL, which a database cannot store, and
            for more values, members or levels than any client sends.
    """
    text = body.strip()
    if not text:
        return {}
    try:
        if len(text) > _PIECE:
            check_count(text)
            with without_collection():
                value = _read_pieces(text, 1)
        else:
            value = orjson.loads(text)
        if text.count(b"[") + text.count(b"{") > _DEEPEST or text.count(b",") > _LONGEST:
            _check_size(value)
        if b"\\u0000" in text:
            _refuse_nul(value)
        if len(text) <= _PIECE and b'"Settings"' in text:
            _keep_settings(value, text)
    except (orjson.JSONDecodeError, DecodeError, UnicodeDecodeError, RecursionError) as error:
        what = str(error)
        if not _is_utf8(body):
            what = "it is not text in UTF-8; send it as UTF-8"
        elif isinstance(error, orjson.JSONDecodeError) and len(text) > _PIECE:
            # The position is that in a piece.
            near = error.doc[max(error.pos - _NEAR, 0) : error.pos + _NEAR]
            what = f"{error.msg}, near {near!r}"
        raise HnsError(Hr.HCN_E_INVALID_JSON, f"the body is not valid JSON: {what}") from None
    return value


def _is_utf8(body: bytes) -> bool:
    """Tell whether a body may be text in UTF-8: no JSON has the NUL of UTF-16 and UTF-32."""
    try:
        return "\0" not in body.decode()
    except UnicodeDecodeError:
        return False


def check_count(text: bytes) -> None:
    """Refuse a text with more values than any client sends, before they take up memory.

    The members of one list or object are found in one call, which must not take long, either.

    Raises: HCN_E_INVALID_JSON.
    """
    if _separators(text) <= _LONGEST:
        return
    count, lengths = 0, [0]
    for part in _outside_strings(text):
        count += _separators(part)
        if count > _MOST:
            what = f"the body has more than {_MOST} values; send them in several requests"
            raise HnsError(Hr.HCN_E_INVALID_JSON, what)
        for mark in part.translate(None, _NO_MARKS):
            _follow(mark, lengths)


def _follow(mark: int, lengths: list[int]) -> None:
    """Count the members of the lists and objects that are open, outermost first."""
    if mark in b"[{":
        lengths.append(1)
        if len(lengths) > _DEEPEST + 1:
            raise _too_deep()
    elif mark in b"]}":
        lengths.pop()
        if not lengths:
            lengths.append(0)  # there was one too many; who reads the text says so
    else:
        lengths[-1] += 1
        if lengths[-1] > _LONGEST and len(lengths) > 1:
            raise _too_long()


def _outside_strings(text: bytes) -> Iterator[bytes]:
    """Yield what stands between the strings of a text."""
    plain = text.replace(b"\\\\", b"").replace(b'\\"', b"")  # what is left delimits strings
    outside = True
    for start in range(0, len(plain), _PIECE):
        parts = plain[start : start + _PIECE].split(b'"')
        yield from parts[0 if outside else 1 :: 2]
        outside ^= len(parts) % 2 == 0


def _separators(text: bytes) -> int:
    return text.count(b",") + text.count(b"[") + text.count(b"{")


def _read_pieces(text: Raw | bytes, depth: int, *, in_policies: bool = False) -> Any:  # noqa: ANN401 (any JSON value)
    """Return the value of a text of any length, with the text of each policy's Settings."""
    whole = memoryview(text)
    if depth > _DEEPEST:
        raise _too_deep()
    opening = chr(whole[0])
    if len(whole) <= _PIECE or opening not in "[{":
        value = orjson.loads(whole)
        _keep_settings(value, text, in_policies=in_policies)
        return value
    if opening == "[":
        return [
            _read_pieces(item, depth + 1, in_policies=in_policies) for item in _ITEMS.decode(text)
        ]
    parts = _MEMBERS.decode(text)
    return {
        key: _settings_text(part)
        if key == "Settings" and in_policies
        else _read_pieces(part, depth + 1, in_policies=key == "Policies")
        for key, part in parts.items()
    }


def _settings_text(part: Raw) -> RawJson | None:
    text = bytes(part)
    value = orjson.loads(text)  # refuses what is no JSON
    return None if value is None else RawJson(text.decode())


def _check_size(value: object) -> None:
    """Refuse a document that is nested too deeply or has too many members in a list or object.

    Raises: HCN_E_INVALID_JSON.
    """
    left = [(value, 1)]
    while left:
        item, depth = left.pop()
        if not isinstance(item, (dict, list)):
            continue
        if depth > _DEEPEST:
            raise _too_deep()
        if len(item) > _LONGEST:
            raise _too_long()
        members = item.values() if isinstance(item, dict) else item
        left += [(member, depth + 1) for member in members if isinstance(member, (dict, list))]


def _too_long() -> HnsError:
    what = f"a list or object has more than {_LONGEST} members; send at most so many"
    return HnsError(Hr.HCN_E_INVALID_JSON, what)


def _too_deep() -> HnsError:
    what = f"the body is nested more than {_DEEPEST} deep; HNS has no such documents"
    return HnsError(Hr.HCN_E_INVALID_JSON, what)


def _refuse_nul(value: object) -> None:
    if isinstance(value, str) and "\0" in value:
        raise HnsError(Hr.HCN_E_INVALID_JSON, "a text contains the character U+0000; leave it out")
    if isinstance(value, Mapping):
        _refuse_nul([*value.keys(), *value.values()])
    elif isinstance(value, list):
        for item in value:
            _refuse_nul(item)


def _keep_settings(value: object, text: Raw | bytes, *, in_policies: bool = False) -> None:
    """Put the text of each policy's Settings in the place of its value; null stays no value.

    text: the JSON of `value`; each level is split into the texts of its members.
    """
    if isinstance(value, list):
        for item, part in zip(value, _ITEMS.decode(text), strict=True):
            _keep_settings(item, part, in_policies=in_policies)
    elif isinstance(value, dict):
        parts = _MEMBERS.decode(text)
        for key, member in value.items():
            if key == "Settings" and in_policies and member is not None:
                value[key] = RawJson(bytes(parts[key]).decode())
            elif isinstance(member, (dict, list)):
                _keep_settings(member, parts[key], in_policies=key == "Policies")
