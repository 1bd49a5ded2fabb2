"""Names, addresses, MACs and ids replaced, the same one by the same other everywhere.

Ids and names are numbered in the order in which they appear. Addresses that share a prefix share
one afterwards; the bits behind the prefix of private ranges are changed with a key of the text
itself, the first of them always, so that no address stays by chance. Addresses that mean the same
on every host stay; the ends of MAC ranges keep their order.
"""

import hashlib
import ipaddress
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hnsemu.dumps.powershell import opened
from hnsemu.dumps.reading import values_in

Json = Any
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_GUID = re.compile(r"(?<![0-9a-f-])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b")
_HEX_ID = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{12})\b")
_MAC = re.compile(r"\b[0-9A-Fa-f]{2}(?:[-:][0-9A-Fa-f]{2}){5}\b")
_IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?(?![\w.]*\w)")
_IPV6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:/\d{1,3})?(?![\w:.])")

_VNIC = re.compile(r"vEthernet \(((?!vEthernet \().*)\)")
"""The name of a vNIC: that of its adapter or switch within."""
_BARE_MAC = re.compile(r"[0-9A-Fa-f]{12}")
_TOKEN = re.compile(r"[^\s,;(){}\[\]\"'=]+")

_NAMES = {
    "Name", "NetworkName", "VirtualNetworkName", "NetworkAdapterName", "SwitchName", "DNSSuffix",
    "DNSDomain", "Domain", "HostName", "SystemName", "PSComputerName", "Owner", "VirtualMachine",
    "VirtualMachineName", "ComputerName", "Container", "User", "InterfaceAlias", "ifAlias",
    "ServerName", "Hostname", "PnPDeviceID", "Search", "SharedContainers", "ID", "Id",
}  # fmt: skip
_NAMED_WITHIN = {"AdditionalParams", "Labels", "Annotations"}
"""What callers keep with an object: every text in it is theirs."""
_OPTION = "com.docker.network.windowsshim."
_PLAIN_OPTIONS = {f"{_OPTION}hnsid", f"{_OPTION}vlanid", f"{_OPTION}vsid"}
_MACS = {"PermanentAddress", "LinkLayerAddress", "NetworkAddresses", "CurrentAddress"}
_WORDS = {"Type", "Driver", "Scope", "Action", "Direction", "RuleType", "ResourceType", "Status"}
"""Members whose texts are words of HNS and Docker, whatever objects are called."""
_KEPT_NAMES = {"", "nat", "default switch", "none", "ethernet", "wsl", "external", "icsnat"}
_PRIVATE = [
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7",
                 "fe80::/10")
]  # fmt: skip
_KEPT = [
    ipaddress.ip_network(text)
    for text in ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "168.63.129.16/32",
                 "::/127", "ff00::/8")
]  # fmt: skip
_HYPER_V = "00155D"
_SHORT = 12
_LOW = 0xFFF  # of a MAC: ranges of HNS have so many


def anonymised(texts: Sequence[str], key: bytes) -> list[list[Json]]:
    """Return the JSON values of each text with everything replaced alike in all of them.

    Raises: HCN_E_INVALID_JSON.
    """
    values = [[opened(value) for value in values_in(text)] for text in texts]
    anonymiser = Anonymiser(key)
    for several in values:
        anonymiser.learn(several)
    return [anonymiser.document(several) for several in values]


