"""GUIDs: one spelling inside, any spelling at the door."""

import pytest

from hnsemu.domain.guid import ZERO, is_guid, parse_guid
from hnsemu.errors import HnsError, Hr

INSIDE = "6d1e8a53-21f5-4f3d-8f55-0a6f1f4d2f01"


@pytest.mark.parametrize("text", [INSIDE, INSIDE.upper(), f"{{{INSIDE}}}", f" {INSIDE.upper()} "])
def test_every_spelling_is_read(text: str) -> None:
    assert parse_guid(text) == INSIDE
    assert is_guid(text)


@pytest.mark.parametrize(
    "text",
    ["", "web", INSIDE[:-1], f"{INSIDE}0", INSIDE.replace("-", ""), INSIDE.replace("6", "g")],
)
def test_other_texts_are_refused(text: str) -> None:
    assert not is_guid(text)
    with pytest.raises(HnsError) as refusal:
        parse_guid(text)
    assert refusal.value.hr is Hr.HCN_E_GUID_CONVERSION_FAILURE


@pytest.mark.parametrize("text", [f"{{{INSIDE}", f"{INSIDE}}}"])
def test_a_single_brace_is_refused(text: str) -> None:
    with pytest.raises(HnsError):
        parse_guid(text)


def test_the_zero_guid_is_one() -> None:
    assert parse_guid(ZERO) == ZERO
