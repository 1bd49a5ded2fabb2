"""Each shape reads what it shows, refuses the rest by name, and describes itself."""

from typing import Any

import pytest

from hnsemu.domain.hosts import read_definition
from hnsemu.domain.state.shapes import (
    ADDRESS,
    ADDRESS_OR_NONE,
    GUID,
    PORT,
    PREFIX,
    TIME,
    Boolean,
    Choice,
    Columns,
    HexAddress,
    Integer,
    JsonText,
    List,
    NumberedMac,
    Record,
    Shape,
    Stored,
    Text,
    check_members,
)
from hnsemu.errors import HnsError, Hr

_ROUTE = Columns({"next_hop": (Text(), ""), "metric": (Integer(), 0)})
_DEFINITION = Stored(Record({"azure_vm": Boolean(), "release": Text()}), read_definition)
_DNS = Stored(Record({"domain": Text(), "search": List(Text())}))

KEPT: list[tuple[Shape, Any, Any]] = [
    (Text(), "a text", "a text"),
    (GUID, "404947AC-fc8f-4229-a4b5-595b9161f3a8", "404947AC-fc8f-4229-a4b5-595b9161f3a8"),
    (ADDRESS, "fd00::1", "fd00::1"),
    (ADDRESS_OR_NONE, "", ""),
    (PREFIX, "10.1.2.3/16", "10.1.2.3/16"),
    (TIME, 133_500_000_000_000_000, 133_500_000_000_000_000),
    (Boolean(), True, 1),
    (Choice([1, 2]), 2, 2),
    (Choice(["NAT", "ICS"]), "ICS", "ICS"),
    (List(PORT), [0, 65535], [0, 65535]),
    (_ROUTE, {"next_hop": "10.0.0.1"}, ["10.0.0.1", 0]),
    (_DNS, {"search": ["a", "b"]}, '{"search": ["a", "b"]}'),
    (JsonText(), '{ "Z":1,"A":2 }', '{ "Z":1,"A":2 }'),
    (_DEFINITION, {"azure_vm": True}, '{"azure_vm": true}'),
    (HexAddress(), "10.0.0.255", "0a0000ff"),
    (HexAddress(), "fd00::1", "fd000000000000000000000000000001"),
    (NumberedMac(), "00-15-5D-00-00-0A", 0x00155D00000A),
]


@pytest.mark.parametrize(("shape", "value", "stored"), KEPT)
def test_what_is_shown_is_read_again(shape: Shape, value: Any, stored: Any) -> None:
    assert shape.read(value, "here") == stored
    assert shape.show(stored) == value


REFUSED: list[tuple[Shape, Any, str]] = [
    (Text(), 5, "here: must be text, not 5"),
    (Text(), "\0", "here: has a character that is no text; leave it out"),
    (Text(), "\ud800", "here: has a character that is no text; leave it out"),
    (GUID, "", 'here: "" is not a GUID'),
    (ADDRESS, "10.0.0.256", 'here: "10.0.0.256" is not an IP address'),
    (PREFIX, "10.0.0.0/33", 'here: "10.0.0.0/33" is not an IP prefix'),
    (Integer(), "5", 'here: must be a whole number, not "5"'),
    (Integer(), True, "here: must be a whole number, not true"),
    (PORT, 65_536, "here: 65536 is not from 0 to 65535"),
    (Boolean(), 0, "here: must be true or false, not 0"),
    (Choice([1, 2]), True, "here: true is not one of 1, 2"),
    (Choice(["NAT"]), "nat", 'here: "nat" is not one of NAT'),
    (List(Text()), {}, "here: must be a list, not {}"),
    (List(Text(), length=2), ["a"], "here: must have 2 members, not 1"),
    (List(Text()), ["a", 1], "here[1]: must be text, not 1"),
    (_ROUTE, {"metric": -1}, f"here.metric: -1 is not from 0 to {2**63 - 1}"),
    (_ROUTE, {"hop": ""}, "here.hop: is unknown; leave it out"),
    (_DNS, [], "here: must be an object, not []"),
    (Record({"id": Text()}, required=("id",)), {}, "here.id: is missing"),
    (JsonText(), "{", "here: is not JSON text"),
    (JsonText(), '{"a": NaN}', "here: is not JSON text"),
    (JsonText(), "[]", "here: must be the text of a JSON object"),
    (_DEFINITION, 1, "here: must be an object, not 1"),
    (_DEFINITION, {"x": 1}, "here.x: is unknown; leave it out"),
    (_DEFINITION, {"release": "ws1999"}, "here: cannot be read; send what GET answered"),
    (Text(longest=2), "abc", "here: is longer than 2 characters; shorten it"),
    (NumberedMac(), "00:15:5d:00:00:0a",
     'here: "00:15:5d:00:00:0a" is not a MAC address; write AA-BB-CC-DD-EE-FF'),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "value", "sentence"), REFUSED)
def test_a_wrong_value_is_named(shape: Shape, value: Any, sentence: str) -> None:
    with pytest.raises(HnsError) as refusal:
        shape.read(value, "here")
    assert (refusal.value.hr, refusal.value.detail) == (Hr.E_INVALIDARG, sentence)


def test_a_long_wrong_value_is_cut() -> None:
    with pytest.raises(HnsError, match=r'"x{59}…$'):
        Integer().read("x" * 1000, "here")


def test_a_member_at_the_top_is_named_alone() -> None:
    with pytest.raises(HnsError) as refusal:
        check_members({"other": 1}, {"known"}, "")
    assert refusal.value.detail == "other: is unknown; leave it out"


@pytest.mark.parametrize(("shape", "value", "stored"), KEPT)
def test_a_shape_says_of_which_json_type_its_values_are(
    shape: Shape, value: Any, stored: Any
) -> None:
    del stored
    types = {str: "string", bool: "boolean", int: "integer", list: "array", dict: "object"}
    assert shape.schema()["type"] == types[type(value)]
