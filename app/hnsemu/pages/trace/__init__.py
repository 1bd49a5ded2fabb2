"""What happens to a packet, and why: a lane of stations for each way."""

import json
import shlex
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from urllib.parse import quote, urlencode

import orjson
from fastapi import Response

from hnsemu.domain.tracing.model import ArrivalKind, Result, Step, Trace, Verdict
from hnsemu.domain.tracing.question import Probe
from hnsemu.domain.tracing.text import MARKS, short
from hnsemu.domain.tracing.trace_words import Json, trace_document
from hnsemu.errors import HnsError, Hr
from hnsemu.pages.links import policy_page, rule_page
from hnsemu.pages.router import PageRouter
from hnsemu.pages.trace.comparisons import edit_of, since
from hnsemu.pages.trace.lanes import lanes_of
from hnsemu.pages.visit import Visit
from hnsemu.schema.base import parse
from hnsemu.schema.host.trace import TraceRequest, trace_json
from hnsemu.schema.v2.query import EVERYTHING
from hnsemu.services import endpoints
from hnsemu.services.dataplane.trace import trace_packet
from hnsemu.services.hosts.snapshots import list_snapshots

router = PageRouter(prefix="/ui")

_SUGGESTIONS = 200
_TEST = """\
import httpx


def test_the_packet() -> None:
    walk = httpx.post({address!r}, content={text!r})
    assert walk.json()["Verdict"] == {verdict!r}, walk.text
"""
_MEMBERS = ("from", "to", "protocol", "source", "since")
_PROTOCOLS = ("TCP", "UDP", "ICMP", "ICMPv6", "SCTP")


@router.page("/trace", methods=("GET", "POST"), is_question=True, sees_others=True)
def show_trace(visit: Visit) -> Response:
    """A form for a packet, its walk, and its walk with other policies and in a snapshot."""
    form = visit.form() if visit.request.method == "POST" else {}
    asked = {name: form.get(name, visit.asks(name)) for name in _MEMBERS}
    walk: Trace | None = None
    probe: Probe | None = None
    refusal, document = "", Json()
    is_whole = bool(form) or "to" in visit.request.query_params
    if is_whole and (asked["from"] or asked["to"]):
        try:
            document = _asked_for(asked)
            probe = _probe(document)
            walk = trace_packet(visit.hns, probe)[0]
        except HnsError as error:
            refusal = error.detail or error.hr.message
    known = endpoints.list_endpoint_documents(visit.hns, EVERYTHING, _SUGGESTIONS)
    names = sorted({orjson.loads(text).get("Name", "") for text in known} - {""})
    edit = edit_of(visit, walk, probe, form) if probe is not None or form else None
    before = since(visit, probe, asked["since"]) if probe is not None and asked["since"] else None
    snapshots = [snapshot.name for snapshot in list_snapshots(visit.hns)]
    is_unknown = before is not None and asked["since"] not in snapshots
    is_refused = bool(refusal or is_unknown or (edit is not None and edit.tried.refusal))
    return visit.shown(
        "trace/trace.html",
        "Trace",
        document=_document(visit, asked) if walk is not None else "",
        status=400 if is_refused else 200,
        asked=asked,
        names=names,
        protocols=_PROTOCOLS,
        snapshots=snapshots,
        refusal=refusal,
        near=_near(asked, names) if refusal else [],
        lanes=[] if walk is None else lanes_of(walk),
        edit=edit,
        before=before,
        marks=MARKS,
        results=Result,
        link=lambda step: policy_page(visit, step.policy, step.host),
        rule_link=lambda step: rule_page(visit, step),
        cause=_cause(walk),
        arrival=_arrival(visit, walk),
        commands=_commands(visit, asked, document, walk) if document else {},
        short=short,
    )


@router.page("/trace/json", sees_others=True)
def read_trace(visit: Visit) -> Response:
    """The same as the API answers: POST /host/trace."""
    asked = {name: visit.asks(name) for name in _MEMBERS}
    walks = trace_packet(visit.hns, _probe(_asked_for(asked)))
    return Response(trace_json(walks), media_type="application/json")


def _document(visit: Visit, asked: Mapping[str, str]) -> str:
    """Return the path that answers the trace as JSON."""
    members = {name: text for name, text in asked.items() if text and name != "since"}
    return f"{visit.path}/trace/json?{urlencode(members)}"


def _near(asked: Mapping[str, str], names: Sequence[str]) -> list[tuple[str, str]]:
    """Return the names that look like one that no endpoint has, each with the question it makes."""
    to, colon, port = asked["to"].rpartition(":")
    to, port = (to, f"{colon}{port}") if colon else (port, "")
    found = []
    for member, name, rest in (("from", asked["from"], ""), ("to", to, port)):
        for near in get_close_matches(name, names, 3) if name not in names else ():
            members = {**asked, member: f"{near}{rest}"}
            found.append((near, urlencode({name: text for name, text in members.items() if text})))
    return found


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


def _cause(walk: Trace | None) -> Step | None:
    """Return the step whose policy lost a packet, None where none did."""
    last = walk.steps[-1] if walk is not None and walk.steps else None
    is_loss = last is not None and last.result in {Result.BLOCK, Result.DROP}
    return last if is_loss and last is not None and last.policy is not None else None


def _arrival(visit: Visit, walk: Trace | None) -> str:
    """Return the page of the endpoint that a packet reached, "" if it reached none."""
    arrival = walk.delivered_to if walk is not None else None
    if arrival is None or arrival.kind is not ArrivalKind.ENDPOINT:
        return ""
    return f"{visit.base}/hosts/{quote(arrival.host, safe='')}/ui/endpoints/{quote(arrival.id)}"


def _commands(
    visit: Visit, asked: dict[str, str], document: Json, walk: Trace | None
) -> dict[str, str]:
    """Return how the same is asked elsewhere; the test holds now."""
    address, text = f"{visit.address}/host/trace", json.dumps(document)
    words = ["hnsemu", "trace", asked["to"], "--from", asked["from"]]
    for option in ("protocol", "source"):
        words += [f"--{option}", asked[option]] if asked[option] else []
    pages = visit.address.removesuffix(visit.path.removesuffix("/ui")) + visit.path
    verdict = Verdict.DELIVERED if walk is None else walk.verdict
    return {
        "Link": f"{pages}/trace?{urlencode({name: word for name, word in asked.items() if word})}",
        "Command line": f"{shlex.join(words)} {visit.options}",
        "curl": shlex.join(["curl", "-s", f"{address}?format=text", "-d", text]),
        "pytest": _TEST.format(address=address, text=text, verdict=verdict.value),
    }
