"""What a member of a state document may be: its check, its JSON schema, and how a row holds it.

A row holds plain values; some columns hold JSON text, which `Stored` reads and writes. A refusal
names the first wrong member.
"""

import ipaddress
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hnsemu.domain.guid import parse_guid
from hnsemu.domain.mac import format_mac
from hnsemu.domain.shown import shown
from hnsemu.domain.storable import is_storable
from hnsemu.errors import HnsError, Hr

Json = Any
"""A JSON value."""

_MAC = re.compile(r"[0-9A-F]{2}(?:-[0-9A-F]{2}){5}")
_LARGEST = 2**63 - 1
_WIDTH_OF_IPV6 = 32  # hexadecimal digits


def wrong(at: str, what: str) -> HnsError:
    """Return the refusal of the member at a path such as `networks[0].name`."""
    return HnsError(Hr.E_INVALIDARG, f"{at}: {what}")


class Shape(Protocol):
    """What a member may be."""

    def show(self, stored: Any) -> Json:  # noqa: ANN401 (the value of a column)
        """Return the value of a column as the document has it."""

    def read(self, value: Json, at: str) -> Any:  # noqa: ANN401 (as above)
        """Return a value of the document as the column holds it.

        Raises: E_INVALIDARG, naming the member `at`.
        """

    def schema(self) -> dict[str, Json]:
        """Return the JSON schema of the value in the document."""


@dataclass(frozen=True, slots=True)
class Text:
    """Any text that a database can store. longest: in characters, None for any length."""

    about: str = ""
    longest: int | None = None

    def show(self, stored: Any) -> Json:  # noqa: ANN401 (the value of a column)
        """Return the text."""
        return stored

    def read(self, value: Json, at: str) -> str:
        """Return the text."""
        if not isinstance(value, str):
            raise wrong(at, f"must be text, not {shown(value)}")
        if not is_storable(value):
            raise wrong(at, "has a character that is no text; leave it out")
        if self.longest is not None and len(value) > self.longest:
            raise wrong(at, f"is longer than {self.longest} characters; shorten it")
        return value

    def schema(self) -> dict[str, Json]:
        """Return the JSON schema."""
        bounds = {} if self.longest is None else {"maxLength": self.longest}
        return {"type": "string", **bounds, **_described(self.about)}


@dataclass(frozen=True, slots=True)
class Checked:
    """Text that `check` accepts, which raises ValueError or refuses; empty where `may_be_empty`."""

    check: Callable[[str], object]
    what: str
    may_be_empty: bool = True
    example: str = ""

    def show(self, stored: Any) -> Json:  # noqa: ANN401 (the value of a column)
        """Return the text."""
        return stored

    def read(self, value: Json, at: str) -> str:
        """Return the text as it is."""
        text = Text().read(value, at)
        if text or not self.may_be_empty:
            try:
                self.check(text)
            except (ValueError, HnsError):
                raise wrong(at, f"{shown(value)} is not {self.what}") from None
        return text

    def schema(self) -> dict[str, Json]:
        """Return the JSON schema."""
        example = {"examples": [self.example]} if self.example else {}
        return {
            "type": "string",
            "description": f"{self.what[:1].upper()}{self.what[1:]}.",
            **example,
        }


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number from `least` to `most`."""

    least: int = 0
    most: int = _LARGEST
    about: str = ""

    def show(self, stored: Any) -> Json:  # noqa: ANN401 (the value of a column)
        """Return the number."""
        return stored

    def read(self, value: Json, at: str) -> int:
        """Return the number."""
        if not isinstance(value, int) or isinstance(value, bool):
            raise wrong(at, f"must be a whole number, not {shown(value)}")
        if not self.least <= value <= self.most:
            raise wrong(at, f"{value} is not from {self.least} to {self.most}")
        return value

    def schema(self) -> dict[str, Json]:
        """Return the JSON schema."""
        bounds = {"minimum": self.least, "maximum": self.most}
        return {"type": "integer", "format": "int64", **bounds, **_described(self.about)}


@dataclass(frozen=True, slots=True)
class Boolean:
    """True or false."""

    def show(self, stored: Any) -> Json:  # noqa: ANN401 (the value of a column)
        """Return true or false; SQLite keeps a number."""
        return bool(stored)

    def read(self, value: Json, at: str) -> bool:
        """Return true or false."""
        if not isinstance(value, bool):
            raise wrong(at, f"must be true or false, not {shown(value)}")
        return value

    def schema(self) -> dict[str, Json]:
        """Return the JSON schema."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few texts or numbers."""

    values: Collection[str | int]

    def show(self, stored: Any) -> Json:  # noqa: ANN401 (the value of a column)
        """Return the value."""
        return stored

    def read(self, value: Json, at: str) -> str | int:
        """Return the value."""
        for known in self.values:
            if type(value) in (str, int) and known == value:
                return value  # type: ignore[no-any-return]  # it is one of these types
        raise wrong(at, f"{shown(value)} is not one of {', '.join(map(str, self.values))}")

    def schema(self) -> dict[str, Json]:
        """Return the JSON schema."""
        known = ", ".join(map(str, self.values))
        if all(isinstance(value, int) for value in self.values):
            return {"type": "integer", "format": "int64", "description": f"One of {known}."}
        values = [str(value) for value in self.values]
        return {"type": "string", "x-extensible-enum": values, "description": f"Known: {known}."}


