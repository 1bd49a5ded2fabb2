"""What programs called on the host: the journal, newest first, and one call with its documents."""

from collections.abc import Mapping

import orjson
from fastapi import Response

from hnsemu.domain.journal import Call, CallMatch, JournalSettings
from hnsemu.errors import HnsError, Hr
from hnsemu.pages.router import PageRouter
from hnsemu.pages.visit import Visit, number_in
from hnsemu.schema.host.journal import (
    call_record,
    journal_record,
    read_hresult,
    read_pattern,
    read_status,
)
from hnsemu.services import journal

router = PageRouter(prefix="/ui")

_PAGE = 200
_PAGES = {"network": "networks", "endpoint": "endpoints", "namespace": "namespaces"}


@router.page("/requests", methods=("GET", "POST"), reads_journal=True)
def show_requests(visit: Visit) -> Response:
    """The calls that a search selects; a form turns the journal on and off, and empties it."""
    if visit.request.method == "POST":
        return _changed(visit)
    state, calls = journal.find_calls(visit.hns, _match(visit.asks("q")))
    name = visit.hns.host_name
    return visit.shown(
        "requests/list.html",
        "Requests",
        document=f"/emulator/hosts/{name}/requests",
        journal=journal_record(state),
        calls=[call_record(call) for call in reversed(calls[-_PAGE:])],
        left_out=max(len(calls) - _PAGE, 0),
    )


@router.page("/requests/{number}", reads_journal=True)
def show_request(visit: Visit) -> Response:
    """One call: what was sent, what was answered, and what it made or removed.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    text = visit.request.path_params["number"]
    number = number_in(text)
    _, calls = journal.find_calls(visit.hns, CallMatch(), max(number - 1, 0))
    call = next((call for call in calls if call.number == number), None)
    if call is None:
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND, f"the journal has no call {text}; it keeps the newest ones"
        )
    return visit.shown(
        "requests/call.html",
        "Request",
        document=f"/emulator/hosts/{visit.hns.host_name}/requests?since={number - 1}",
        call=call_record(call),
        bodies={"Request": _body(call.request.text), "Answer": _body(call.answer.text)},
        verify=_verification(call),
        pages=_PAGES,
    )


def _changed(visit: Visit) -> Response:
    action = visit.form().get("action", "")
    if action == "clear":
        journal.clear_calls(visit.hns)
    elif action in {"on", "off"}:
        journal.set_journal(visit.hns, JournalSettings() if action == "on" else None)
    else:
        raise HnsError(Hr.E_INVALIDARG, f"action {action!r} is unknown; use on, off or clear")
    return visit.elsewhere("/requests")


def _match(text: str) -> CallMatch:
    """Return which calls a search means: `op=Hcn*`, `status=4xx`, `hresult=…`, or any text.

    Raises: E_INVALIDARG.
    """
    members: dict[str, str] = {}
    words = []
    for word in text.split():
        name, sign, value = word.partition("=")
        if sign and name in {"op", "status", "hresult"}:
            members[name] = value
        else:
            words.append(word)
    return CallMatch(
        operation=read_pattern(members["op"]) if "op" in members else None,
        status=read_status(members["status"]) if "status" in members else None,
        hresult=read_hresult(members["hresult"]) if "hresult" in members else None,
        text=" ".join(words) or None,
    )


def _body(text: str) -> object:
    """Return a body as the value that it is, else as it came; None for none."""
    try:
        return orjson.loads(text) if text else None
    except orjson.JSONDecodeError:
        return text


def _verification(call: Call) -> Mapping[str, object]:
    """Return the document that proves that the call was made."""
    match: dict[str, object] = {"operation": call.operation, "status": call.status}
    sent = _body(call.request.text)
    if isinstance(sent, dict) and not call.request.is_cut:
        match["request"] = sent
    return {"match": match, "count": 1}
