"""Numbers and booleans in texts: Go's strconv, value by value."""

import pytest

from hnsemu.docker.domain.strconv import atoi, is_whole, parse_bool, parse_uint


@pytest.mark.parametrize(
    ("text", "bits", "number"),
    [
        ("0", 32, 0),
        ("007", 32, 7),
        ("4294967295", 32, 2**32 - 1),
        ("4294967296", 64, 2**32),
        ("18446744073709551615", 64, 2**64 - 1),
        pytest.param("0" * 5000 + "5", 64, 5, id="zeros before it"),
    ],
)
def test_digits_are_an_unsigned_number(text: str, bits: int, number: int) -> None:
    assert parse_uint(text, bits) == number


@pytest.mark.parametrize(
    ("text", "bits", "fault"),
    [
        ("", 64, '"": invalid syntax'),
        ("-1", 64, '"-1": invalid syntax'),
        ("+1", 64, '"+1": invalid syntax'),
        ("1_0", 64, '"1_0": invalid syntax'),
        ("0x1", 64, '"0x1": invalid syntax'),
        ("²", 64, '"²": invalid syntax'),
        ("٣", 64, '"٣": invalid syntax'),
        ('"', 64, '"\\"": invalid syntax'),
        ("4294967296", 32, '"4294967296": value out of range'),
        ("18446744073709551616", 64, '"18446744073709551616": value out of range'),
    ],
)
def test_another_text_is_refused_in_the_words_of_go(text: str, bits: int, fault: str) -> None:
    with pytest.raises(ValueError, match="strconv") as refusal:
        parse_uint(text, bits)
    assert str(refusal.value) == f"strconv.ParseUint: parsing {fault}"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+5", 5),
        ("-05", -5),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
    ],
)
def test_digits_with_a_sign_are_a_whole_number(text: str, number: int) -> None:
    assert atoi(text) == number


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "invalid syntax"),
        ("+-1", "invalid syntax"),
        ("٣", "invalid syntax"),
        ("9223372036854775808", "value out of range"),
        ("-9223372036854775809", "value out of range"),
    ],
)
def test_another_text_is_no_number_of_64_bits(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match="strconv") as refusal:
        atoi(text)
    assert str(refusal.value) == f'strconv.Atoi: parsing "{text}": {fault}'


@pytest.mark.parametrize("text", ["0", "+1", "-1", "9" * 5000])
def test_a_whole_number_has_digits_and_perhaps_a_sign(text: str) -> None:
    assert is_whole(text)


@pytest.mark.parametrize("text", ["", "-", "--1", "1.0", "1_0", "٣"])
def test_another_text_is_no_whole_number(text: str) -> None:
    assert not is_whole(text)


def test_booleans_have_six_spellings_each() -> None:
    assert all(map(parse_bool, ("1", "t", "T", "TRUE", "true", "True")))
    assert not any(map(parse_bool, ("0", "f", "F", "FALSE", "false", "False")))


@pytest.mark.parametrize("text", ["", "yes", "tRUE", "2"])
def test_another_text_is_no_boolean(text: str) -> None:
    with pytest.raises(ValueError, match=f'strconv.ParseBool: parsing "{text}": invalid syntax'):
        parse_bool(text)
