"""Playing a plan on an emulated host, call by call as `shim/play.c` plays it on Windows."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from hnsemu.parity.calls import (
    NOBODY,
    QUERY,
    UNKNOWN,
    Function,
    Verb,
    creates,
    function_of,
    list_of,
    with_query,
)
from hnsemu.parity.plans import document_of, filled, missing

Json = Any

Ask = Callable[[str, str, str | None], tuple[int, str]]
"""Takes method, path below a host and body; returns the HRESULT and the text of the answer."""


def played(case: Mapping[str, Json], ask: Ask) -> list[dict[str, Json]]:
    """Play the steps of a case, remove what they made, and return their results.

    Each has `call`, `hresult` and, where there is one, `answer` or `error`; one that could not be
    played has `call` and `skipped`, the reason.
    """
    case_of = _Case(ask)
    try:
        return [case_of.play(step) for step in case["steps"]]
    finally:
        case_of.clean()


class _Case:
    """What the steps of a case made."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._ids = {UNKNOWN: NOBODY}
        self._made: list[str] = []

    def play(self, step: Mapping[str, Json]) -> dict[str, Json]:
        """Make the call of a step; return its result."""
        lacking = missing(step, self._ids)
        if lacking:
            return {"call": step["call"], "skipped": f"the step {lacking} made nothing"}
        function = function_of(step["call"])
        assert function is not None  # noqa: S101 (the plan was checked)
        if function.verb is Verb.CALL:
            return self._hns_call(step)
        return self._hcn_call(function, step)

    def clean(self) -> None:
        """Remove what was made, the newest first; what is gone already is left at that."""
        for path in reversed(self._made):
            self._ask("DELETE", path, None)

    def _hns_call(self, step: Mapping[str, Json]) -> dict[str, Json]:
        path = filled(step["path"], self._ids)
        body = document_of(step, self._ids) or None
        hresult, text = self._ask(step["method"], f"/v1{path}", body)
        if creates(step) and not hresult:
            envelope = _value(text)
            output = envelope.get("Output") if isinstance(envelope, dict) else None
            self._keep(step, output, f"/v1/{list_of(path)}")
        return _result(step, hresult, answer=text)

    def _hcn_call(self, function: Function, step: Mapping[str, Json]) -> dict[str, Json]:
        path, document = function.path, document_of(step, self._ids)
        if function.verb is Verb.ENUMERATE:
            query = with_query(path, document or QUERY)
            return self._result(step, *self._ask("GET", f"{query}&view=ids", None))
        if function.verb is Verb.CREATE:
            return self._created(function, step, document)
        one = f"{path}/{self._ids[step['of']]}"
        if function.verb is Verb.DELETE:
            hresult, text = self._ask("DELETE", one, None)
            return self._result(step, hresult, text if hresult else "")
        hresult, text = self._ask("GET", one, None)  # the handle, which HTTP does not have
        if hresult or function.verb is Verb.OPEN:
            return self._result(step, hresult, text if hresult else "")
        if function.verb is Verb.MODIFY:
            hresult, text = self._ask("PATCH", one, document)
            return self._result(step, hresult, text if hresult else "")
        return self._result(step, *self._ask("GET", with_query(one, document or QUERY), None))

    def _created(
        self, function: Function, step: Mapping[str, Json], document: str
    ) -> dict[str, Json]:
        path = function.path
        if function.needs_object:
            path = f"/v2/networks/{self._ids[step['of']]}/endpoints"
        hresult, text = self._ask("POST", path, document)
        if hresult:
            return self._result(step, hresult, text)
        self._keep(step, _value(text), function.path)
        _, shown = self._ask("GET", with_query(self._made[-1], QUERY), None)
        return self._result(step, hresult, shown)

    def _keep(self, step: Mapping[str, Json], made: Json, path: str) -> None:
        if isinstance(made, dict) and isinstance(made.get("ID"), str):
            self._made.append(f"{path}/{made['ID']}")
            if "name" in step:
                self._ids[step["name"]] = made["ID"]

    @staticmethod
    def _result(step: Mapping[str, Json], hresult: int, text: str) -> dict[str, Json]:
        return _result(step, hresult, **{"error" if hresult else "answer": text})


def _result(
    step: Mapping[str, Json], hresult: int, *, answer: str = "", error: str = ""
) -> dict[str, Json]:
    told = {"answer": answer, "error": error}
    texts = {name: _value(text) for name, text in told.items() if text}
    return {"call": step["call"], "hresult": f"{hresult:#010x}", **texts}


def _value(text: str) -> Json:
    try:
        return json.loads(text)
    except ValueError:
        return text
