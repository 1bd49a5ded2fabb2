"""Durations as texts: 5s, 200ms, 1m, 2h, 1d."""

import re

from hnsemu.errors import HnsError, Hr

_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(ms|s|m|h|d|)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "": 1.0}


def read_duration(text: str, name: str = "") -> float:
    """Return the seconds that a text says: 5s, 200ms, 1m, 2h, 1d; a number alone is seconds.

    name: of the parameter that says it, for a refusal.
    Raises: E_INVALIDARG.
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        raise HnsError(
            Hr.E_INVALIDARG,
            f"{name and f'{name}: '}{text!r} is not a duration; write one such as 5s, 200ms or 1m",
        )
    return float(found[1]) * _SECONDS[found[2]]
