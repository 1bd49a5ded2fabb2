"""JSON is read as Go reads it, and refused in Go's words."""

from typing import Any

import pytest

from hnsemu.docker.errors import DockerError
from hnsemu.docker.schema.golang import parse, read_document
from hnsemu.docker.schema.shapes import UINT16, WORDS, List, Map, Pointer, Struct, zero

INNER = Struct("outer.Inner", {"Count": int, "Rate": UINT16})
SHAPE = Struct(
    "outer.Outer",
    {
        "Name": str,
        "On": bool,
        "Maybe": Pointer(bool),
        "Inner": Pointer(INNER),
        "Items": List(INNER),
        "Labels": Map(str),
        "Words": WORDS,
        "Pair": List(int, 2),
    },
)
JSON = "application/json"


def test_what_is_missing_is_zero() -> None:
    empty = {
        "Name": "", "On": False, "Maybe": None, "Inner": None, "Items": None, "Labels": None,
        "Words": None, "Pair": [0, 0],
    }  # fmt: skip
    assert read_document(b"{}", JSON, SHAPE) == empty
    assert read_document(b"", "", SHAPE) == empty
    assert read_document(b"null", JSON, SHAPE) == empty
    assert zero(SHAPE) == empty


def test_two_documents_share_nothing_that_changes() -> None:
    shape = Struct("Outer", {"Inner": INNER})
    zero(shape)["Inner"]["Count"] = 3
    assert zero(shape) == {"Inner": {"Count": 0, "Rate": 0.0}}


def test_names_are_read_in_any_case_and_others_ignored() -> None:
    read = read_document(b'{"NAME": "n", "inner": {"count": 3}, "x": 1}', JSON, SHAPE)
    assert (read["Name"], read["Inner"]) == ("n", {"Count": 3, "Rate": 0})


def test_null_says_nothing() -> None:
    assert read_document(b'{"Name": null, "On": null}', JSON, SHAPE)["Name"] == ""


def test_a_text_stands_for_one_word() -> None:
    read = read_document(b'{"Words": "a", "Pair": [1]}', JSON, SHAPE)
    assert (read["Words"], read["Pair"]) == (["a"], [1, 0])
    read = read_document(b'{"Words": ["a", null], "Pair": [1, 2, 3]}', JSON, SHAPE)
    assert (read["Words"], read["Pair"]) == (["a", ""], [1, 2])


def test_half_a_surrogate_pair_is_replaced() -> None:
    read = read_document(b'{"Name": "a\\ud800", "x": 1e999}', JSON, SHAPE)
    assert read["Name"] == "a\N{REPLACEMENT CHARACTER}"


def test_what_is_empty_is_left_out_of_a_terse_struct() -> None:
    terse = Struct("Terse", {"Name": str, "Count": int}, unread={"Id": str}, is_terse=True)
    assert read_document(b'{"Name": "", "Count": 1, "Id": "x"}', JSON, terse) == {"Count": 1}
    with pytest.raises(DockerError, match=r"Terse\.Id of type string"):
        read_document(b'{"Id": 1}', JSON, terse)


def test_databases_get_no_nul() -> None:
    read = read_document(b'{"Name": "a\\u0000", "Labels": {"\\u0000": "x"}}', JSON, SHAPE)
    assert (read["Name"], list(read["Labels"])) == ("a\N{REPLACEMENT CHARACTER}", ["\ufffd"])


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("{invalid", "invalid character 'i' looking for beginning of object key string"),
        ("x", "invalid character 'x' looking for beginning of value"),
        ('{"a" 1}', "invalid character '1' after object key"),
        ('{"a": 1 "b"}', "invalid character '\"' after object key:value pair"),
        ('{"a": 1,}', "invalid character '}' looking for beginning of object key string"),
        ("[1 2]", "invalid character '2' after array element"),
        ("[,]", "invalid character ',' looking for beginning of value"),
        ("trux", "invalid character 'x' in literal true (expecting 'e')"),
        ("{'a'", "invalid character '\\'' looking for beginning of object key string"),
        ('"\\x"', "invalid character 'x' in string escape code"),
        ('"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"),
        ("-x", "invalid character 'x' in numeric literal"),
        ('{"a": ', "unexpected EOF"),
        ('"a', "unexpected EOF"),
        (" ", "got EOF while reading request body"),
    ],
)
def test_syntax_is_refused_in_gos_words(body: str, text: str) -> None:
    with pytest.raises(DockerError) as refusal:
        parse(body.encode())
    assert refusal.value.status == 400
    assert refusal.value.message == f"invalid JSON: {text}"


def test_a_second_value_is_refused() -> None:
    with pytest.raises(DockerError, match="unexpected content after JSON"):
        parse(b'{"Name": "x"} {}')


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('{"Name": 1}', "number into Go struct field Outer.Name of type string"),
        ('{"On": "yes"}', "string into Go struct field Outer.On of type bool"),
        ('{"Maybe": {}}', "object into Go struct field Outer.Maybe of type bool"),
        ('{"Inner": {"Count": true}}', "bool into Go struct field Inner.Inner.Count of type int"),
        ('{"Inner": {"Count": 1.5}}', "number 1.5 into Go struct field Inner.Inner.Count of type"),
        ('{"Items": {}}', "object into Go struct field Outer.Items of type []outer.Inner"),
        ('{"Labels": {"a": 1}}', "number into Go struct field Outer.Labels of type string"),
        (
            '{"Inner": {"Rate": 65536}}',
            "number 65536 into Go struct field Inner.Inner.Rate of type",
        ),
        ('{"Inner": {"Count": 1e3}}', "number 1e3 into Go struct field Inner.Inner.Count of type"),
        ('{"Words": [1]}', "array into Go struct field Outer.Words of type string"),
        ('{"Pair": 1}', "number into Go struct field Outer.Pair of type [2]int"),
        ("[]", "array into Go value of type outer.Outer"),
    ],
)
def test_another_kind_is_refused_in_gos_words(body: str, text: str) -> None:
    with pytest.raises(DockerError) as refusal:
        read_document(body.encode(), JSON, SHAPE)
    assert text in refusal.value.message


@pytest.mark.parametrize(
    ("content_type", "text"),
    [
        ("text/plain", "unsupported Content-Type header (text/plain): must be 'application/json'"),
        ("", "malformed Content-Type header (): mime: no media type"),
    ],
)
def test_a_body_is_json_by_its_header(content_type: str, text: str) -> None:
    with pytest.raises(DockerError) as refusal:
        read_document(b"{}", content_type, SHAPE)
    assert refusal.value.message == text


def test_parameters_of_the_header_do_not_matter() -> None:
    read: dict[str, Any] = read_document(b'{"On": true}', "Application/JSON; charset=utf-8", SHAPE)
    assert read["On"] is True


def test_a_list_longer_than_any_client_sends_is_refused_before_it_is_read() -> None:
    assert len(read_document(_with_items(100_000), JSON, SHAPE)["Items"]) == 100_000
    with pytest.raises(DockerError, match="more than 100000 members"):
        read_document(_with_items(100_001), JSON, SHAPE)


def _with_items(number: int) -> bytes:
    return b'{"Items": [' + b",".join([b"{}"] * number) + b"]}"
