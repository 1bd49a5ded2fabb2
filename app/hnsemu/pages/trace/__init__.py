"""What happens to a packet, and why: a lane of stations for each way."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from urllib.parse import quote

import orjson
from fastapi import Response

from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.tracing.model import ArrivalKind, Result, Step, Trace, Verdict
from hnsemu.domain.tracing.question import Probe
from hnsemu.domain.tracing.text import MARKS, headline, short
from hnsemu.domain.tracing.trace_words import Json, trace_document
from hnsemu.errors import HnsError, Hr
from hnsemu.pages.links import policies_text, policy_page
from hnsemu.pages.router import PageRouter
from hnsemu.pages.visit import Visit
from hnsemu.schema.base import parse
from hnsemu.schema.host.pasted import read_pasted
from hnsemu.schema.host.trace import TraceRequest
from hnsemu.schema.v2.query import EVERYTHING
from hnsemu.services import endpoints
from hnsemu.services.dataplane.compiled import policies_of_endpoint
from hnsemu.services.dataplane.trace import compare_packets, trace_packet
from hnsemu.services.dataplane.trials import carry_out

router = PageRouter(prefix="/ui")

_SUGGESTIONS = 200
_PROTOCOLS = ("TCP", "UDP", "ICMP", "ICMPv6", "SCTP")


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


@dataclass(frozen=True, slots=True)
class Edit:
    """Policies that are tried in the place of an endpoint's. lanes: the walk with them."""

    endpoint: str
    name: str
    policies: str
    lanes: tuple[Lane, ...] = ()
    refusal: str = ""


@router.page("/trace", methods=("GET", "POST"), is_question=True)
def show_trace(visit: Visit) -> Response:
    """A form for a packet, its walk, and its walk with policies that somebody edits."""
    form = visit.form() if visit.request.method == "POST" else {}
    asked = {
        name: form.get(name, visit.asks(name)) for name in ("from", "to", "protocol", "source")
    }
    walk: Trace | None = None
    refusal, document = "", Json()
    if asked["from"] or asked["to"]:
        try:
            document = _asked_for(asked)
            walk = trace_packet(visit.hns, _probe(document))[0]
        except HnsError as error:
            refusal = error.detail or error.hr.message
    known = endpoints.list_endpoint_documents(visit.hns, EVERYTHING, _SUGGESTIONS)
    edit = _edit(visit, walk, document, form) if walk is not None else None
    return visit.shown(
        "trace/trace.html",
        "Trace",
        status=400 if refusal or (edit is not None and edit.refusal) else 200,
        asked=asked,
        names=sorted({orjson.loads(text).get("Name", "") for text in known} - {""}),
        protocols=_PROTOCOLS,
        refusal=refusal,
        lanes=[] if walk is None else _lanes(walk),
        edit=edit,
        marks=MARKS,
        results=Result,
        link=lambda policy: _policy_page(visit, policy),
        arrival=_arrival(visit, walk),
        commands=_commands(visit, asked, document) if document else {},
        short=short,
    )


def _edit(visit: Visit, walk: Trace, document: Json, form: dict[str, str]) -> Edit | None:
    """Return the policies to edit: of the endpoint that decided, else of the receiver's."""
    endpoint = form.get("edited", _deciding(visit, walk))
    if not endpoint:
        return None
    told = policies_of_endpoint(visit.hns, endpoint)
    policies = form.get("policies", policies_text(told))
    if "policies" not in form:
        return Edit(endpoint, told.port_name, policies)
    try:
        pasted = read_pasted(policies)
        change = partial(carry_out, pasted=pasted, endpoint=endpoint, replaces=True)
        packet = _probe(document)
        ((_, after),) = compare_packets(visit.hns, [packet], change)
    except HnsError as error:
        return Edit(endpoint, told.port_name, policies, refusal=error.detail or error.hr.message)
    return Edit(endpoint, told.port_name, policies, tuple(_lanes(after)))


def _deciding(visit: Visit, walk: Trace) -> str:
    """Return the id of the endpoint of this host to edit, "" for none."""
    deciding = [
        step.policy.owner_id
        for step in walk.steps
        if step.policy is not None and step.policy.owner == "Endpoint"
        and step.host == visit.hns.host_name and step.result is not Result.NO_MATCH
    ]  # fmt: skip
    arrival = walk.delivered_to
    if arrival is not None and arrival.kind is ArrivalKind.ENDPOINT:
        return arrival.id if arrival.host == visit.hns.host_name else ""
    return deciding[-1] if deciding else ""


def _asked_for(asked: Mapping[str, str]) -> Json:
    """Return the document that asks for what a form says.

    Raises: E_INVALIDARG.
    """
    if not asked["to"]:
        raise HnsError(Hr.E_INVALIDARG, "To is missing; write web:80, 10.0.0.5:80 or [fd00::5]:80")
    try:
        return trace_document(
            asked["from"], asked["to"], protocol=asked["protocol"], source=asked["source"]
        )
    except ValueError as error:
        raise HnsError(Hr.E_INVALIDARG, str(error)) from error


def _probe(document: Json) -> Probe:
    return parse(TraceRequest, document, strict=True).to_domain()


def _lanes(walk: Trace) -> list[Lane]:
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


def _policy_page(visit: Visit, policy: PolicyRef) -> str:
    return policy_page(visit, policy.owner, policy.owner_id, policy.position)


def _arrival(visit: Visit, walk: Trace | None) -> str:
    """Return the page of the endpoint that a packet reached, "" if it reached none."""
    arrival = walk.delivered_to if walk is not None else None
    if arrival is None or arrival.kind is not ArrivalKind.ENDPOINT:
        return ""
    return f"{visit.base}/hosts/{quote(arrival.host, safe='')}/ui/endpoints/{quote(arrival.id)}"


def _commands(visit: Visit, asked: dict[str, str], document: Json) -> dict[str, str]:
    """Return how the same is asked elsewhere."""
    host = visit.hns.host_name
    address, text = f"{visit.address}/host/trace", json.dumps(document)
    words = ["hnsemu", "trace", asked["to"], "--from", asked["from"], "--host", host]
    for option in ("protocol", "source"):
        words += [f"--{option}", asked[option]] if asked[option] else []
    return {
        "Command line": shlex.join(words),
        "curl": shlex.join(["curl", "-s", f"{address}?format=text", "-d", text]),
        "pytest": f"walk = httpx.post({address!r}, content={text!r})\n"
        'assert walk.json()["Verdict"] == "Delivered", walk.text',
    }
