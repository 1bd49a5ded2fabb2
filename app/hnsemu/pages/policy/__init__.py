"""What would this policy do? Pasted, told in words, compiled, and tried; nothing is kept."""

import json

import orjson
from fastapi import Response

from hnsemu.domain.query import read_conditions
from hnsemu.domain.tracing.matrix_words import LEGEND, service_document, service_words
from hnsemu.errors import HnsError
from hnsemu.pages.links import policies_text
from hnsemu.pages.matrix import STYLES
from hnsemu.pages.router import PageRouter
from hnsemu.pages.visit import Visit
from hnsemu.schema.base import parse
from hnsemu.schema.host.pasted import read_pasted
from hnsemu.schema.host.reachability import ReachabilityPort
from hnsemu.schema.v2.query import EVERYTHING, HostComputeQuery
from hnsemu.services import endpoints
from hnsemu.services.dataplane.compiled import policies_of_endpoint
from hnsemu.services.dataplane.trials import Proposal, Trial, try_document

router = PageRouter(prefix="/ui")

_SUGGESTIONS = 200
_MOST_CELLS = 200  # that are listed
_EXAMPLE = {
    "Type": "ACL",
    "Settings": {
        "Action": "Block",
        "Direction": "In",
        "Protocols": "6",
        "LocalPorts": "80",
        "RemoteAddresses": "10.0.0.0/8",
        "Priority": 200,
    },
}


@router.page("/policy", methods=("GET", "POST"), is_question=True, sees_others=True)
def show_trial(visit: Visit) -> Response:
    """A form for a document, and what it would do."""
    form = visit.form() if visit.request.method == "POST" else {}
    asked = {
        name: form.get(name, visit.asks(name, default))
        for name, default in (
            ("endpoint", ""),
            ("port", "80"),
            ("among", ""),
            ("how", "add"),
            ("document", ""),
        )
    }
    if asked["endpoint"] and not form:
        asked["document"] = asked["document"] or _policies(visit, asked["endpoint"])
    trial: Trial | None = None
    refusal = ""
    if form:
        try:
            trial = try_document(visit.hns, _proposal(asked))
        except HnsError as error:
            refusal = error.detail or error.hr.message
    known = endpoints.list_endpoint_documents(visit.hns, EVERYTHING, _SUGGESTIONS)
    return visit.shown(
        "policy/policy.html",
        "Policy",
        status=400 if refusal else 200,
        asked=asked,
        example=json.dumps(_EXAMPLE, indent=2),
        names=sorted({orjson.loads(text).get("Name", "") for text in known} - {""}),
        refusal=refusal,
        trial=trial,
        most=_MOST_CELLS,
        styles=STYLES,
        legend=LEGEND,
        service_words=service_words,
    )


def _proposal(asked: dict[str, str]) -> Proposal:
    wanted = read_conditions(asked["among"])
    port = parse(ReachabilityPort, service_document(asked["port"]), strict=True)
    return Proposal(
        read_pasted(asked["document"]),
        asked["endpoint"].strip(),
        replaces=asked["how"] == "replace",
        service=port.to_domain(),
        among=HostComputeQuery(filter=json.dumps(wanted)) if wanted else EVERYTHING,
    )


def _policies(visit: Visit, endpoint: str) -> str:
    """Return the policies of an endpoint as a text to edit, "" without any."""
    told = policies_of_endpoint(visit.hns, endpoint.lower())
    return policies_text(told) if told.policies else ""
