"""Members of a Kubernetes document, read with their path: a wrong one is refused by it.

A member that is null is absent, as Kubernetes has it.
"""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any

from hnsemu.domain.shown import shown
from hnsemu.domain.state.shapes import Text, wrong
from hnsemu.errors import HnsError

Json = Any
Address = IPv4Address | IPv6Address
Prefix = IPv4Network | IPv6Network

LARGEST_PORT = 65535
_TEXT = Text()


@dataclass(frozen=True, slots=True)
class Members:
    """An object of a document. at: its path; joint: what stands between it and a member's name."""

    values: Mapping[str, Json]
    at: str
    joint: str = "."

    @classmethod
    def of(cls, value: Json, at: str, joint: str = ".") -> "Members":
        """Return a value as an object.

        Raises: E_INVALIDARG.
        """
        if not isinstance(value, Mapping):
            raise wrong(at, f"must be an object, not {shown(value)}")
        return cls(value, at, joint)

    def __contains__(self, name: str) -> bool:
        """Tell whether the object has a member."""
        return self.values.get(name) is not None

    def path(self, name: str) -> str:
        """Return the path of a member."""
        return f"{self.at}{self.joint}{name}"

    def wrong(self, name: str, what: str) -> HnsError:
        """Return the refusal of a member."""
        return wrong(self.path(name), what)

    def members(self, name: str) -> "Members":
        """Return the object in a member, one without members if it is absent."""
        value = self.values.get(name)
        return Members.of({} if value is None else value, self.path(name))

    def list_of(self, name: str) -> Iterator["Members"]:
        """Yield the objects in a list."""
        for number, value in enumerate(self._list(name)):
            yield Members.of(value, f"{self.path(name)}[{number}]")

    def texts(self, name: str) -> list[str]:
        """Return the texts in a list."""
        at = self.path(name)
        return [_TEXT.read(value, f"{at}[{n}]") for n, value in enumerate(self._list(name))]

    def texts_by_name(self, name: str) -> dict[str, str]:
        """Return the texts in a map, such as labels."""
        found = self.members(name)
        return {
            _TEXT.read(key, f"{found.at}: a name"): _TEXT.read(value, f"{found.at}.{key}")
            for key, value in found.values.items()
        }

    def text(self, name: str, otherwise: str = "") -> str:
        """Return the text in a member."""
        value = self.values.get(name)
        return otherwise if value is None else _TEXT.read(value, self.path(name))

    def one_of(self, name: str, known: Sequence[str], otherwise: str) -> str:
        """Return a text that is one of those known."""
        text = self.text(name, otherwise)
        if text not in known:
            raise self.wrong(name, f"{shown(text)} is unknown; write {' or '.join(known)}")
        return text

    def flag(self, name: str, *, otherwise: bool = False) -> bool:
        """Return true or false."""
        value = self.values.get(name)
        if value is None:
            return otherwise
        if not isinstance(value, bool):
            raise self.wrong(name, f"must be true or false, not {shown(value)}")
        return value

    def port(self, name: str) -> int:
        """Return the number of a port, 0 if it is absent."""
        value = self.values.get(name)
        if value is None:
            return 0
        is_number = isinstance(value, int) and not isinstance(value, bool)
        if not is_number or not 0 < value <= LARGEST_PORT:
            raise self.wrong(name, f"{shown(value)} is no port; write 1 to {LARGEST_PORT}")
        return int(value)

    def port_or_name(self, name: str) -> int | str:
        """Return the number or the name of a port, 0 if it is absent."""
        value = self.values.get(name)
        return value if isinstance(value, str) and value else self.port(name)

    def _list(self, name: str) -> Sequence[Json]:
        value = self.values.get(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self.wrong(name, f"must be a list, not {shown(value)}")
        return value


def address(text: str, at: str) -> Address:
    """Return an address.

    Raises: E_INVALIDARG.
    """
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise wrong(at, f"{shown(text)} is no address; write one such as 10.244.1.5") from None


def prefix(text: str, at: str) -> Prefix:
    """Return a prefix; bits behind it do not matter.

    Raises: E_INVALIDARG.
    """
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise wrong(at, f"{shown(text)} is no prefix; write one such as 10.244.1.0/24") from None


def of_ipv4(known: Iterable[Address]) -> tuple[IPv4Address, ...]:
    """Return the IPv4 addresses."""
    return tuple(one for one in known if isinstance(one, IPv4Address))


def of_ipv6(known: Iterable[Address]) -> tuple[IPv6Address, ...]:
    """Return the IPv6 addresses."""
    return tuple(one for one in known if isinstance(one, IPv6Address))


def within(part: Prefix, whole: Prefix) -> bool:
    """Tell whether a prefix is part of another, which it is of its own family only."""
    return (
        part.version == whole.version
        and part.prefixlen >= whole.prefixlen
        and part.network_address in whole
    )
