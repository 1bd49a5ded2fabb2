"""The catalogue is complete and words failures as Windows does."""

import json
from pathlib import Path

import pytest

from hnsemu.errors import Hr

PUBLISHED = json.loads((Path(__file__).parent / "facts" / "hcn-errors.json").read_text())


@pytest.mark.parametrize("row", PUBLISHED[1:], ids=lambda row: row["name"])
def test_every_published_code_is_there(row: dict[str, str]) -> None:
    assert Hr[row["name"]].hresult == int(row["code"], 16)
    assert row["text"] in Hr[row["name"]].text


def test_the_first_published_row_is_success() -> None:
    assert PUBLISHED[0]["name"] == "S_OK"


@pytest.mark.parametrize(
    ("hr", "message"),
    [
        (Hr.HCN_E_ADAPTER_NOT_FOUND, "An adapter was not found. "),
        (Hr.E_ELEMENT_NOT_FOUND, "Element not found. "),
        (Hr.E_OBJECT_ALREADY_EXISTS, "The object already exists. "),
        (Hr.HCN_E_PORT_ALREADY_EXISTS, "The specified port already exists. "),
        (
            Hr.HCN_E_INVALID_JSON_REFERENCE,
            "The reference is invalid in the JSON document. A Reference is required",
        ),
        (Hr.HCN_E_ADDR_INVALID_OR_RESERVED, "An address provided is invalid or reserved. "),
    ],
)
def test_texts_end_with_a_blank_or_a_detail(hr: Hr, message: str) -> None:
    assert hr.message == message


def test_codes_are_unique() -> None:
    assert len({hr.hresult for hr in Hr}) == len(Hr)