@dataclass(frozen=True, slots=True)
class List:
    """A list of any length, or of this one."""

    of: Shape
    length: int | None = None

    def show(self, stored: Any) -> Json:  # noqa: ANN401 (a parsed column)
        """Return the items."""
        return [self.of.show(item) for item in stored]

    def read(self, value: Json, at: str) -> list[Any]:
        """Return the items."""
        if not isinstance(value, list):
            raise wrong(at, f"must be a list, not {shown(value)}")
        if self.length not in {None, len(value)}:
            raise wrong(at, f"must have {self.length} members, not {len(value)}")
        return [self.of.read(item, f"{at}[{number}]") for number, item in enumerate(value)]

    def schema(self) -> dict[str, Json]:
        """Return the JSON schema."""
        of_length = (
            {} if self.length is None else {"minItems": self.length, "maxItems": self.length}
        )
        return {"type": "array", "items": self.of.schema(), **of_length}


@dataclass(frozen=True, slots=True)
class Record:
    """An object with these members; one that is left out stays out, unless it is required."""

    members: Mapping[str, Shape]
    required: Collection[str] = ()

    def show(self, stored: Any) -> Json:  # noqa: ANN401 (a parsed column)
        """Return the object."""
        return {name: self.members[name].show(value) for name, value in stored.items()}

    def read(self, value: Json, at: str) -> dict[str, Any]:
        """Return the object."""
        check_members(value, self.members, at)
        for name in self.required:
            if name not in value:
                raise wrong(f"{at}.{name}", "is missing")
        return {
            name: self.members[name].read(value[name], f"{at}.{name}") for name in sorted(value)
        }

    def schema(self) -> dict[str, Json]:
        """Return the JSON schema."""
        members = {name: shape.schema() for name, shape in self.members.items()}
        return _object(members, self.required)


@dataclass(frozen=True, slots=True)
class Columns:
    """An object whose values a column keeps as a list, in the order of the members."""

    members: Mapping[str, tuple[Shape, Json]]

    def show(self, stored: Any) -> Json:  # noqa: ANN401 (a parsed column)
        """Return the object, without what is empty."""
        shown_members = {}
        for (name, (shape, default)), value in zip(self.members.items(), stored, strict=False):
            member = shape.show(value)
            if member != default:
                shown_members[name] = member
        return shown_members

    def read(self, value: Json, at: str) -> list[Any]:
        """Return the values."""
        check_members(value, self.members, at)
        return [
            shape.read(value[name], f"{at}.{name}") if name in value else default
            for name, (shape, default) in self.members.items()
        ]

    def schema(self) -> dict[str, Json]:
        """Return the JSON schema."""
        return _object({name: shape.schema() for name, (shape, _) in self.members.items()})


@dataclass(frozen=True, slots=True)
class Stored:
    """A value that a column keeps as JSON text.

    check: refuses or raises on a value that nobody could read.
    """

    of: Shape
    check: Callable[[str], object] | None = None

    def show(self, stored: Any) -> Json:  # noqa: ANN401 (the value of a column)
        """Return the value."""
        return self.of.show(json.loads(stored))

    def read(self, value: Json, at: str) -> str:
        """Return the text."""
        text = json.dumps(self.of.read(value, at))
        if self.check is not None:
            try:
                self.check(text)
            except HnsError as refusal:
                raise wrong(at, refusal.detail) from None
            except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
                raise wrong(at, "cannot be read; send what GET answered") from None
        return text

    def schema(self) -> dict[str, Json]:
        """Return the JSON schema."""
        return self.of.schema()


