"""One member of a JSON text changes, and not a byte besides."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnsemu.domain.jsontext import with_member

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text() | st.just("ExternalPort"), VALUES)


@given(OBJECTS, st.integers(0, 4), st.booleans())
def test_the_member_is_set_and_the_others_stay(
    members: dict[str, Any],
    indent: int,
    ascii_only: bool,  # noqa: FBT001
) -> None:
    text = json.dumps(members, indent=indent or None, ensure_ascii=ascii_only)
    changed = json.loads(with_member(text, "ExternalPort", "49152"))
    assert changed == {**members, "ExternalPort": 49152}
    assert list(changed) == list({**members, "ExternalPort": 49152})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", '{"ExternalPort":7}'),
        (" { } ", ' {"ExternalPort":7 } '),
        ('{"a": 1.50}', '{"a": 1.50,"ExternalPort":7}'),
        ('{ "ExternalPort" : 0 , "a":"\\u00e9"}', '{ "ExternalPort" : 7 , "a":"\\u00e9"}'),
        ('{"a":{"ExternalPort":0}}', '{"a":{"ExternalPort":0},"ExternalPort":7}'),
        ('{"ExternalPort":null,\n"VIP":""\n}', '{"ExternalPort":7,\n"VIP":""\n}'),
        ('{"ExternalPort":1,"ExternalPort":0}', '{"ExternalPort":1,"ExternalPort":7}'),
    ],
)
def test_everything_else_stays_byte_for_byte(text: str, expected: str) -> None:
    assert with_member(text, "ExternalPort", "7") == expected
