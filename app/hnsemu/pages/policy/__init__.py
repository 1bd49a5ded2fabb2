"""What would this policy do? Pasted, told in words, compiled, and tried; nothing is kept."""

import json
from collections.abc import Mapping
from urllib.parse import urlencode

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
_LONGEST_LINK = 4000  # letters; longer ones are cut by mail and chat
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
    """A form for a document, and what it would do; a query string asks the same."""
    form = visit.form() if visit.request.method == "POST" else {}
    asked = _asked(visit, form)
    is_asked = bool(form or asked["document"].strip())
    if asked["endpoint"] and not is_asked:
        asked["document"] = _policies(visit, asked["endpoint"])
    trial: Trial | None = None
    refusal = ""
    if is_asked:
        try:
            trial = try_document(visit.hns, _proposal(asked))
        except HnsError as error:
            refusal = error.detail or error.hr.message
    known = endpoints.list_endpoint_documents(visit.hns, EVERYTHING, _SUGGESTIONS)
    query = urlencode({name: text for name, text in asked.items() if text})
    is_linked = trial is not None and len(query) <= _LONGEST_LINK
    return visit.shown(
        "policy/policy.html",
        "Policy",
        status=400 if refusal else 200,
        asked=asked,
        query=query if is_linked else "",
        example=json.dumps(_EXAMPLE, indent=2),
        names=sorted({orjson.loads(text).get("Name", "") for text in known} - {""}),
        refusal=refusal,
        trial=trial,
        most=_MOST_CELLS,
        styles=STYLES,
        legend=LEGEND,
        service_words=service_words,
    )


@router.page("/policy/json", sees_others=True)
def read_trial(visit: Visit) -> Response:
    """The same as JSON; it is asked by a query string only.

    Raises: what `read_pasted` and `try_document` raise.
    """
    trial = try_document(visit.hns, _proposal(_asked(visit, {})))
    return Response(orjson.dumps(_trial_document(trial)), media_type="application/json")


def _asked(visit: Visit, form: Mapping[str, str]) -> dict[str, str]:
    """Return what a form, or else the query string, says."""
    return {
        name: form.get(name, visit.asks(name, default))
        for name, default in (
            ("endpoint", ""),
            ("port", "80"),
            ("among", ""),
            ("how", "add"),
            ("document", ""),
        )
    }


def _trial_document(trial: Trial) -> dict[str, object]:
    """Return what a document would do: its policies, their rules, and the cells that change."""
    return {
        "Policies": [
            {
                "Type": policy.type,
                "Sentence": policy.sentence,
                "Rules": [rule.rule.id for rule in policy.rules],
            }
            for policy in trial.compilation.policies
        ],
        "CellsCompared": trial.looked_at,
        "EndpointsCompared": trial.endpoints,
        "IsAll": trial.is_all,
        "Changed": [
            {
                "From": cell.source.title,
                "To": cell.target.title,
                "Port": service_words(cell.service),
                "Now": LEGEND[cell.before[0]],
                "Then": LEGEND[cell.after[0]],
                "Because": cell.after[1],
            }
            for cell in trial.changed
        ],
    }


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
