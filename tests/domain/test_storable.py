"""A text that no database holds gets a replacement, decided in one place."""

import re
from pathlib import Path

import pytest

import hnsemu
from hnsemu.domain.storable import is_storable, of_whole_characters, storable


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        pytest.param("", "", id="empty"),
        pytest.param("web\n1", "web\n1", id="control characters are kept"),
        pytest.param("a\0b", "a�b", id="NUL"),
        pytest.param("ä\0", "ä�", id="NUL beside other scripts"),
        pytest.param("a\ud800b", "a�b", id="half a surrogate pair"),
        pytest.param("😀", "😀", id="a whole pair"),
    ],
)
def test_what_no_database_holds_is_replaced(text: str, stored: str) -> None:
    assert storable(text) == stored
    assert is_storable(text) == (text == stored)


def test_half_a_character_is_replaced_wherever_json_has_texts_and_nul_is_not() -> None:
    value = {"a\ud800": ["\udc00", {"b": "😀\0"}], "c": [1, 1.5, True, None]}
    whole = {"a�": ["�", {"b": "😀\0"}], "c": [1, 1.5, True, None]}
    assert of_whole_characters(value) == whole


def test_it_is_decided_in_one_place() -> None:
    package = Path(hnsemu.__file__).parent
    replacing = re.compile(r'replace\("\\0"|\[(\\0)?\\ud800-\\udfff\]')
    deciding = [path.name for path in package.rglob("*.py") if replacing.search(path.read_text())]
    assert deciding == ["storable.py"]
