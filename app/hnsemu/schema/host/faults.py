"""/emulator/hosts/{name}/faults: rules by which calls fail."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from hnsemu.domain.fault_presets import LANGUAGES, PRESETS, preset_named, with_preset
from hnsemu.domain.faults import Effect, Fault, FaultMatch, FaultRule, Latency
from hnsemu.domain.filetime import TICKS, utc
from hnsemu.domain.operation_patterns import check_operations
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import refused
from hnsemu.schema.host.definition import EmulatorDocument
from hnsemu.schema.host.durations import read_duration
from hnsemu.schema.host.journal import Pattern, as_text, read_hresult

_LONGEST = 3600.0  # seconds
_MOST_MEMBERS = 32
_LARGEST = 2**53

_Text = Annotated[str, BeforeValidator(as_text)]
_Count = Annotated[int, Field(ge=0, le=_LARGEST)]


def _duration(value: object) -> object:
    text = as_text(value) if not isinstance(value, float) else f"{value:f}"
    if not isinstance(text, str):
        return value
    try:
        seconds = read_duration(text)
    except HnsError as error:
        raise refused(error.hr, error.detail) from error
    if seconds > _LONGEST * 24:
        raise refused(Hr.E_INVALIDARG, "is longer than a day")
    return text


_Duration = Annotated[str, BeforeValidator(_duration), Field(examples=["200ms"])]


class FaultMatchDocument(EmulatorDocument):
    """Which calls the rule is for; every call when nothing is given.

    In patterns, `*` stands for any characters, `?` for one, `|` for another pattern; case does not
    count.
    """

    operation: Pattern | None = Field(
        None, description="Pattern.", examples=["HcnCreateEndpoint|HNSCall POST /endpoints/"]
    )
    method: Pattern | None = None
    path: Pattern | None = Field(
        None, description="Pattern of the path below the host.", examples=["/v2/endpoints/*"]
    )
    name: Pattern | None = Field(
        None,
        description="Pattern of the name of the object: in the request, or of the one in the path.",
        examples=["pod-*"],
    )
    client: Pattern | None = Field(
        None,
        description="Pattern of the address, the user agent, or the Windows process.",
        examples=["flannel.exe*"],
    )
    nth: int | None = Field(
        None, ge=1, le=_LARGEST, description="Only this one of the calls that match."
    )
    follows: Pattern | None = Field(
        None,
        description="Only the first call after an operation of this pattern has succeeded.",
        examples=["HcnDelete*"],
    )

    def to_domain(self) -> FaultMatch:
        """Return the match.

        Raises: E_INVALIDARG for an operation that no call can be.
        """
        if self.operation is not None:
            check_operations(self.operation, "match.operation")
        if self.follows is not None:
            check_operations(self.follows, "match.follows")
        return FaultMatch(**self.model_dump())


class LatencyDocument(EmulatorDocument):
    """A delay: fixed, or log-normal around the median when there is a sigma."""

    median: _Duration
    sigma: float = Field(0.0, ge=0, le=5, examples=[0.5])


class EffectDocument(EmulatorDocument):
    """What becomes of the call. A latency may stand beside anything else."""

    hresult: _Text | None = Field(
        None, description="Answer this refusal: number or name.", examples=["0x80070005"]
    )
    status: int | None = Field(
        None,
        ge=400,
        le=599,
        description="HTTP status of the refusal; alone, of an E_FAIL.",
        examples=[503],
    )
    text: str = Field("", max_length=4096, description="Text of the refusal.")
    latency: LatencyDocument | None = None
    done: bool = Field(
        False, description="The call is done first; then it fails as the other members say."
    )
    undone: bool = Field(False, description="The call is answered as if done; nothing is done.")
    halved: bool = Field(
        False, description="A load balancer that it creates is left without its port mappings."
    )
    hang: bool = Field(False, description="There is no answer until the fault or the service ends.")
    drop: bool = Field(False, description="The connection is closed without an answer.")
    restart: bool = Field(False, description="HNS restarts first.")
    without: tuple[str, ...] = Field(
        (), max_length=_MOST_MEMBERS, description="Members that the request loses."
    )
    hides: tuple[str, ...] = Field(
        (), max_length=_MOST_MEMBERS, description="Members that the answer loses."
    )
    language: str = Field("", description=f"Language of refusals: {', '.join(LANGUAGES)}.")
    spaced: bool = Field(False, description="Print answers as HNS did before 1809.")

    def to_domain(self) -> Effect:
        """Return the effect.

        Raises: E_INVALIDARG for one that does nothing, or several things at once.
        """
        if self.language and self.language not in LANGUAGES:
            raise HnsError(
                Hr.E_INVALIDARG,
                f"then.language: {self.language!r} is unknown; use one of {', '.join(LANGUAGES)}",
            )
        ways = {
            "a refusal": self.hresult is not None or self.status is not None,
            "undone": self.undone,
            "hang": self.hang,
            "drop": self.drop,
        }
        given = [name for name, is_given in ways.items() if is_given]
        if len(given) > 1:
            raise HnsError(Hr.E_INVALIDARG, f"then: {' and '.join(given)} exclude each other")
        if self.done and given in ([], ["undone"]):
            raise HnsError(
                Hr.E_INVALIDARG, "then.done: needs hresult, status, hang or drop to follow it"
            )
        effect = Effect(
            hresult=None if self.hresult is None else _failing(read_hresult(self.hresult)),
            status=self.status,
            text=self.text,
            latency=None if self.latency is None else _latency(self.latency),
            is_done=self.done,
            is_undone=self.undone,
            is_halved=self.halved,
            hangs=self.hang,
            drops=self.drop,
            restarts=self.restart,
            without=self.without,
            hides=self.hides,
            language=self.language,
            is_spaced=self.spaced,
        )
        if effect == Effect(text=self.text):
            raise HnsError(
                Hr.E_INVALIDARG, "then: does nothing; give an hresult, a latency, or another effect"
            )
        return effect


class FaultDocument(EmulatorDocument):
    """A rule: which calls, what becomes of them, how often. A preset has the first two."""

    match: FaultMatchDocument | None = None
    then: EffectDocument | None = None
    preset: str | None = Field(
        None,
        description=f"A fault seen on real hosts: {', '.join(f'`{name}`' for name in PRESETS)}.",
        examples=["access-denied"],
    )
    times: _Count | None = Field(None, description="On so many calls at the most.", examples=[2])
    after: _Count = Field(0, description="Spare the first calls that match.")
    until: _Count | None = Field(None, description="Spare the calls behind this number.")
    probability: float = Field(1.0, ge=0, le=1, description="0 is never, 1 is always.")
    seed: int = Field(0, ge=0, le=_LARGEST, description="The same seed gives the same failures.")
    ttl: _Duration | None = Field(None, description="How long it lasts.", examples=["30s"])

    def to_domain(self) -> FaultRule:
        """Return the rule.

        Raises: E_INVALIDARG for an unknown preset or operation, or a rule without an effect.
        """
        if (self.then is None) == (self.preset is None):
            raise HnsError(Hr.E_INVALIDARG, "give either then or preset")
        if self.until is not None and self.until <= self.after:
            raise HnsError(
                Hr.E_INVALIDARG,
                f"until: {self.until} spares what after: {self.after} does not; no call is left",
            )
        rule = FaultRule(
            FaultMatch() if self.match is None else self.match.to_domain(),
            Effect() if self.then is None else self.then.to_domain(),
            times=self.times,
            after=self.after,
            until=self.until,
            probability=self.probability,
            seed=self.seed,
            ttl=None if self.ttl is None else round(read_duration(self.ttl) * TICKS),
        )
        return rule if self.preset is None else with_preset(rule, self.preset)


class FaultRecord(BaseModel):
    """A fault of a host, and what it has done."""

    model_config = ConfigDict(frozen=True)

    id: int = Field(examples=[1])
    preset: str = Field(examples=["access-denied"])
    match: FaultMatchDocument
    then: EffectDocument
    times: int | None = None
    after: int
    until: int | None = None
    probability: float
    seed: int
    expires: datetime | None = Field(None, description="When it ends; absent for never.")
    seen: int = Field(description="Calls that matched.", examples=[3])
    hits: int = Field(description="Calls on which it acted.", examples=[2])


class PresetRecord(BaseModel):
    """A fault that was seen on real hosts."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(examples=["access-denied"])
    about: str
    source: str = Field(description="Who saw it.")
    match: FaultMatchDocument
    then: EffectDocument


