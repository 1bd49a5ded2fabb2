"""Documents of a real host in a text: which objects there are, and what else.

The text is what PowerShell, hnsdiag, hcn or docker printed, files one behind the other: JSON, and
objects in the list view of PowerShell. What else stands around the documents, such as the headings
of hnsdiag, is passed over.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hnsemu.domain.storable import of_whole_characters
from hnsemu.dumps import docker
from hnsemu.dumps.powershell import listed, restored
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.bodies import check_count

Json = Any

_LARGEST = 1 << 64


def _number(digits: str) -> int | float:
    """Return a whole number; one that HNS has no room for is a float, as in bodies of requests."""
    if len(digits) > len(str(_LARGEST)):
        return float(digits)
    number = int(digits)
    return number if -_LARGEST // 2 <= number < _LARGEST else float(digits)


_DECODER = json.JSONDecoder(parse_int=_number)
_HALF_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


def _decoded(text: str, at: int = 0) -> tuple[Json, int]:
    """Return the value that begins at `at`, and where it ends; half a character is none.

    Raises: JSONDecodeError, RecursionError.
    """
    value, end = _DECODER.raw_decode(text, at)
    return (of_whole_characters(value) if _HALF_ESCAPE.search(text, at, end) else value), end


_DEEPEST = 64
_PIECE = 256 * 1024  # characters that are decoded in one call: some milliseconds
_SMALL = 4096  # characters of most objects
_BRACKET, _CLOSING = re.compile(r"[{\[]"), ("{", "[")
_VALUE = re.compile(
    r"""\{\s*(["}]|\Z) | \[\s*([\[{"\]]|\Z|true|false|null|-?\d[\d.eE+-]*\s*[,\]])""", re.VERBOSE
)
_WHITE = re.compile(r"[ \t\n\r]*")
_INDENT = "\ufeff \t"
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"  # of `splitlines`
_NAMESPACE_TYPES = {"host", "hostdefault", "guest", "guestdefault"}

_LEADS = ("Response :", "Result :", "Output :")
"""What stands before a document on its line in logs of dockerd and of PowerShell's HNS module."""

_NETWORK_TYPES = {
    "ics", "internal", "l2bridge", "l2tunnel", "nat", "overlay", "private", "transparent",
}  # fmt: skip

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
    IP_ADDRESS = "IP address"
    ROUTE = "route"
    DOCKER_NETWORK = "Docker network"
    OTHER = "document"


OF_HOST = frozenset({Kind.ADAPTER, Kind.IP_ADDRESS, Kind.ROUTE})
"""What Windows prints of the host itself: Get-NetAdapter, Get-NetIPAddress, Get-NetRoute."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document.

    reason: why it is of no object; "" for one that is.
    lost:   the paths of members that PowerShell did not print.
    """

    kind: Kind
    members: Mapping[str, Json]
    reason: str = ""
    lost: tuple[str, ...] = ()

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
    return [document for value in values_in(text) for document in _documents(value, 0)]


def check_objects(documents: Sequence[Document]) -> None:
    """Refuse documents none of which is of an object.

    Raises: E_INVALIDARG; HCN_E_INVALID_JSON without any, as for a text without any.
    """
    if not documents:
        raise HnsError(Hr.HCN_E_INVALID_JSON, _NO_OBJECT)
    if all(document.reason for document in documents):
        what = f"no document is of an object: {documents[0].reason}"
        raise HnsError(Hr.E_INVALIDARG, what)


def values_in(text: str) -> Iterator[Json]:
    """Yield the JSON values that begin a line of a text, and the objects of list views.

    Raises: HCN_E_INVALID_JSON for a value that breaks off, with its line, and for a text without
            any.
    """
    is_empty, at = True, 0
    while (start := _opening(text, at)) >= 0:
        for members in _objects(text[at:start]):
            is_empty = False
            yield members
        try:
            value, at = value_at(text, start)
        except (json.JSONDecodeError, RecursionError) as error:
            raise _incomplete(text, getattr(error, "pos", start)) from error
        is_empty = False
        yield value
    for members in _objects(text[at:]):
        is_empty = False
        yield members
    if is_empty:
        raise HnsError(Hr.HCN_E_INVALID_JSON, _advice(text))


def _objects(text: str) -> Iterator[Json]:
    """Yield the objects of list views that a host is made of."""
    if " :" in text:
        yield from (members for members in listed(text) if _kind(members) is not Kind.OTHER)


def _incomplete(text: str, at: int) -> HnsError:
    line = text.count("\n", 0, at) + 1
    what = f"line {line}: the document is not complete JSON; take it again"
    if text[at : at + 1] in {"\n", "\r"}:
        what = (
            f"line {line}: the line ends within a text, as a console wraps what is copied from it; "
            "write the output to a file, as in Get-HnsNetwork | ConvertTo-Json -Depth 10 > a.json"
        )
    return HnsError(Hr.HCN_E_INVALID_JSON, what)


