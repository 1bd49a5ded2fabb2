"""Numbers and booleans in texts as Go's strconv reads them, and its words for other texts."""

from hnsemu.docker.domain.ipam import quoted
from hnsemu.domain.digits import LARGEST, number_in

SYNTAX, RANGE = "invalid syntax", "value out of range"

_YES = {"1", "t", "T", "TRUE", "true", "True"}
_NO = {"0", "f", "F", "FALSE", "false", "False"}


def parse_bool(text: str) -> bool:
    """Return a boolean.

    Raises: ValueError with Go's text.
    """
    if text in _YES or text in _NO:
        return text in _YES
    raise ValueError(parse_error("ParseBool", text, SYNTAX))


def parse_uint(text: str, bits: int) -> int:
    """Return an unsigned number of so many bits, 64 at most.

    Raises: ValueError with Go's text.
    """
    number = number_in(text, (1 << bits) - 1)
    if number is None:
        raise ValueError(parse_error("ParseUint", text, RANGE if _is_of_digits(text) else SYNTAX))
    return number


def atoi(text: str) -> int:
    """Return a whole number of 64 bits, with a sign or without.

    Raises: ValueError with Go's text.
    """
    if not is_whole(text):
        raise ValueError(parse_error("Atoi", text, SYNTAX))
    is_negative = text.startswith("-")
    number = number_in(text.lstrip("+-"), LARGEST + is_negative)
    if number is None:
        raise ValueError(parse_error("Atoi", text, RANGE))
    return -number if is_negative else number


def is_whole(text: str) -> bool:
    """Tell whether a text is a whole number, of any size and with a sign or without."""
    return _is_of_digits(text[1:] if text.startswith(("+", "-")) else text)


def parse_error(function: str, text: str, fault: str) -> str:
    """Return the text of the error of a function. fault: SYNTAX or RANGE."""
    return f"strconv.{function}: parsing {quoted(text)}: {fault}"


def _is_of_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