@dataclass(frozen=True, slots=True)
class JsonText:
    """A JSON value that stays the text it was sent as, byte for byte."""

    kinds: tuple[type, ...] = (dict,)

    def show(self, stored: Any) -> Json:  # noqa: ANN401 (the value of a column)
        """Return the text."""
        return stored

    def read(self, value: Json, at: str) -> str:
        """Return the text."""
        text = Text().read(value, at)
        try:
            parsed = json.loads(text, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise wrong(at, "is not JSON text") from None
        if not isinstance(parsed, self.kinds):
            raise wrong(at, "must be the text of a JSON object")
        return text

    def schema(self) -> dict[str, Json]:
        """Return the JSON schema."""
        return {"type": "string",
                "description": "JSON text, byte for byte as it was sent.",
                "examples": ['{"Protocols":"6"}']}  # fmt: skip


@dataclass(frozen=True, slots=True)
class HexAddress:
    """An IP address, which a column keeps as hexadecimal digits."""

    def show(self, stored: Any) -> Json:  # noqa: ANN401 (the value of a column)
        """Return the address."""
        number = int(stored, 16)
        if len(stored) == _WIDTH_OF_IPV6:
            return str(ipaddress.IPv6Address(number))
        return str(ipaddress.IPv4Address(number))

    def read(self, value: Json, at: str) -> str:
        """Return the digits."""
        address = ipaddress.ip_address(ADDRESS.read(value, at))
        return f"{int(address):0{address.max_prefixlen // 4}x}"

    def schema(self) -> dict[str, Json]:
        """Return the JSON schema."""
        return ADDRESS.schema()


@dataclass(frozen=True, slots=True)
class NumberedMac:
    """A MAC address, which a column keeps as a number."""

    def show(self, stored: Any) -> Json:  # noqa: ANN401 (the value of a column)
        """Return the address."""
        return format_mac(int(stored))

    def read(self, value: Json, at: str) -> int:
        """Return the number."""
        if not isinstance(value, str) or _MAC.fullmatch(value) is None:
            raise wrong(at, f"{shown(value)} is not a MAC address; write AA-BB-CC-DD-EE-FF")
        return int(value.replace("-", ""), 16)

    def schema(self) -> dict[str, Json]:
        """Return the JSON schema."""
        return {"type": "string", "pattern": f"^{_MAC.pattern}$", "examples": ["00-15-5D-0A-00-04"]}


def check_members(value: Json, known: Collection[str], at: str) -> None:
    """Refuse a value that is no object, or has a member that is not known.

    Raises: E_INVALIDARG.
    """
    if not isinstance(value, Mapping):
        raise wrong(at, f"must be an object, not {shown(value)}")
    for name in value:
        if name not in known:
            raise wrong(f"{at}.{name}" if at else str(name), "is unknown; leave it out")


def _prefix(text: str) -> object:
    return ipaddress.ip_network(text, strict=False)


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _described(about: str) -> dict[str, Json]:
    return {"description": about} if about else {}


def _object(
    members: Mapping[str, Json], required: Sequence[str] | Collection[str] = ()
) -> dict[str, Json]:
    schema = {"type": "object", "properties": dict(members)}
    return {**schema, "required": sorted(required)} if required else schema


GUID = Checked(parse_guid, "a GUID", may_be_empty=False,
               example="404947ac-fc8f-4229-a4b5-595b9161f3a8")  # fmt: skip
GUID_OR_NONE = Checked(parse_guid, "a GUID")
ADDRESS = Checked(ipaddress.ip_address, "an IP address", may_be_empty=False, example="10.244.1.7")
ADDRESS_OR_NONE = Checked(ipaddress.ip_address, "an IP address")
PREFIX = Checked(_prefix, "an IP prefix", may_be_empty=False, example="10.244.1.0/24")
TIME = Integer(about="FILETIME: 100 ns since 1601.")
PORT = Integer(0, 65_535)
