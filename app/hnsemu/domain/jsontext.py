"""Changing one member of a JSON text and nothing else of it."""

import json
import re

_BLANKS = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


def with_member(text: str, name: str, value: str) -> str:
    """Return the JSON object `text` with its member `name` set to the JSON text `value`.

    Everything else stays byte for byte; a new member goes to the end.
    """
    at = _past_blanks(text, 0) + 1  # behind the brace
    found = None
    last = at
    while (at := _past_blanks(text, at)) < len(text) and text[at] != "}":
        if text[at] == ",":
            at = _past_blanks(text, at + 1)
        key, at = _DECODER.raw_decode(text, at)
        start = _past_blanks(text, _past_blanks(text, at) + 1)  # behind the colon
        _, at = _DECODER.raw_decode(text, start)
        last = at
        if key == name:  # of equal names the last one counts
            found = (start, at)
    if found is not None:
        return f"{text[: found[0]]}{value}{text[found[1] :]}"
    comma = "" if json.loads(text) == {} else ","
    return f"{text[:last]}{comma}{json.dumps(name)}:{value}{text[last:]}"


def _past_blanks(text: str, at: int) -> int:
    blanks = _BLANKS.match(text, at)
    return blanks.end() if blanks else at
