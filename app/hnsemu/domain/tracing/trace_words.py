"""A packet to trace in the words of people: `web:80` from `container:client`."""

import ipaddress
import re
from typing import Any

Json = dict[str, Any]

_ADDRESS = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<four>[^:\[\]]+))(?::(?P<port>[0-9]{1,5}))?")
_NAMED = re.compile(r"(?P<name>.+?)(?::(?P<port>[0-9]{1,5}))?")
_NUMERIC = re.compile(r"[0-9.]+(?::[0-9]+)?")


def trace_document(sender: str, to: str, *, protocol: str = "", source: str = "") -> Json:
    """Return the document of POST /host/trace that asks for a packet and its reply.

    sender:   endpoint (name or id), endpoint:NAME, namespace:ID, container:NAME, host or external.
    to:       address, container or endpoint, with `:PORT` where the protocol has ports.
    protocol: "" is TCP with a port, ICMP without one.
    source:   address of a packet from outside, or another one than the sender's; with `:PORT`.
    Raises: ValueError for a text that looks like an address and is none, with what to write.
    """
    packet: Json = {}
    document: Json = {"From": _sender(sender), "Packet": packet, "Reply": True}
    member, name, port = _receiver(to)
    if member == "Destination":
        packet["Destination"] = name
    else:
        document["To"] = {member: name}
    packet["Protocol"] = protocol or ("TCP" if port else "ICMP")
    if port:
        packet["DestinationPort"] = port
    if source:
        packet["Source"], source_port = _address(source)
        packet |= {"SourcePort": source_port} if source_port else {}
    return document


def _sender(text: str) -> Json:
    if text in {"host", "external"}:
        return {text.title(): True}
    kind, colon, name = text.partition(":")
    if colon and kind in {"endpoint", "namespace", "container"}:
        return {kind.title(): name}
    return {"Endpoint": text}


def _receiver(text: str) -> tuple[str, str, int]:
    """Return the member that says where the packet goes, its value, and the port, 0 without one."""
    kind, colon, rest = text.partition(":")
    is_kind = bool(colon) and kind in {"container", "endpoint"}
    found = _NAMED.fullmatch(rest if is_kind else text)
    if found is None or (not is_kind and _is_like_address(text)):
        return "Destination", *_address(text)
    return kind.title() if is_kind else "Name", found["name"], int(found["port"] or 0)


def _is_like_address(text: str) -> bool:
    return text.startswith("[") or text.count(":") > 1 or _NUMERIC.fullmatch(text) is not None


def _address(text: str) -> tuple[str, int]:
    """Return the address in a text, and the port, 0 without one."""
    try:  # an IPv6 address without brackets has colons of its own
        return str(ipaddress.ip_address(text)), 0
    except ValueError:
        match = _ADDRESS.fullmatch(text)
        if match is None:
            what = f"{text!r} is not an address; write 10.0.0.5:80 or [fd00::5]:80"
            raise ValueError(what) from None
    return match["six"] or match["four"], int(match["port"] or 0)
