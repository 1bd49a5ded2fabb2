"""Moments in filters and queries: a duration ago, RFC 3339 with or without zone, Unix seconds.

Source: moby api/types/time [C]. The emulated host's zone is UTC.
"""

import re
from datetime import UTC, datetime

from hnsemu.docker.domain.ipam import quoted
from hnsemu.docker.domain.strconv import RANGE, SYNTAX, is_whole, parse_error
from hnsemu.docker.domain.times import from_unix
from hnsemu.docker.errors import BAD_REQUEST, FAILED, DockerError

_DURATION = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h)")
_WHOLE_DURATION = re.compile(rf"(?:{_DURATION.pattern})+")
_PART = re.compile(r"([\d.]+)(ns|us|µs|ms|s|m|h)")
_NANOSECONDS = {
    "ns": 1, "us": 1_000, "µs": 1_000, "ms": 1_000_000, "s": 1_000_000_000,
    "m": 60_000_000_000, "h": 3_600_000_000_000,
}  # fmt: skip
_UNIX = re.compile(r"-?\d+(?:\.\d+)?")


def read_moment(text: str, now: int) -> int:
    """Return the moment that a text means, as a FILETIME.

    Raises: DockerError 400.
    """
    try:
        if text != "0" and _WHOLE_DURATION.fullmatch(text):
            ago = sum(float(number) * _NANOSECONDS[unit] for number, unit in _PART.findall(text))
            return now - int(-ago if text.startswith("-") else ago) // 100
        if _UNIX.fullmatch(text):
            return from_unix(float(text))
        moment = datetime.fromisoformat(text)
        return from_unix(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp())
    except (ValueError, OverflowError) as error:
        raise DockerError(
            BAD_REQUEST, f"failed to parse value as time or duration: {quoted(text)}"
        ) from error


def read_timestamp(text: str, now: int) -> int:
    """Return the moment that since or until of a query means, as a FILETIME.

    dockerd takes Unix seconds alone, as clients send them; here every moment that the command line
    takes is one [M].
    Raises: DockerError 500 in Go's words, as dockerd has it.
    """
    try:
        return read_moment(text, now)
    except DockerError as error:
        parts = text.split(".", 1)
        wrong = next((part for part in parts if not is_whole(part)), parts[0])
        fault = RANGE if is_whole(wrong) else SYNTAX
        raise DockerError(FAILED, parse_error("ParseInt", wrong, fault)) from error
