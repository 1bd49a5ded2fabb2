"""Filters: every named property must be equal."""

import pytest

from hnsemu.domain.query import matches

HAVE = {
    "ID": "404947ac-fc8f-4229-a4b5-595b9161f3a8",
    "Name": "nat",
    "State": 2,
    "IsRemoteEndpoint": False,
}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param({}, True, id="nothing wanted"),
        pytest.param({"Name": "nat"}, True, id="a name"),
        pytest.param({"Name": "NAT"}, False, id="names are exact"),
        pytest.param({"ID": "{404947AC-FC8F-4229-A4B5-595B9161F3A8}"}, True, id="any GUID case"),
        pytest.param({"ID": ""}, False, id="an empty id"),
        pytest.param({"State": 2}, True, id="a number"),
        pytest.param({"State": "2"}, True, id="a number as text"),
        pytest.param({"State": 3}, False, id="another number"),
        pytest.param({"IsRemoteEndpoint": False}, True, id="a truth value"),
        pytest.param({"State": True}, False, id="a truth value is no number"),
        pytest.param({"Name": "nat", "State": 3}, False, id="one of two"),
        pytest.param({"Colour": "red"}, False, id="an unknown property"),
    ],
)
def test_a_filter_selects(wanted: dict[str, object], *, found: bool) -> None:
    assert matches(wanted, HAVE) is found
