"""/emulator/hosts/{name}/journal and /requests: what programs called, and what is proven by it."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from hnsemu.domain.digits import number_in
from hnsemu.domain.filetime import utc
from hnsemu.domain.journal import Call, Change, Journal, JournalSettings
from hnsemu.domain.operation_patterns import check_operations
from hnsemu.domain.wildcards import LONGEST
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.host.definition import EmulatorDocument

Pattern = Annotated[str, Field(max_length=LONGEST)]
"""Stands for texts: see `domain/wildcards.py`."""

_MOST_CALLS = 100_000
_MOST_BYTES = 1024 * 1024 * 1024
_MOST_BODY = 16 * 1024 * 1024
_LARGEST_HRESULT = 0xFFFF_FFFF
_HEXADECIMAL = re.compile(r"0[xX][0-9a-fA-F]{1,8}")
_DEFAULT = JournalSettings()


class JournalDocument(EmulatorDocument):
    """The settings of a host's journal. What is left out is as by default."""

    enabled: bool = Field(True, examples=[True])
    calls: int = Field(
        _DEFAULT.calls,
        ge=1,
        le=_MOST_CALLS,
        description="How many calls it keeps, the newest.",
    )
    bytes: int = Field(
        _DEFAULT.bytes, ge=65_536, le=_MOST_BYTES, description="Room for all calls together."
    )
    body_bytes: int = Field(
        _DEFAULT.body,
        ge=0,
        le=_MOST_BODY,
        description="How much it keeps of each request and answer.",
    )

    def to_domain(self) -> JournalSettings | None:
        """Return the settings, None for a journal that is off."""
        if not self.enabled:
            return None
        return JournalSettings(self.calls, self.bytes, self.body_bytes)


class JournalRecord(BaseModel):
    """A host's journal: its settings, and how far it is."""

    model_config = ConfigDict(frozen=True)

    enabled: bool
    calls: int
    bytes: int
    body_bytes: int
    last: int = Field(description="Number of the newest call.", examples=[42])
    lost: int = Field(
        description="How many calls since the journal began were removed for want of room, or never"
        " stored: the service was killed."
    )
    lost_until: int = Field(description="Number of the newest of them; 0 for none.")


class ChangedObject(BaseModel):
    """An object that a call created or removed."""

    model_config = ConfigDict(frozen=True)

    kind: str = Field(examples=["endpoint"])
    id: str = Field(examples=["e2b1c7a0-7f5d-4a8e-9f0f-1f9f1c6f4a3e"])


class CallRecord(BaseModel):
    """A call of a program."""

    model_config = ConfigDict(frozen=True)

    number: int = Field(description="Counts upwards in the order of the answers.", examples=[1])
    time: datetime
    milliseconds: float = Field(examples=[1.2])
    operation: str = Field(
        examples=["HcnCreateEndpoint"],
        description="The function of the DLL, `HNSCall` with its method and path, or the docker "
        "command; else method and path.",
    )
    method: str = Field(examples=["POST"])
    path: str = Field(description="Below the host.", examples=["/v2/endpoints"])
    status: int = Field(
        description="HTTP status; 0 where nothing was answered, or not yet.", examples=[201]
    )
    hresult: str = Field(
        description='Absent (`""`) for Docker\'s own answers.', examples=["0x00000000"]
    )
    request: str = Field(description="The body as it was sent.", examples=['{"Name":"a"}'])
    request_bytes: int
    request_cut: bool = Field(description="Whether only the beginning was kept.")
    answer: str
    answer_bytes: int
    answer_cut: bool
    created: tuple[ChangedObject, ...]
    removed: tuple[ChangedObject, ...]
    process: str = Field(
        description="Windows process that called through the DLL.", examples=["flannel.exe (1234)"]
    )
    function: str = Field(
        description="Function of the DLL it called.", examples=["HcnCreateEndpoint"]
    )
    user_agent: str
    address: str = Field(description="Where the call came from.", examples=["127.0.0.1"])
    fault: str = Field(description="Number of the fault that acted on it.")
    running: bool = Field(description="Whether the answer still lasts: a stream, a wait.")
    lost: bool = Field(
        False,
        description="Whether the service was killed while the answer lasted: the rest is unknown.",
    )


