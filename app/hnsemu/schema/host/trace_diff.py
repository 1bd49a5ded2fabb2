"""POST /host/trace/diff: the same packets, as things are and after a change that is not kept."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field

from hnsemu.domain.tracing.model import Reason, Trace, Verdict
from hnsemu.domain.tracing.question import Probe
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import Document
from hnsemu.schema.host.trace import TraceArrival, TraceRequest, trace_view
from hnsemu.schema.host.view import View
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.modify import ModifyEndpointSettingRequest, ModifyNetworkSettingRequest

_MOST = 1000  # packets of one question


class ProposedChange(Document):
    """What is tried: exactly one change."""

    INVALID: ClassVar[Hr] = Hr.E_INVALIDARG

    endpoint: str | None = Field(None, description="Id or name of the endpoint to modify.")
    modify_endpoint: ModifyEndpointSettingRequest | None = None
    network: str | None = Field(None, description="Id of the network to modify.")
    modify_network: ModifyNetworkSettingRequest | None = None
    create_load_balancer: HostComputeLoadBalancer | None = None
    delete_load_balancer: str | None = Field(None, description="Id.")


class TraceDiffRequest(Document):
    """Packets, and the change whose effect on them is asked for."""

    INVALID: ClassVar[Hr] = Hr.E_INVALIDARG

    packets: Annotated[tuple[TraceRequest, ...], Field(max_length=_MOST)] | None = Field(
        None, description="Each as in POST /host/trace; the first walk of each is compared."
    )
    change: ProposedChange | None = None

    def to_domain(self) -> list[Probe]:
        """Return the questions.

        Raises: E_INVALIDARG.
        """
        if not self.packets:
            raise HnsError(Hr.E_INVALIDARG, "Packets is missing or empty; give at least one")
        if self.change is None:
            raise HnsError(Hr.E_INVALIDARG, "Change is missing; say what to try")
        return [each.to_domain() for each in self.packets]


class TraceOutcome(View):
    """How a walk ended."""

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
        description="Index of the first step of the new walk that is not in the old one, -1 for "
        "none."
    )


class TraceDiffView(View):
    """What the change would do to the packets."""

    differences: int = Field(description="Packets that end otherwise.")
    packets: tuple[TraceDifference, ...] = Field(description="In the order of the question.")


def trace_diff_json(pairs: Sequence[tuple[Trace, Trace]]) -> str:
    """Return the JSON text of the answer."""
    found = tuple(_difference(before, after) for before, after in pairs)
    view = TraceDiffView(differences=sum(each.differs for each in found), packets=found)
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
        (each.verdict, each.reason, each.delivered_to, trace.packet)
        for each, trace in ((old, before), (new, after))
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
