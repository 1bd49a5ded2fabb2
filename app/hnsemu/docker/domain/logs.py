"""Lines that containers print."""

from dataclasses import dataclass

STDOUT, STDERR = 1, 2


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line. number: its place among all lines. time: FILETIME. stream: STDOUT or STDERR."""

    number: int
    time: int
    stream: int
    text: str
