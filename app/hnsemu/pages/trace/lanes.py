"""A walk as lanes: the stations of each way, host by host."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from hnsemu.domain.tracing.model import Result, Step, Trace, Verdict
from hnsemu.domain.tracing.text import headline, short


@dataclass(frozen=True, slots=True)
class Station:
    """Consecutive steps at one place of a host; `passed` counts rules that did not match."""

    place: str
    steps: tuple[Step, ...]
    passed: int


@dataclass(frozen=True, slots=True)
class Lane:
    """One way of a packet: the stations on each host in turn, and the end."""

    title: str
    hosts: tuple[tuple[str, tuple[Station, ...]], ...]
    verdict: str
    text: str
    is_delivered: bool


def lanes_of(walk: Trace) -> list[Lane]:
    """Return the way of a packet, and that of its answer where one was walked."""
    lanes = [_lane(walk, str(walk.sent))]
    if walk.reply is not None:
        lanes.append(_lane(walk.reply, f"Reply: {walk.reply.sent}"))
    return lanes


def _lane(walk: Trace, title: str) -> Lane:
    hosts = tuple(
        (host, tuple(_stations(list(steps))))
        for host, steps in groupby(walk.steps, key=lambda step: step.host)
    )
    is_delivered = walk.verdict is Verdict.DELIVERED
    return Lane(title, hosts, headline(walk), short(walk.text), is_delivered)


def _stations(steps: Sequence[Step]) -> list[Station]:
    stations = []
    for (where, direction), group in groupby(steps, key=lambda step: (step.where, step.direction)):
        here = list(group)
        shown = tuple(step for step in here if step.result is not Result.NO_MATCH)
        place = f"{short(where)} {direction}".rstrip()
        stations.append(Station(place, shown, len(here) - len(shown)))
    return stations
