"""The MAC addresses of the host that accelerated networking leaves to the management OS.

Source: hns-behaviour.md section 1.2, hcnaccelnet_test.go of hnslib [O].
"""

from collections.abc import Iterable
from typing import ClassVar

from hnsemu.domain.mac import parse_mac
from hnsemu.errors import Hr
from hnsemu.schema.base import Document, parse


class HNSMacAddress(Document):
    """One MAC address."""

    INVALID: ClassVar[Hr] = Hr.E_INVALIDARG

    mac_address: str | None = None


class HNSMacAddressList(Document):
    """The body of POST /accelnet, and what every call of it answers."""

    INVALID: ClassVar[Hr] = Hr.E_INVALIDARG

    mac_address_list: tuple[HNSMacAddress, ...] | None = None


def read_mac_addresses(data: object, *, strict: bool = False) -> tuple[str, ...]:
    """Return the addresses of a HNSMacAddressList as sent.

    Raises: E_INVALIDARG for what is no MAC address.
    """
    document = parse(HNSMacAddressList, data, strict=strict)
    addresses = tuple(listed.mac_address or "" for listed in document.mac_address_list or ())
    for address in addresses:
        parse_mac(address, Hr.E_INVALIDARG)
    return addresses


def mac_address_list(addresses: Iterable[str]) -> dict[str, object]:
    """Return the addresses as HNS 1 prints them."""
    return {"MacAddressList": [{"MacAddress": address} for address in addresses]}
