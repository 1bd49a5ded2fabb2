"""Faults: rules by which the calls of a host fail, and whether one acts on a call.

Whether a rule acts follows from the rule and the number of the call among those that it matches.
The same seed gives the same failures, in however many processes the calls arrive.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from statistics import NormalDist

from hnsemu.domain.wildcards import matches


@dataclass(frozen=True, slots=True)
class Latency:
    """A delay in seconds: `median` always, or log-normal around it with the given `sigma`."""

    median: float
    sigma: float = 0.0


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of a call.

    hresult, status, text: the refusal that is answered.
    is_done:   the call is done first, and its answer thrown away.
    is_undone: the call is answered as if it were done, and nothing is done.
    is_halved: a load balancer that the call creates is left without its port mappings.
    hangs:     there is no answer.
    drops:     the connection is closed without one.
    restarts:  HNS is restarted first.
    without:   members that the request loses before it is done.
    hides:     members that the answer loses.
    language:  "de" or "zh": of Windows' texts in refusals.
    is_spaced: the answer is printed as HNS did before 1809.
    """

    hresult: int | None = None
    status: int | None = None
    text: str = ""
    latency: Latency | None = None
    is_done: bool = False
    is_undone: bool = False
    is_halved: bool = False
    hangs: bool = False
    drops: bool = False
    restarts: bool = False
    without: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    language: str = ""
    is_spaced: bool = False

    @property
    def is_delay_only(self) -> bool:
        """Whether other faults can act on the call, too."""
        return self == Effect(latency=self.latency)


@dataclass(frozen=True, slots=True)
class FaultMatch:
    """Which calls a rule is for; patterns, None for any.

    name:    of the object: in the request, or of the object in the path.
    client:  address, user agent, or Windows process.
    nth:     only this one of the calls that match, from 1.
    follows: only calls after one of these operations has succeeded, once each.
    """

    operation: str | None = None
    method: str | None = None
    path: str | None = None
    name: str | None = None
    client: str | None = None
    nth: int | None = None
    follows: str | None = None


@dataclass(frozen=True, slots=True)
class FaultRule:
    """A rule, as a tester gave it.

    after, until: calls up to the number `after`, and those behind `until`, are spared.
    times:        on so many calls at the most.
    probability:  0 for never, 1 for always.
    ttl:          100 ns ticks after which it ends, None for never.
    """

    match: FaultMatch
    effect: Effect
    preset: str = ""
    times: int | None = None
    after: int = 0
    until: int | None = None
    probability: float = 1.0
    seed: int = 0
    ttl: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule on a host, and what it has seen.

    number:   unique in the service.
    seen:     calls that matched. hits: calls on which it acted.
    is_armed: whether a call that it follows has succeeded.
    expires:  FILETIME, 0 for never.
    """

    number: int
    rule: FaultRule
    seen: int = 0
    hits: int = 0
    is_armed: bool = False
    expires: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call that is about to be made. names: in its request and of the object in its path."""

    operation: str
    method: str
    path: str
    names: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """What the faults of a host do to one call.

    numbers: of the faults that act. delay: seconds.
    expires: FILETIME at which the last one ends, 0 for never.
    """

    numbers: tuple[int, ...] = ()
    effect: Effect = field(default_factory=Effect)
    delay: float = 0.0
    expires: int = 0


def is_matched(match: FaultMatch, attempt: Attempt) -> bool:
    """Tell whether a rule is for a call, its number aside."""
    bare = attempt.path.partition("?")[0]
    return (
        (match.operation is None or matches(match.operation, attempt.operation))
        and (match.method is None or matches(match.method, attempt.method))
        and (match.path is None or any(matches(match.path, p) for p in (attempt.path, bare)))
        and (match.name is None or any(matches(match.name, name) for name in attempt.names))
        and (match.client is None or any(matches(match.client, c) for c in attempt.clients))
    )


def decide(faults: Sequence[Fault], now: int) -> tuple[list[Fault], Action]:
    """Return the faults as they are after a call that all of them match, and what they do to it.

    The first that does more than to delay decides; those behind it do not see the call.
    """
    after: list[Fault] = []
    action = Action()
    for fault in faults:
        looked, acts = _look(fault, now)
        after.append(looked)
        if not acts:
            continue
        effect = fault.rule.effect
        action = Action(
            (*action.numbers, fault.number),
            effect,
            action.delay + _delay(effect, fault.rule, looked.seen),
            fault.expires,
        )
        if not effect.is_delay_only:
            break
    return after, action


def draw(seed: int, number: int, purpose: str = "") -> float:
    """Return the number in [0, 1) that belongs to a seed and the number of a call."""
    digest = hashlib.blake2b(f"{seed}:{number}:{purpose}".encode(), digest_size=7).digest()
    return (int.from_bytes(digest) >> 3) / (1 << 53)


def _look(fault: Fault, now: int) -> tuple[Fault, bool]:
    rule, match = fault.rule, fault.rule.match
    is_over = bool(fault.expires) and now >= fault.expires
    if is_over or (match.follows is not None and not fault.is_armed):
        return fault, False
    number = fault.seen + 1
    acts = (
        match.nth in {None, number}
        and number > rule.after
        and (rule.until is None or number <= rule.until)
        and (rule.times is None or fault.hits < rule.times)
        and draw(rule.seed, number) < rule.probability
    )
    armed = fault.is_armed and not acts
    return replace(fault, seen=number, hits=fault.hits + acts, is_armed=armed), acts


def _delay(effect: Effect, rule: FaultRule, number: int) -> float:
    latency = effect.latency
    if latency is None:
        return 0.0
    if not latency.sigma:
        return latency.median
    chance = draw(rule.seed, number, "latency") or 0.5 / (1 << 53)
    return latency.median * math.exp(latency.sigma * NormalDist().inv_cdf(chance))


def without_members(value: object, names: Iterable[str]) -> object:
    """Return a JSON value without the members of these names, however deep they are."""
    gone = set(names)
    if isinstance(value, Mapping):
        return {
            name: without_members(member, gone)
            for name, member in value.items()
            if name not in gone
        }
    if isinstance(value, list):
        return [without_members(item, gone) for item in value]
    return value


def rule_text(rule: FaultRule) -> str:
    """Return a rule as JSON text."""
    return json.dumps(asdict(rule))


def read_rule(text: str) -> FaultRule:
    """Return the rule that `rule_text` wrote."""
    members = json.loads(text)
    effect = members["effect"]
    latency = effect["latency"]
    effect |= {
        "latency": None if latency is None else Latency(**latency),
        "without": tuple(effect["without"]),
        "hides": tuple(effect["hides"]),
    }
    members |= {"match": FaultMatch(**members["match"]), "effect": Effect(**effect)}
    return FaultRule(**members)
