"""Numbers that somebody has written as text.

Python takes digits of every script for a number, refuses more than 4,300 of them with an error of
its own, and needs time that is quadratic in fewer.
"""

LARGEST = 2**63 - 1
"""What a database can store."""

_MOST_DIGITS = 20  # of 64 bits


def number_in(text: str, most: int = LARGEST) -> int | None:
    """Return the number from 0 to `most` that a text is, in ASCII digits; None for another text.

    most: 2**64 - 1 or less.
    """
    if not (text.isascii() and text.isdigit()):
        return None
    digits = text.lstrip("0") or "0"
    if len(digits) > _MOST_DIGITS or int(digits) > most:
        return None
    return int(digits)