@dataclass(slots=True)
class Anonymiser:
    """What replaces what. key: anything that nobody else knows; equal keys, equal replacements.

    kept: names, ids, addresses and MACs in small letters that stay.
    """

    key: bytes
    kept: frozenset[str] = frozenset()
    ids: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def document(self, value: Json, member: str = "") -> Json:
        """Return a value with everything in it replaced."""
        if isinstance(value, Mapping):
            return {
                self._text(name): self.document(item, _known_as(name, member))
                for name, item in value.items()
            }
        if isinstance(value, list):
            return [self.document(item, member) for item in value]
        return self._string(value, member) if isinstance(value, str) else value

    def _string(self, value: str, member: str) -> str:
        if member in _WORDS:
            return value
        if member in _MACS and _BARE_MAC.fullmatch(value):
            return self._mac(value)
        if _is_named(member, value):
            return self._name(value)
        if value[:1] in {"{", "["}:
            try:
                return json.dumps(self.document(json.loads(value)))
            except ValueError:
                pass
        return self._text(value)

    def learn(self, value: Json, member: str = "") -> None:
        """Take note of the names in a document before any of it is replaced."""
        if isinstance(value, Mapping):
            for name, item in value.items():
                self.learn(item, _known_as(name, member))
        elif isinstance(value, list):
            for item in value:
                self.learn(item, member)
        elif isinstance(value, str) and _is_named(member, value):
            self._name(value)

    def _name(self, text: str) -> str:
        if text.lower() in _KEPT_NAMES or text.lower() in self.kept:
            return text
        if text not in self.names:
            of_adapter = _VNIC.fullmatch(text)
            self.names[text] = (
                f"vEthernet ({self._name(of_adapter[1])})"
                if of_adapter
                else f"name-{len(self.names) + 1}"
            )
        return self.names[text]

    def _text(self, text: str) -> str:
        if text in self.names:
            return self.names[text]
        text = _GUID.sub(lambda found: self._guid(found[0]), text)
        text = _MAC.sub(lambda found: self._mac(found[0]), text)
        text = _IPV4.sub(lambda found: self._address(found[0]), text)
        text = _IPV6.sub(lambda found: self._address(found[0]), text)
        text = _HEX_ID.sub(lambda found: self._hex(found[0]), text)
        return _TOKEN.sub(lambda found: self.names.get(found[0], found[0]), text)

    def _guid(self, text: str) -> str:
        known = text.lower()
        if not known.strip("0-") or known in self.kept:
            return text
        if known not in self.ids:
            self.ids[known] = str(uuid.UUID(int=len(self.ids) + 1, version=4))
        made = self.ids[known]
        return made.upper() if text.isupper() or text != known else made

    def _hex(self, text: str) -> str:
        if not re.search(r"[a-f]", text):
            return text  # a number
        start = self._digest("hex", text[:_SHORT]).hex()[:_SHORT]  # as docker shortens ids
        return (start + self._digest("hex", text).hex())[: len(text)]

    def _mac(self, text: str) -> str:
        if text.lower() in self.kept:
            return text
        digits = re.sub(r"[-:]", "", text).upper()
        vendor = digits[:6] if digits.startswith(_HYPER_V) else f"02{self._vendor(digits[:6])}"
        mask = (1 + int.from_bytes(self._digest("mac", "")[:2]) % _LOW) * (_LOW + 1)
        made = f"{vendor}{int(digits[6:], 16) ^ mask:06X}"
        separator = next((mark for mark in "-:" if mark in text), "")
        parts = separator.join(made[at : at + 2] for at in range(0, 12, 2))
        return parts if text == text.upper() else parts.lower()

    def _vendor(self, digits: str) -> str:
        return self._digest("vendor", digits).hex()[:4].upper()

    def _address(self, text: str) -> str:
        """Replace an address, or a prefix, whose bits behind it stay zero."""
        plain, slash, length = text.partition("/")
        try:
            address = ipaddress.ip_address(plain)
            network = ipaddress.ip_network(text, strict=False)
        except ValueError:
            return text
        if plain.lower() in self.kept or any(address in kept for kept in _KEPT):
            return text
        private = next((known.prefixlen for known in _PRIVATE if address in known), 8)
        made = self._permuted(address, private)
        if slash and network.network_address == address:
            made = ipaddress.ip_network(f"{made}/{length}", strict=False).network_address
        return f"{made}{slash}{length}"

    def _permuted(self, address: _Address, kept: int) -> _Address:
        """Change the bits behind `kept` so that addresses share as many first bits as before.

        The last byte stays, so that gateways and broadcasts stay what they are.
        """
        width = address.max_prefixlen
        number, made = int(address), 0
        for position in range(width):
            bit = number >> (width - 1 - position) & 1
            if kept <= position < width - 8:
                prefix = f"{width}/{position}/{number >> (width - position)}"
                bit ^= position == kept or self._digest("ip", prefix)[0] & 1
            made = made << 1 | bit
        return type(address)(made)

    def _digest(self, kind: str, text: str) -> bytes:
        return hashlib.blake2b(f"{kind} {text}".encode(), key=self.key[:64]).digest()


def _known_as(name: str, owner: str) -> str:
    """Return the member that a member counts as."""
    if owner in _NAMED_WITHIN:
        return owner
    return "Name" if name.startswith(_OPTION) and name not in _PLAIN_OPTIONS else name


def _is_named(member: str, text: str) -> bool:
    """Tell whether a text is a name and nothing that is replaced as what it is."""
    if member not in _NAMES and member not in _NAMED_WITHIN:
        return False
    known = (_GUID, _HEX_ID, _MAC)
    is_known = _is_address(text) or any(pattern.fullmatch(text) for pattern in known)
    return not is_known and text[:1] not in {"{", "["}


def _is_address(text: str) -> bool:
    return bool(_IPV4.fullmatch(text) or _IPV6.fullmatch(text))
