"""GUID text: one spelling inside, any spelling at the door."""

import re

from hnsemu.errors import HnsError, Hr

ZERO = "00000000-0000-0000-0000-000000000000"

_GUID = re.compile(r"\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?")


def parse_guid(text: str) -> str:
    """Return `text` as a lower-case, hyphenated GUID without braces.

    Raises: HCN_E_GUID_CONVERSION_FAILURE when it is none.
    Source: hns-behaviour.md section 1.1 (either case), clients.md section 21 (with braces).
    """
    found = _GUID.fullmatch(text.strip().lower())
    if found is None or text.count("{") != text.count("}"):
        raise HnsError(
            Hr.HCN_E_GUID_CONVERSION_FAILURE,
            f"{text!r} is not a GUID; write 8-4-4-4-12 hexadecimal digits",
        )
    return found[1]


def is_guid(text: str) -> bool:
    """Tell whether `text` is a GUID in one of the accepted spellings."""
    return _GUID.fullmatch(text.strip().lower()) is not None
