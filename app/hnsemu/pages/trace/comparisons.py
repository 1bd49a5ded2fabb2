"""The same packet otherwise: with policies that somebody edits, and as it went in a snapshot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from hnsemu.domain.tracing.model import ArrivalKind, Result, Trace
from hnsemu.domain.tracing.question import Probe
from hnsemu.errors import HnsError
from hnsemu.pages.links import policies_text
from hnsemu.pages.trace.lanes import Lane, lanes_of
from hnsemu.pages.visit import Visit
from hnsemu.schema.host.pasted import read_pasted
from hnsemu.services.dataplane.compiled import policies_at
from hnsemu.services.dataplane.trace import trace_after
from hnsemu.services.dataplane.trials import carry_out
from hnsemu.services.hosts.snapshots import go_back
from hnsemu.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Comparison:
    """A walk beside the one on the page. lanes: none where it was refused, or nothing was tried."""

    lanes: tuple[Lane, ...] = ()
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """Policies that are tried in the place of an endpoint's. endpoint: its id, or as typed."""

    endpoint: str
    name: str
    policies: str
    tried: Comparison = Comparison()


def edit_of(
    visit: Visit, walk: Trace | None, probe: Probe | None, form: Mapping[str, str]
) -> Edit | None:
    """Return the policies to edit, and the walk with those that a form has.

    They are of the endpoint that somebody names, else of the receiver, else of the one that
    decided; None without any. What was typed stays, whatever is refused.
    """
    endpoint = form.get("edited") or visit.asks("edited") or _deciding(visit, walk)
    if not endpoint:
        return None
    typed = form.get("policies")
    try:
        told = policies_at(visit.hns, endpoint)
    except HnsError as error:
        return Edit(endpoint, "", typed or "", _refused(error))
    if typed is None:
        return Edit(endpoint, told.name, policies_text(told))
    if probe is None:
        return Edit(endpoint, told.name, typed)
    try:
        pasted = read_pasted(typed)
    except HnsError as error:
        return Edit(endpoint, told.name, typed, _refused(error))
    change = partial(carry_out, pasted=pasted, endpoint=endpoint, replaces=True)
    return Edit(endpoint, told.name, typed, _compared(visit, probe, change))


def since(visit: Visit, probe: Probe, snapshot: str) -> Comparison:
    """Return the walk as things were in a snapshot; an endpoint that was not there refuses it."""
    return _compared(visit, probe, partial(go_back, name=snapshot))


def _compared(visit: Visit, probe: Probe, change: Callable[[Transaction], object]) -> Comparison:
    try:
        return Comparison(tuple(lanes_of(trace_after(visit.hns, probe, change))))
    except HnsError as error:
        return _refused(error)


def _refused(error: HnsError) -> Comparison:
    return Comparison(refusal=error.detail or error.hr.message)


def _deciding(visit: Visit, walk: Trace | None) -> str:
    """Return the id of the endpoint of this host to edit, "" for none."""
    if walk is None:
        return ""
    arrival = walk.delivered_to
    if arrival is not None and arrival.kind is ArrivalKind.ENDPOINT:
        return arrival.id if arrival.host == visit.hns.host_name else ""
    deciding = [
        step.policy.owner_id
        for step in walk.steps
        if step.policy is not None and step.policy.owner == "Endpoint"
        and step.host == visit.hns.host_name and step.result is not Result.NO_MATCH
    ]  # fmt: skip
    return deciding[-1] if deciding else ""
