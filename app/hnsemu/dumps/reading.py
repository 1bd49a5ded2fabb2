"""Documents of a real host in a text: which objects there are, and what else.

The text is what PowerShell, hnsdiag, hcn or docker printed, files one behind the other. What is no
JSON around the documents, such as the headings of hnsdiag, is passed over.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hnsemu.errors import HnsError, Hr
from hnsemu.schema.bodies import check_count

Json = Any

_DECODER = json.JSONDecoder()
_DEEPEST = 64
_PIECE = 256 * 1024  # characters that are decoded in one call: some milliseconds
_SMALL = 4096  # characters of most objects
_BRACKET, _CLOSING = re.compile(r"[{\[]"), ("{", "[")
_WHITE = re.compile(r"[ \t\n\r]*")
_INDENT = "\ufeff \t"
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"  # of `splitlines`
_NAMESPACE_TYPES = {"host", "hostdefault", "guest", "guestdefault"}

_TARGETS = {"HostComputeNetwork", "HostComputeEndpoints"}
_ROUTES = {"Routes", "Setting"}  # as HCN and as hcsshim name the list
_OF_ENDPOINTS = {"IpConfigurations", "MacAddress"}  # which have Routes, too


class Kind(StrEnum):
    """What a document is of."""

    NETWORK = "network"
    ENDPOINT = "endpoint"
    POLICY_LIST = "policy list"
    LOAD_BALANCER = "load balancer"
    SDN_ROUTE = "SDN route"
    NAMESPACE = "namespace"
    ADAPTER = "adapter"
    DOCKER_NETWORK = "Docker network"
    OTHER = "document"


@dataclass(frozen=True, slots=True)
class Document:
    """One document. reason: why it is of no object; "" for one that is."""

    kind: Kind
    members: Mapping[str, Json]
    reason: str = ""

    @property
    def id(self) -> str:
        """Return the id as it is printed, "" without one."""
        return str(self.members.get("ID") or self.members.get("Id") or "")

    @property
    def name(self) -> str:
        """Return the name, "" without one."""
        return str(self.members.get("Name") or "")


def read_documents(text: str) -> list[Document]:
    """Return the documents in a text, in its order.

    Raises: HCN_E_INVALID_JSON for a document that breaks off, with its line, and for a text
            without any, or with more values than any host has.
    """
    if len(text) > _PIECE:
        check_count(text.encode())
    found = [document for value in values_in(text) for document in _documents(value, 0)]
    if not found:
        what = "the text has no JSON; pipe what PowerShell shows through ConvertTo-Json -Depth 10"
        raise HnsError(Hr.HCN_E_INVALID_JSON, what)
    return found


def decoded(content: bytes) -> str:
    """Return the text of a file; Windows PowerShell writes UTF-16 behind a mark.

    Raises: HCN_E_INVALID_JSON.
    """
    try:
        if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            return content.decode("utf-16")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = "the file is neither UTF-8 nor UTF-16; write it with Out-File -Encoding utf8"
        raise HnsError(Hr.HCN_E_INVALID_JSON, what) from error


def values_in(text: str) -> Iterator[Json]:
    """Yield the JSON values that begin a line of a text.

    Raises: HCN_E_INVALID_JSON for one that breaks off, with its line.
    """
    at = 0
    while (start := _opening(text, at)) >= 0:
        try:
            value, at = value_at(text, start)
        except (json.JSONDecodeError, RecursionError) as error:
            line = text.count("\n", 0, getattr(error, "pos", start)) + 1
            what = f"line {line}: the document is not complete JSON; take it again"
            raise HnsError(Hr.HCN_E_INVALID_JSON, what) from error
        yield value


def _opening(text: str, at: int) -> int:
    """Return where the next line, or the rest of this one, begins with a bracket; -1 without."""
    position = at
    while position < len(text):
        found = _BRACKET.search(text, position, position + _PIECE)
        if found is None:
            position += _PIECE
            continue
        before = found.start()
        while before > at and text[before - 1] in _INDENT:
            before -= 1
        if before == at or text[before - 1] in _LINE_ENDS:
            return found.start()
        position = found.end()
    return -1


def value_at(text: str, at: int, depth: int = 1) -> tuple[Json, int]:
    """Return the value that begins at `at`, and where it ends.

    Each call of the decoder holds the interpreter, so a large value is read part by part.
    Raises: JSONDecodeError, RecursionError.
    """
    if text[at : at + 1] not in _CLOSING or len(text) - at <= _PIECE:
        return _DECODER.raw_decode(text, at)
    if depth > _DEEPEST:
        raise RecursionError
    for length in (_SMALL, _PIECE):
        with suppress(json.JSONDecodeError):
            value, end = _DECODER.raw_decode(text[at : at + length])
            return value, at + end
    return (_members if text[at] == "{" else _items)(text, at, depth)


def _items(text: str, at: int, depth: int) -> tuple[list[Json], int]:
    items: list[Json] = []
    at = _past(text, at + 1)
    if text[at : at + 1] == "]":
        return items, at + 1
    while True:
        item, at = value_at(text, at, depth + 1)
        items.append(item)
        at, is_over = _next_part(text, at, "]")
        if is_over:
            return items, at


def _members(text: str, at: int, depth: int) -> tuple[dict[str, Json], int]:
    members: dict[str, Json] = {}
    at = _past(text, at + 1)
    if text[at : at + 1] == "}":
        return members, at + 1
    while True:
        if text[at : at + 1] != '"':
            raise json.JSONDecodeError("a name is missing", text, at)
        name, at = _DECODER.raw_decode(text, at)
        at = _past(text, at)
        if text[at : at + 1] != ":":
            raise json.JSONDecodeError("a colon is missing", text, at)
        members[name], at = value_at(text, _past(text, at + 1), depth + 1)
        at, is_over = _next_part(text, at, "}")
        if is_over:
            return members, at


def _next_part(text: str, at: int, closing: str) -> tuple[int, bool]:
    """Return where the next part begins, or where the whole ends, and whether it does."""
    at = _past(text, at)
    if text[at : at + 1] == closing:
        return at + 1, True
    if text[at : at + 1] != ",":
        raise json.JSONDecodeError("a comma is missing", text, at)
    return _past(text, at + 1), False


def _past(text: str, at: int) -> int:
    """Return where white space ends."""
    found = _WHITE.match(text, at)
    return at if found is None else found.end()


def _documents(value: Json, depth: int) -> Iterator[Document]:
    """Yield what a value holds: lists, envelopes of HNSCall, and lists as PowerShell wraps them."""
    if depth > _DEEPEST:
        raise HnsError(Hr.HCN_E_INVALID_JSON, f"a document is nested more than {_DEEPEST} deep")
    if isinstance(value, list):
        for item in value:
            yield from _documents(item, depth + 1)
    elif isinstance(value, dict):
        inner = value.get("Output", value.get("value") if "Count" in value else None)
        if isinstance(inner, (dict, list)):
            yield from _documents(inner, depth + 1)
        elif value:
            yield _classified(value)


def _classified(members: Mapping[str, Json]) -> Document:
    if members.get("Success") is False:
        return Document(Kind.OTHER, members, "it says why a call failed")
    kind = _kind(members)
    if kind is Kind.OTHER:
        what = (
            "it is of no network, endpoint, policy list, load balancer, SDN route, namespace or "
            "adapter"
        )
        return Document(kind, members, what)
    return Document(kind, members)


def _kind(members: Mapping[str, Json]) -> Kind:  # noqa: PLR0911 (a row each)
    names = members.keys()
    kind = str(members.get("Type") or "").lower()
    if {"IPAM", "Driver"} <= names:
        return Kind.DOCKER_NETWORK
    if names & {"ifIndex", "InterfaceDescription"}:
        return Kind.ADAPTER
    if "References" in names:
        return Kind.POLICY_LIST
    if names & _TARGETS and names & _ROUTES and not names & _OF_ENDPOINTS:
        return Kind.SDN_ROUTE
    if "HostComputeEndpoints" in names:
        return Kind.LOAD_BALANCER
    if names & {"IsDefault", "ResourceList", "NamespaceGuid"} or kind in _NAMESPACE_TYPES:
        return Kind.NAMESPACE
    if names & {"VirtualNetwork", "HostComputeNetwork", "IsRemoteEndpoint", "IPAddress",
                "IpConfigurations"}:  # fmt: skip
        return Kind.ENDPOINT
    if names & {"Subnets", "Ipams", "MacPools", "MacPool", "LayeredOn", "NetworkAdapterName"}:
        return Kind.NETWORK
    return Kind.OTHER
