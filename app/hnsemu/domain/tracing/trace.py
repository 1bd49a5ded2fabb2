"""Traces: from a question to the whole walk of a packet, and of its reply."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hnsemu.domain.fabric import Fabric
from hnsemu.domain.packet import Packet, endpoint_text, reply_to
from hnsemu.domain.tracing import compartments, host_stack, switching, underlay
from hnsemu.domain.tracing.flows import Flows
from hnsemu.domain.tracing.locations import (
    InStack,
    IntoEndpoint,
    IntoHost,
    IntoRouter,
    Location,
    OnSwitch,
    OnUnderlay,
    OutOfEndpoint,
    OutOfHost,
)
from hnsemu.domain.tracing.model import ArrivalKind, Trace, Verdict
from hnsemu.domain.tracing.ports import Ports
from hnsemu.domain.tracing.question import OriginKind, TraceQuestion
from hnsemu.domain.tracing.steps import Choice, End, PortCount, Walk
from hnsemu.domain.vfp.model import Rule

_STAGES: Mapping[type, Callable[[Walk, Any], Location]] = {
    OutOfEndpoint: compartments.send,
    IntoEndpoint: compartments.receive,
    OnSwitch: switching.forward,
    IntoHost: switching.enter_host,
    OutOfHost: switching.leave_host,
    IntoRouter: switching.enter_router,
    InStack: host_stack.handle,
    OnUnderlay: underlay.carry,
}


@dataclass(frozen=True, slots=True)
class TraceResult:
    """A trace, and what the packets of it count as.

    balanced: the rule that chose the first backend, None without one.
    """

    trace: Trace
    counts: tuple[PortCount, ...]
    balanced: Rule | None = None


def trace(
    fabric: Fabric, home: str, question: TraceQuestion, ports: Ports | None = None
) -> list[TraceResult]:
    """Return the walk of the packet; one for each backend when the question wants that.

    home:  name of the emulated host that the question is about.
    ports: those of the fabric, for who asks more than one question about it.
    """
    ports = ports or Ports()
    first = _result(fabric, home, question, None, ports)
    if not question.every_backend or first.trace.backends <= 1:
        return [first]
    return [
        _result(fabric, home, question, number, ports) for number in range(first.trace.backends)
    ]


def _result(
    fabric: Fabric, home: str, question: TraceQuestion, backend: int | None, ports: Ports
) -> TraceResult:
    flows, choice = Flows(), Choice(backend)
    walk = Walk(fabric, home, flows, choice, question.maximum_hops, question.user_sid, ports=ports)
    forward = _end_of(walk, _start(walk, fabric, home, question), question.packet)
    forward = replace(forward, backend=choice.backend, backends=choice.backends)
    counts = list(walk.counts)
    if question.reply and forward.verdict is Verdict.DELIVERED:
        back = Walk(
            fabric, home, flows, Choice(), question.maximum_hops, is_reply=True, ports=ports
        )
        answer = reply_to(forward.packet)
        reply = _end_of(back, _back(fabric, forward, answer), answer)
        forward = replace(forward, reply=_with_mismatch(reply, question.packet))
        counts += back.counts
    return TraceResult(forward, tuple(counts), choice.rule)


def _with_mismatch(reply: Trace, sent: Packet) -> Trace:
    """Return the reply; the text says so when its receiver cannot match it to the connection."""
    if reply.verdict is not Verdict.DELIVERED or reply.packet.flow == sent.reply_flow:
        return reply
    wrong = endpoint_text(reply.packet.source, reply.packet.source_port)
    return replace(
        reply,
        text=f"{reply.text}, but from {wrong}, to which it sent nothing: the connection fails",
    )


def _end_of(walk: Walk, place: Location, sent: Packet) -> Trace:
    while True:
        try:
            place = _STAGES[type(place)](walk, place)
        except End as end:
            return Trace(
                verdict=end.verdict,
                reason=end.reason,
                text=end.text,
                packet=end.packet,
                steps=tuple(walk.steps),
                sent=sent,
                delivered_to=end.arrival,
            )


def _start(walk: Walk, fabric: Fabric, home: str, question: TraceQuestion) -> Location:
    host = fabric.host(home)
    if question.origin.kind is OriginKind.HOST:
        return InStack(host, question.packet, is_own=True)
    if question.origin.kind is OriginKind.EXTERNAL:
        if question.origin.arrives_at:
            return underlay.bring(walk, question.origin.arrives_at, question.packet)
        return OnUnderlay(None, question.packet)
    endpoint = host.endpoint(question.origin.endpoint_id)
    assert endpoint is not None  # noqa: S101 (the service has looked)
    return OutOfEndpoint(host, endpoint, question.packet)


def _back(fabric: Fabric, forward: Trace, answer: Packet) -> Location:
    """Return where the answer starts: at the receiver of the packet."""
    arrival = forward.delivered_to
    assert arrival is not None  # noqa: S101 (it was delivered)
    if arrival.kind is ArrivalKind.EXTERNAL:
        return OnUnderlay(None, answer)
    host = fabric.host(arrival.host)
    endpoint = host.endpoint(arrival.id) if arrival.id else None
    if endpoint is None:
        return InStack(host, answer, is_own=True)
    return OutOfEndpoint(host, endpoint, answer)
