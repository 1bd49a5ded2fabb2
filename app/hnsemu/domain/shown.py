"""Values of a document as refusals show them."""

import json

_LONGEST = 60  # characters
_ENCODER = json.JSONEncoder(default=str)


def shown(value: object) -> str:
    """Return a wrong value as JSON, cut when it is long; the rest costs nothing."""
    text = ""
    for piece in _ENCODER.iterencode(value):
        text += piece
        if len(text) > _LONGEST:
            return f"{text[:_LONGEST]}…"
    return text
