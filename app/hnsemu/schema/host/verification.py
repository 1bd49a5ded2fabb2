"""/emulator/hosts/{name}/requests/verify: what is expected of the calls, and what was seen."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticKnownError

from hnsemu.domain.digits import LARGEST
from hnsemu.domain.journal import (
    Bound,
    CallMatch,
    Difference,
    Expectation,
    NearMiss,
    Verification,
)
from hnsemu.domain.operation_patterns import check_operations
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import RawJson
from hnsemu.schema.host.definition import EmulatorDocument
from hnsemu.schema.host.journal import Pattern, as_text, read_hresult, read_status

_MOST_STEPS = 100


_Text = Annotated[str, BeforeValidator(as_text)]


def _storable(number: int) -> int:
    """Refuse a number that no database can compare; the schema of 0.1.0 says nothing of it."""
    if number > LARGEST:
        raise PydanticKnownError("less_than_equal", {"le": LARGEST})
    return number


_CallNumber = Annotated[int, AfterValidator(_storable)]
_MOST_NUMBERS = 1000


class MatchDocument(EmulatorDocument):
    """Which calls are meant: those in which every member that is given agrees.

    Numbers may be written as numbers or as text. In patterns, `*` stands for any characters and
    `?` for one; case does not count.
    """

    operation: Pattern | None = Field(None, description="Pattern.", examples=["HcnCreate*"])
    method: Pattern | None = Field(None, examples=["POST"])
    path: Pattern | None = Field(
        None, description="Pattern of the path below the host.", examples=["/v2/endpoints/*"]
    )
    name: Pattern | None = Field(
        None, description="Pattern of the Name in the request.", examples=["pod-*"]
    )
    process: Pattern | None = Field(
        None, description="Pattern of the Windows process.", examples=["flannel.exe*"]
    )
    user_agent: Pattern | None = Field(None, description="Pattern.", examples=["docker*"])
    status: _Text | None = Field(
        None, description="A status, or a class of them.", examples=["4xx"]
    )
    hresult: _Text | None = Field(
        None, description="Number or name.", examples=["HCN_E_NETWORK_NOT_FOUND"]
    )
    text: str | None = Field(
        None, description="Is in the path, the request or the answer.", examples=["10.1.0.9"]
    )
    request: RawJson | None = Field(
        None, description="Members that the request has, with these values."
    )
    answer: RawJson | None = Field(
        None, description="Members that the answer has, with these values."
    )

    def to_domain(self) -> CallMatch:
        """Return the match.

        Raises: E_INVALIDARG for an operation, a status or an HRESULT that is none.
        """
        if self.operation is not None:
            check_operations(self.operation, "operation")
        return CallMatch(
            operation=self.operation,
            method=self.method,
            path=self.path,
            name=self.name,
            process=self.process,
            agent=self.user_agent,
            status=None if self.status is None else read_status(self.status),
            hresult=None if self.hresult is None else read_hresult(self.hresult),
            text=self.text,
            request=None if self.request is None else self.request.value(),
            answer=None if self.answer is None else self.answer.value(),
        )


class VerifyDocument(EmulatorDocument):
    """What is expected of the calls: a number of those that `match`, or a sequence.

    Without a number, at least one.
    """

    match: MatchDocument | None = Field(None, description="Every call when left out.")
    count: int | None = Field(None, ge=0, description="Exactly so many.", examples=[2])
    at_least: int | None = Field(None, ge=0, alias="atLeast")
    at_most: int | None = Field(None, ge=0, alias="atMost")
    never: bool | None = Field(None, description="No call, as `count: 0`.")
    sequence: tuple[MatchDocument, ...] | None = Field(
        None,
        min_length=1,
        max_length=_MOST_STEPS,
        description="Calls that came in this order, with others between them at will.",
    )
    since: _CallNumber = Field(0, ge=0, description="Only the calls behind this number count.")

    def to_domain(self) -> Expectation:
        """Return the expectation.

        Raises: E_INVALIDARG where it says several things.
        """
        bounds = [
            (bound, number)
            for bound, number in (
                (Bound.EXACTLY, self.count),
                (Bound.AT_LEAST, self.at_least),
                (Bound.AT_MOST, self.at_most),
                (Bound.EXACTLY, 0 if self.never else None),
            )
            if number is not None
        ]
        if self.sequence is not None:
            if bounds or self.match is not None:
                raise HnsError(
                    Hr.E_INVALIDARG, "sequence: stands alone; leave match and the numbers out"
                )
            steps = tuple(step.to_domain() for step in self.sequence)
            return Expectation(steps, count=len(steps), is_sequence=True)
        if len(bounds) > 1:
            raise HnsError(
                Hr.E_INVALIDARG, "count, atLeast, atMost and never exclude each other; give one"
            )
        bound, count = bounds[0] if bounds else (Bound.AT_LEAST, 1)
        match = CallMatch() if self.match is None else self.match.to_domain()
        return Expectation((match,), bound, count)


class DifferenceRecord(BaseModel):
    """A member in which a call differs from what was looked for."""

    model_config = ConfigDict(frozen=True)

    member: str = Field(examples=["request.Name"])
    expected: str = Field(examples=['"pod-1"'])
    found: str = Field(examples=['"pod-2"'])


class NearMissRecord(BaseModel):
    """A call that was nearly what was looked for."""

    model_config = ConfigDict(frozen=True)

    number: int
    operation: str
    method: str
    path: str
    differences: tuple[DifferenceRecord, ...]


class VerificationRecord(BaseModel):
    """Whether the calls are as expected, which were seen, and which came nearest if not."""

    model_config = ConfigDict(frozen=True)

    verified: bool
    expected: str = Field(examples=["exactly 2 calls"])
    seen: int = Field(
        description="How many calls match; of a sequence, how many of its calls came in order."
    )
    numbers: tuple[int, ...] = Field(description="Their numbers, at most the first 1,000.")
    nearest: tuple[NearMissRecord, ...] = Field(
        description="The calls that come nearest to the match, or to the call of the sequence that "
        "is missing; none when verified."
    )


def verification_record(verification: Verification) -> VerificationRecord:
    """Return the record of a verification."""
    return VerificationRecord(
        verified=verification.is_met,
        expected=verification.expectation.text,
        seen=len(verification.seen),
        numbers=tuple(call.number for call in verification.seen[:_MOST_NUMBERS]),
        nearest=tuple(_near_miss(miss) for miss in verification.misses),
    )


def _near_miss(miss: NearMiss) -> NearMissRecord:
    call = miss.call
    return NearMissRecord(
        number=call.number,
        operation=call.operation,
        method=call.method,
        path=call.path,
        differences=tuple(_difference(difference) for difference in miss.differences),
    )


def _difference(difference: Difference) -> DifferenceRecord:
    return DifferenceRecord(
        member=difference.member, expected=difference.expected, found=difference.found
    )
