"""POST /host/trace/diff: packets before and after a change that is not kept."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from hnsemu.domain.tracing.model import Reason, Trace, Verdict
from hnsemu.domain.tracing.question import Probe
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.exact import ExactDocument
from hnsemu.schema.host.trace import TraceArrival, TraceRequest, trace_view
from hnsemu.schema.host.view import View
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.modify import ModifyEndpointSettingRequest, ModifyNetworkSettingRequest

_MOST = 1000  # packets of one request


class ProposedChange(ExactDocument):
    """The change to try: exactly one."""

    endpoint: str | None = Field(None, description="GUID or name of the endpoint to modify.")
    modify_endpoint: ModifyEndpointSettingRequest | None = None
    network: str | None = Field(None, description="GUID of the network to modify.")
    modify_network: ModifyNetworkSettingRequest | None = None
    create_load_balancer: HostComputeLoadBalancer | None = None
    delete_load_balancer: str | None = Field(None, description="GUID.")


class TraceDiffRequest(ExactDocument):
    """Packets, and the change to try on them."""

    packets: Annotated[tuple[TraceRequest, ...], Field(max_length=_MOST)] | None = Field(
        None, description="Packets as in POST /host/trace. The first walk of each one is compared."
    )
    change: ProposedChange | None = None

    def to_domain(self) -> list[Probe]:
        """Return the packets and their senders.

        Raises: E_INVALIDARG.
        """
        if not self.packets:
            raise HnsError(Hr.E_INVALIDARG, "Packets is missing or empty; give at least one")
        if self.change is None:
            raise HnsError(Hr.E_INVALIDARG, "Change is missing; say what to try")
        return [packet.to_domain() for packet in self.packets]


class TraceOutcome(View):
    """The end of a walk."""

    verdict: Verdict
    reason: Reason
    text: str
    delivered_to: TraceArrival | None = None


class TraceDifference(View):
    """One packet, before and after the change."""

    differs: bool
    before: TraceOutcome
    after: TraceOutcome
    first_other_step: int = Field(
        description="Index of the first step of the new walk that differs from the old one, "
        "-1 if there is none."
    )


class TraceDiffView(View):
    """What the change would do to the packets."""

    differences: int = Field(description="Number of packets with another outcome.")
    packets: tuple[TraceDifference, ...] = Field(description="In the order of the request.")


def trace_diff_json(pairs: Sequence[tuple[Trace, Trace]]) -> str:
    """Return the JSON text of the answer."""
    packets = tuple(_difference(before, after) for before, after in pairs)
    count = sum(packet.differs for packet in packets)
    view = TraceDiffView(differences=count, packets=packets)
    return view.model_dump_json(by_alias=True, exclude_none=True)


def _difference(before: Trace, after: Trace) -> TraceDifference:
    other = next(
        (
            number
            for number, step in enumerate(after.steps)
            if number >= len(before.steps) or step != before.steps[number]
        ),
        -1,
    )
    old, new = _outcome(before), _outcome(after)
    ends: list[Any] = [
        (outcome.verdict, outcome.reason, outcome.delivered_to, trace.packet)
        for outcome, trace in ((old, before), (new, after))
    ]
    return TraceDifference(
        differs=ends[0] != ends[1], before=old, after=new, first_other_step=other
    )


def _outcome(trace: Trace) -> TraceOutcome:
    view = trace_view([trace])
    return TraceOutcome(
        verdict=view.verdict,
        reason=view.reason,
        text=view.text,
        delivered_to=view.delivered_to,
    )