class CallList(BaseModel):
    """Calls of a host's programs, oldest first, and the journal that they are in."""

    model_config = ConfigDict(frozen=True)

    requests: tuple[CallRecord, ...]
    journal: JournalRecord


def journal_record(journal: Journal) -> JournalRecord:
    """Return the record of a journal."""
    lost = journal.lost_behind(0)
    return JournalRecord(
        enabled=journal.is_on,
        calls=journal.settings.calls,
        bytes=journal.settings.bytes,
        body_bytes=journal.settings.body,
        last=journal.last,
        lost=lost,
        lost_until=journal.lost if lost else 0,
    )


def call_record(call: Call) -> CallRecord:
    """Return the record of a call."""
    return CallRecord(
        number=call.number,
        time=utc(call.started),
        milliseconds=call.microseconds / 1000,
        operation=call.operation,
        method=call.method,
        path=call.path,
        status=call.status,
        hresult="" if call.hresult is None else f"{call.hresult:#010x}",
        request=call.request.text,
        request_bytes=call.request.size,
        request_cut=call.request.is_cut,
        answer=call.answer.text,
        answer_bytes=call.answer.size,
        answer_cut=call.answer.is_cut,
        created=_changed(change for change in call.changes if change.is_new),
        removed=_changed(change for change in call.changes if not change.is_new),
        process=call.caller.process,
        function=call.caller.function,
        user_agent=call.caller.agent,
        address=call.caller.address,
        fault=call.fault,
        running=call.is_running,
        lost=call.is_lost,
    )


def call_list(journal: Journal, calls: Iterable[Call]) -> CallList:
    """Return the document of some calls."""
    return CallList(
        requests=tuple(call_record(call) for call in calls), journal=journal_record(journal)
    )


def read_hresult(text: str) -> int:
    """Return an HRESULT that is written as a number or by its name.

    .NET and PowerShell print the number with a sign.
    Raises: E_INVALIDARG.
    """
    if text in Hr.__members__:
        return Hr[text].hresult
    if text == "S_OK":
        return 0
    negative = number_in(text.removeprefix("-"), 2**31)
    if text.startswith("-") and negative:
        return 2**32 - negative
    value = int(text, 16) if _HEXADECIMAL.fullmatch(text) else number_in(text, _LARGEST_HRESULT)
    if value is None:
        raise HnsError(
            Hr.E_INVALIDARG,
            f"hresult: {text!r} is neither a number such as 0x803b0001 nor a name such as "
            "HCN_E_NETWORK_NOT_FOUND",
        )
    return value


def read_status(text: str) -> int:
    """Return an HTTP status, or the first digit of a class such as 4xx; 0 is of no answer.

    Raises: E_INVALIDARG.
    """
    digits = text.lower().removesuffix("xx") if text.lower().endswith("xx") else text
    is_class = digits != text
    if digits.isascii() and digits.isdigit() and len(digits) == (1 if is_class else 3):
        return int(digits)
    if text == "0":
        return 0
    raise HnsError(
        Hr.E_INVALIDARG,
        f"status: {text!r} is no status such as 404 or 4xx, nor 0 of a call without an answer",
    )


def read_pattern(text: str) -> str:
    """Return a pattern of operations of a query string; an empty one is of none.

    Raises: E_INVALIDARG, also for one that no call can be of.
    """
    if not 0 < len(text) <= LONGEST:
        what = f"op: a pattern has 1 to {LONGEST} characters; this one has {len(text)}"
        raise HnsError(Hr.E_INVALIDARG, what)
    check_operations(text, "op")
    return text


def as_text(value: object) -> object:
    """Return a number as text, for a member that takes both; other values stay."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _changed(changes: Iterable[Change]) -> tuple[ChangedObject, ...]:
    return tuple(ChangedObject(kind=change.kind, id=change.object_id) for change in changes)
