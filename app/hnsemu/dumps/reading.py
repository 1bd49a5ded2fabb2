"""Documents of a real host in a text: which objects there are, and what else.

The text is what PowerShell, hnsdiag, hcn or docker printed, files one behind the other. What is no
JSON around the documents, such as the headings of hnsdiag, is passed over.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hnsemu.errors import HnsError, Hr

Json = Any

_DECODER = json.JSONDecoder()
_DEEPEST = 64
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
            without any.
    """
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
            value, at = _DECODER.raw_decode(text, start)
        except (json.JSONDecodeError, RecursionError) as error:
            line = text.count("\n", 0, getattr(error, "pos", start)) + 1
            what = f"line {line}: the document is not complete JSON; take it again"
            raise HnsError(Hr.HCN_E_INVALID_JSON, what) from error
        yield value


def _opening(text: str, at: int) -> int:
    """Return where the next line begins with a brace or a bracket, -1 without one."""
    for line in text[at:].splitlines(keepends=True):
        stripped = line.lstrip("\ufeff \t")
        if stripped[:1] in {"{", "["}:
            return at + len(line) - len(stripped)
        at += len(line)
    return -1


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