def _advice(text: str) -> str:
    """Return why there is no document in a text, and what to type in place of what was."""
    for pattern, what in _TABLES:
        if pattern.search(text):
            return what
    return _NO_OBJECT


_NO_OBJECT = "the text has no object; pipe what PowerShell shows through ConvertTo-Json -Depth 10"
_TABLES = (
    (re.compile(r"^(Networks|Endpoints|Namespaces|LoadBalancers) *:", re.MULTILINE),
     "the text has names and ids only; type hnsdiag list all -d > dump.txt"),
    (re.compile(r"^NETWORK ID ", re.MULTILINE),
     "the text has names and ids only; type docker network inspect nat > nat.json"),
    (re.compile(r"<Objs\b"),
     "the text is XML; take it again with ConvertTo-Json -Depth 10 in place of Export-Clixml"),
)  # fmt: skip


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
        is_first = before == at or text[before - 1] in _LINE_ENDS
        if (is_first or text.endswith(_LEADS, at, before)) and _VALUE.match(text, found.start()):
            return found.start()
        position = found.end()
    return -1


def value_at(text: str, at: int, depth: int = 1) -> tuple[Json, int]:
    """Return the value that begins at `at`, and where it ends.

    Each call of the decoder holds the interpreter, so a large value is read part by part.
    Raises: JSONDecodeError, RecursionError.
    """
    if text[at : at + 1] not in _CLOSING or len(text) - at <= _PIECE:
        return _decoded(text, at)
    if depth > _DEEPEST:
        raise RecursionError
    for length in (_SMALL, _PIECE):
        with suppress(json.JSONDecodeError):
            value, end = _decoded(text[at : at + length])
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
        name, at = _decoded(text, at)
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
            "it is of no network, endpoint, policy list, load balancer, SDN route, namespace, "
            "adapter, IP address or route"
        )
        return Document(kind, members, what)
    if kind in OF_HOST:
        return Document(kind, members)
    if kind is Kind.DOCKER_NETWORK:
        reason = docker.what_is_wrong(members)
        if not reason and members["Driver"] in {"null", "none", "host"}:
            reason = "Docker has it without HNS"
        return Document(kind, members, reason)
    whole = restored(members)
    lost = tuple(path for path in whole.lost if not path.startswith(_IDLE))
    reason = ""
    if lost and kind is Kind.POLICY_LIST:
        reason = what_is_lost(kind, lost)
    return Document(kind, whole.value, reason, lost)


def what_is_lost(kind: Kind, paths: Sequence[str]) -> str:
    """Return a sentence about members that PowerShell did not print."""
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    command = f"{_COMMANDS[kind]} | ConvertTo-Json -Depth 10" if kind in _COMMANDS else "-Depth 10"
    return f"{paths[0]}{more}: PowerShell cut it; take it again with {command}"


_IDLE = ("Resources", "Extensions", "Health")
"""Members that an import does not need."""

_COMMANDS = {
    Kind.NETWORK: "Get-HnsNetwork",
    Kind.ENDPOINT: "Get-HnsEndpoint",
    Kind.POLICY_LIST: "Get-HnsPolicyList",
    Kind.NAMESPACE: "Get-HnsNamespace",
}


def _kind(members: Mapping[str, Json]) -> Kind:  # noqa: PLR0911 (a row each)
    names = members.keys()
    kind = str(members.get("Type") or "").lower()
    of_host = _kind_of_host(names)
    if of_host is not None:
        return of_host
    if {"IPAM", "Driver"} <= names:
        return Kind.DOCKER_NETWORK
    if "References" in names:
        return Kind.POLICY_LIST
    if names & _TARGETS and names & _ROUTES and not names & _OF_ENDPOINTS:
        return Kind.SDN_ROUTE
    if names & {"HostComputeEndpoints", "PortMappings", "FrontendVIPs"}:
        return Kind.LOAD_BALANCER
    if names & {"IsDefault", "ResourceList", "NamespaceGuid"} or kind in _NAMESPACE_TYPES:
        return Kind.NAMESPACE
    if names & {"VirtualNetwork", "HostComputeNetwork", "IsRemoteEndpoint", "IPAddress",
                "IpConfigurations"}:  # fmt: skip
        return Kind.ENDPOINT
    if names & {"Subnets", "Ipams", "MacPools", "MacPool", "LayeredOn", "NetworkAdapterName"}:
        return Kind.NETWORK
    if kind in _NETWORK_TYPES and "Name" in names and "Settings" not in names:
        return Kind.NETWORK
    return Kind.OTHER


def _kind_of_host(names: AbstractSet[str]) -> Kind | None:
    """Return what Windows prints of the host itself, None for other documents."""
    if {"InterfaceAlias", "IPAddress", "PrefixLength"} <= names:
        return Kind.IP_ADDRESS
    if {"InterfaceAlias", "DestinationPrefix", "NextHop"} <= names:
        return Kind.ROUTE
    return Kind.ADAPTER if names & {"ifIndex", "InterfaceDescription"} else None
