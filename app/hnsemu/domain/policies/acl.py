"""Access control lists: reading their comma lists, and what makes one valid.

Source: dataplane.md section 6.2: addresses, prefixes and set ids only, the word "Any" is refused
[O], ranges of ports [D], Protocols as numbers, 256 for any [D].
"""

import ipaddress
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from hnsemu.domain.digits import number_in
from hnsemu.errors import HnsError, Hr

_LARGEST_PORT = 65535
_ANY_PROTOCOL = 256
_VXLAN = 252
_PROTOCOL_NAMES = {"icmpv4", "icmp", "igmp", "tcp", "udp", "icmpv6"}


@dataclass(frozen=True, slots=True)
class Tuple5:
    """The five-tuple of a rule as written; "" means any."""

    protocols: str = ""
    local_addresses: str = ""
    remote_addresses: str = ""
    local_ports: str = ""
    remote_ports: str = ""

    @property
    def addresses(self) -> Iterator[str]:
        """Yield every address, prefix or set id."""
        yield from parts(self.local_addresses)
        yield from parts(self.remote_addresses)


def check_tuple(rule: Tuple5, set_ids: Callable[[], Collection[str]], what: str) -> None:
    """Refuse a rule that names something that is no protocol, address, set or port.

    set_ids: ids of the IP sets of the network; asked for when an address is none itself.
    Raises: HCN_E_INVALID_POLICY.
    """
    for protocol in parts(rule.protocols):
        if not _is_protocol(protocol):
            raise _invalid(what, "Protocols", protocol, "write numbers, or 256 for any")
    for address in rule.addresses:
        if not is_prefix(address) and address not in set_ids():
            raise _invalid(
                what,
                "addresses",
                address,
                "write addresses, prefixes or ids of IP sets, and leave it empty for any",
            )
    for ports in (rule.local_ports, rule.remote_ports):
        for port in parts(ports):
            if not _is_port_range(port):
                raise _invalid(what, "ports", port, "write 80, 80-90 or a list of both")


def uses_vxlan_protocol(rule: Tuple5) -> bool:
    """Tell whether the rule names protocol 252, which came with HNS 11."""
    return str(_VXLAN) in parts(rule.protocols)


def parts(text: str) -> list[str]:
    """Return the items of a comma list, blanks cut off; "" and "0" alone hold none."""
    if not text:
        return []
    items = [item.strip() for item in text.split(",")]
    return [] if items == ["0"] else [item for item in items if item]


def _invalid(what: str, member: str, value: str, remedy: str) -> HnsError:
    return HnsError(Hr.HCN_E_INVALID_POLICY, f"{what}: {value!r} in {member}: {remedy}")


def _is_protocol(text: str) -> bool:
    if number_in(text, _ANY_PROTOCOL) is not None:
        return True
    return text.lower() in _PROTOCOL_NAMES


@lru_cache(maxsize=4096)
def is_prefix(text: str) -> bool:
    """Tell whether the text is an address or a prefix."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _is_port_range(text: str) -> bool:
    first, dash, last = (part.strip() for part in text.partition("-"))
    low = number_in(first, _LARGEST_PORT)
    high = number_in(last, _LARGEST_PORT) if dash else low
    return low is not None and high is not None and low <= high
