"""A packet in the words of the command line: `web:80` from `container:client`."""

import ipaddress
import re
from typing import Any

from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.host.trace import TraceRequest

Json = dict[str, Any]

_ADDRESS = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<four>[^:\[\]]+))(?::(?P<port>\d{1,5}))?")
_NAMED = re.compile(r"(?P<name>.+?)(?::(?P<port>\d{1,5}))?")
_SENDERS = {"endpoint": "Endpoint", "namespace": "Namespace", "container": "Container"}
_RECEIVERS = {"endpoint": "Endpoint", "container": "Container"}


def trace_document(sender: str, to: str, *, protocol: str = "", source: str = "") -> Json:
    """Return the document of POST /host/trace that asks for a packet and its reply.

    sender:   endpoint (name or id), endpoint:NAME, namespace:ID, container:NAME, host or external.
    to:       address, container or endpoint, with `:PORT` where the protocol has ports.
    protocol: "" is TCP with a port, ICMP without one.
    source:   address of a packet from outside, or another one than the sender's; with `:PORT`.
    Raises: E_INVALIDARG.
    """
    packet: Json = {}
    document: Json = {"From": _sender(sender), "Packet": packet, "Reply": True}
    kind, colon, rest = to.partition(":")
    address = None if colon and kind in _RECEIVERS else _address(to)
    if address is not None:
        packet["Destination"], port = address
    else:
        named = _NAMED.fullmatch(rest if colon and kind in _RECEIVERS else to)
        if named is None:
            raise HnsError(
                Hr.E_INVALIDARG, "To is missing; write web:80, 10.0.0.5:80 or [fd00::5]:80"
            )
        document["To"] = {_RECEIVERS.get(kind, "Name") if colon else "Name": named["name"]}
        port = int(named["port"] or 0)
    packet["Protocol"] = protocol or ("TCP" if port else "ICMP")
    if port:
        packet["DestinationPort"] = port
    if source:
        packet["Source"], source_port = _address(source) or (source, 0)
        packet |= {"SourcePort": source_port} if source_port else {}
    return document


def trace_request(document: Json) -> TraceRequest:
    """Return the request in a document.

    Raises: E_INVALIDARG.
    """
    return parse(TraceRequest, document, strict=True)


def _sender(text: str) -> Json:
    if text in {"host", "external"}:
        return {text.title(): True}
    kind, colon, name = text.partition(":")
    if colon and kind in _SENDERS:
        return {_SENDERS[kind]: name}
    return {"Endpoint": text}


def _address(text: str) -> tuple[str, int] | None:
    """Return the address and the port in a text, 0 without one; None where it is a name."""
    try:
        return str(ipaddress.ip_address(text)), 0
    except ValueError:
        pass
    match = _ADDRESS.fullmatch(text)
    if match is None:
        return None
    try:
        address = ipaddress.ip_address(match["six"] or match["four"])
    except ValueError:
        return None
    return str(address), int(match["port"] or 0)
