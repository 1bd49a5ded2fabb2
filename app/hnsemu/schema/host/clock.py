"""/emulator/clock: the time on all hosts of the service."""

import re
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from hnsemu.domain.clock import Clock, ClockChange
from hnsemu.domain.filetime import TICKS, filetime_of, utc
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.host.definition import EmulatorDocument
from hnsemu.schema.host.durations import read_duration

_FAR = re.compile(r"[+-]?\d{5,}-|-")  # a year that no datetime has

_WAYS = "freeze, advance, set or release"


class ClockMode(StrEnum):
    """What the hosts' time is: the machine's, moved, or standing still."""

    MACHINE = "machine"
    SHIFTED = "shifted"
    FROZEN = "frozen"


class ClockDocument(EmulatorDocument):
    """A change of the clock: one of four."""

    freeze: bool | None = Field(None, description="`true` stops the clock.")
    advance: str | None = Field(
        None,
        description="How far it goes forwards: 200ms, 5s, 5m, 2h or 1d.",
        examples=["5m"],
    )
    set: str | None = Field(
        None,
        description="The time it shows then, as RFC 3339; without a zone it is UTC.",
        examples=["2027-01-01T00:00:00Z"],
    )
    release: bool | None = Field(
        None, description="`true` gives the hosts the time of the machine again."
    )

    def to_domain(self) -> ClockChange:
        """Return the change.

        Raises: E_INVALIDARG unless exactly one member says something that makes sense.
        """
        given = [name for name, value in self.model_dump().items() if value is not None]
        if not given:
            raise HnsError(Hr.E_INVALIDARG, f"says nothing; give {_WAYS}")
        if len(given) > 1:
            raise HnsError(
                Hr.E_INVALIDARG,
                f"{' and '.join(given)} exclude each other; send one of them after the other",
            )
        for name, flag in (("freeze", self.freeze), ("release", self.release)):
            if flag is False:
                raise HnsError(Hr.E_INVALIDARG, f"{name}: is true or left out; give {_WAYS}")
        return ClockChange(
            freezes=bool(self.freeze),
            advance=None if self.advance is None else _ticks(self.advance),
            to=None if self.set is None else read_time(self.set),
            releases=bool(self.release),
        )


class ClockRecord(BaseModel):
    """The clock of all hosts of the service."""

    model_config = ConfigDict(frozen=True)

    time: datetime = Field(description="What it shows.")
    filetime: int = Field(
        description="The same in 100 ns since 1601.", examples=[134_000_000_000_000_000]
    )
    mode: ClockMode = Field(
        description="`machine`: it shows the machine's time. `shifted`: it runs, some time off. "
        "`frozen`: it stands."
    )


def clock_record(clock: Clock, time: int) -> ClockRecord:
    """Return the record of a clock that shows the FILETIME `time`."""
    if clock.frozen_at is not None:
        mode = ClockMode.FROZEN
    else:
        mode = ClockMode.SHIFTED if clock.offset else ClockMode.MACHINE
    return ClockRecord(time=utc(time), filetime=time, mode=mode)


def read_time(text: str) -> int:
    """Return the FILETIME of a time as RFC 3339; without a zone it is UTC.

    Raises: E_INVALIDARG.
    """
    try:
        return filetime_of(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        why = "is out of bounds" if _FAR.match(text) else "is no time"
        raise HnsError(
            Hr.E_INVALIDARG,
            f"set: {text!r} {why}; write one such as 2027-01-01T00:00:00Z, "
            "from 1970-01-01 to 9000-01-01",
        ) from error


def _ticks(text: str) -> int:
    if text.startswith("-"):
        raise HnsError(
            Hr.E_INVALIDARG, f"advance: {text!r} goes backwards; set the clock to an earlier time"
        )
    try:
        return round(read_duration(text) * TICKS)
    except HnsError as error:
        raise HnsError(error.hr, f"advance: {error.detail}") from error