def fault_record(fault: Fault) -> FaultRecord:
    """Return the record of a fault."""
    rule = fault.rule
    return FaultRecord(
        id=fault.number,
        preset=rule.preset,
        match=_match(rule.match),
        then=_effect(rule.effect),
        times=rule.times,
        after=rule.after,
        until=rule.until,
        probability=rule.probability,
        seed=rule.seed,
        expires=utc(fault.expires) if fault.expires else None,
        seen=fault.seen,
        hits=fault.hits,
    )


def preset_records() -> list[PresetRecord]:
    """Return the records of all presets."""
    return [
        PresetRecord(
            name=name,
            about=preset.about,
            source=preset.source,
            match=_match(preset.rule.match),
            then=_effect(preset.rule.effect),
        )
        for name in PRESETS
        for preset in (preset_named(name),)
    ]


def _failing(hresult: int) -> int:
    if hresult < 0x8000_0000:  # noqa: PLR2004 (the bit of a failure)
        raise HnsError(
            Hr.E_INVALIDARG, f"then.hresult: {hresult:#010x} is no failure; those begin with 0x8"
        )
    return hresult


def _latency(document: LatencyDocument) -> Latency:
    return Latency(read_duration(document.median), document.sigma)


def _match(match: FaultMatch) -> FaultMatchDocument:
    return FaultMatchDocument(
        operation=match.operation,
        method=match.method,
        path=match.path,
        name=match.name,
        client=match.client,
        nth=match.nth,
        follows=match.follows,
    )


def _effect(effect: Effect) -> EffectDocument:
    latency = effect.latency
    return EffectDocument(
        hresult=None if effect.hresult is None else f"{effect.hresult:#010x}",
        status=effect.status,
        text=effect.text,
        latency=None
        if latency is None
        else LatencyDocument(median=f"{latency.median:g}s", sigma=latency.sigma),
        done=effect.is_done,
        undone=effect.is_undone,
        halved=effect.is_halved,
        hang=effect.hangs,
        drop=effect.drops,
        restart=effect.restarts,
        without=effect.without,
        hides=effect.hides,
        language=effect.language,
        spaced=effect.is_spaced,
    )
