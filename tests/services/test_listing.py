"""A list is what a query selects, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from hnsemu.errors import HnsError, Hr
from hnsemu.services.listing import selected, wanted_id


@dataclass(frozen=True)
class Thing:
    """Anything with an id."""

    id: str
    colour: str


THINGS = [Thing("1", "red"), Thing("2", "blue"), Thing("3", "red"), Thing("4", "red")]


def properties(thing: Thing) -> Mapping[str, object]:
    return {"ID": thing.id, "Colour": thing.colour}


@pytest.mark.parametrize(
    ("wanted", "limit", "after", "expected"),
    [
        pytest.param({}, None, None, "1234", id="everything"),
        pytest.param({"Colour": "red"}, None, None, "134", id="what matches"),
        pytest.param({"Colour": "red"}, 2, None, "13", id="the first page of it"),
        pytest.param({"Colour": "red"}, 2, "3", "4", id="the next page"),
        pytest.param({"Colour": "red"}, 2, "2", "34", id="behind one that does not match"),
        pytest.param({}, None, "4", "", id="behind the last"),
        pytest.param({}, 0, None, "", id="nothing at all"),
    ],
)
def test_pages_of_what_matches(
    wanted: dict[str, object], limit: int | None, after: str | None, expected: str
) -> None:
    found = selected(THINGS, wanted, properties, limit, after)
    assert "".join(thing.id for thing in found) == expected


def test_a_page_behind_something_that_is_gone_is_refused() -> None:
    with pytest.raises(HnsError) as refusal:
        selected(THINGS, {}, properties, None, "5")
    assert refusal.value.hr is Hr.E_INVALIDARG


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"ID": "{7CB720C0-AC4C-4266-92E1-DC277B2A9B94}"}, "7cb720c0-ac4c-4266-92e1-dc277b2a9b94"),
        ({"ID": ""}, None),
        ({"ID": 5}, None),
        ({"Name": "7cb720c0-ac4c-4266-92e1-dc277b2a9b94"}, None),
    ],
)
def test_a_filter_that_names_one_id_tells_it(
    wanted: dict[str, object], expected: str | None
) -> None:
    assert wanted_id(wanted) == expected
