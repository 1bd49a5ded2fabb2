"""Plans: which calls settle which rows of docs/fidelity.md, and what a plan may not do.

A plan is a document, so that it can be read before it is played:

    {"kind": "hnsemu-parity-plan", "format": 1, "cases": [
        {"section": "Networks", "row": "…", "risk": "own", "steps": [
            {"name": "first", "call": "HcnCreateNetwork", "document": {…}},
            {"call": "HcnQueryNetworkProperties", "of": "first"}]}]}

`of` and `${first}` in texts name the object that an earlier step of the case made; `unknown` is one
that no host has. `shim/plan.c` reads plans by the same rules.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from importlib.resources import files
from typing import Any

from hnsemu.errors import HnsError, Hr
from hnsemu.parity.calls import HNS_CALL, UNKNOWN, creates, function_of, is_method, list_of, reads

Json = Any

FORMAT = 1
KIND = "hnsemu-parity-plan"
PREFIX = "hnsemu-parity-"
"""How the name of every network of a plan begins."""

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_REFERENCE = re.compile(r"\$\{([^}]*)\}")
_CASE = {"section", "row", "risk", "steps", "order"}
_STEP = {"name", "call", "of", "document", "method", "path"}
_DEEPEST = 64
_MOST = 1000
_MOST_STEPS = 64


class Risk(StrEnum):
    """What a case does to a machine: nothing, objects of its own, or more than that."""

    READ = "read"
    OWN = "own"
    HOST = "host"


def plan_of(risk: Risk) -> dict[str, Json]:
    """Return the plan of all cases whose risk is not greater."""
    allowed = list(Risk)[: list(Risk).index(risk) + 1]
    cases = sorted(
        (case for case in known_cases() if case["risk"] in allowed),
        key=lambda case: list(Risk).index(case["risk"]),
    )
    return {"kind": KIND, "format": FORMAT, "cases": cases}


def known_cases() -> list[dict[str, Json]]:
    """Return the cases of rows.yaml in its order."""
    import yaml  # noqa: PLC0415 (records are compared without it)

    text = files("hnsemu.parity").joinpath("rows.yaml").read_text(encoding="utf-8")
    cases: list[dict[str, Json]] = yaml.safe_load(text)
    return cases


def check_plan(plan: Json) -> None:
    """Refuse what is no plan, or does more than a plan may.

    Raises: HCN_E_INVALID_JSON with the first case and step that is wrong.
    """
    check_format(plan, KIND, "plan")
    cases = plan.get("cases")
    if not isinstance(cases, list) or len(cases) > _MOST:
        raise refused(f"`cases` is no list of at most {_MOST} cases")
    for number, case in enumerate(cases, 1):
        _check_case(case, f"case {number}")


def check_format(document: Json, kind: str, called: str) -> None:
    """Refuse a document of another kind, or of a newer format.

    Raises: HCN_E_INVALID_JSON.
    """
    if not isinstance(document, dict) or document.get("kind") != kind:
        raise refused(f"this is no {called}: its `kind` is not {kind}")
    number = document.get("format")
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise refused(f"`format` of the {called} is no number")
    if number > FORMAT:
        raise refused(
            f"the {called} has format {number}, this hnsemu reads {FORMAT}: install a newer hnsemu"
        )


def refused(sentence: str) -> HnsError:
    """Return the refusal of a plan or a record."""
    return HnsError(Hr.HCN_E_INVALID_JSON, sentence)


def _check_case(case: Json, at: str) -> None:
    if not isinstance(case, dict) or not case.keys() <= _CASE:
        raise refused(f"{at}: a case has the members {', '.join(sorted(_CASE))} and no others")
    if not all(isinstance(case.get(name), str) for name in ("section", "row")):
        raise refused(f"{at}: `section` and `row` are texts")
    if case.get("risk") not in list(Risk):
        raise refused(f"{at}: `risk` is none of {', '.join(Risk)}")
    steps = case.get("steps")
    if not isinstance(steps, list) or not 0 < len(steps) <= _MOST_STEPS:
        raise refused(f"{at}: `steps` is no list of 1 to {_MOST_STEPS} steps")
    made: list[str] = [UNKNOWN]
    for number, step in enumerate(steps, 1):
        place = f"{at}, step {number}"
        _check_step(step, made, place)
        if case["risk"] == Risk.READ and not reads(step):
            raise refused(f"{place}: a case of risk read only reads")
        if creates(step) and "name" in step:
            made.append(step["name"])


def _check_step(step: Json, made: Sequence[str], at: str) -> None:
    if not isinstance(step, dict) or not step.keys() <= _STEP:
        raise refused(f"{at}: a step has the members {', '.join(sorted(_STEP))} and no others")
    function = function_of(str(step.get("call")))
    if function is None:
        raise refused(f"{at}: no plan may call {step.get('call')!r}")
    name = step.get("name")
    if name is not None and not (isinstance(name, str) and _NAME.fullmatch(name)):
        raise refused(f"{at}: a name has small letters, digits and hyphens")
    if name in made:
        raise refused(f"{at}: an earlier step is named {name}")
    if function.needs_object != ("of" in step):
        word = "needs" if function.needs_object else "has no"
        raise refused(f"{at}: {function.name} {word} `of`")
    for reference in _references(step):
        if reference not in made:
            raise refused(f"{at}: no earlier step makes an object named {reference!r}")
    if function.name == HNS_CALL:
        _check_call(step, at)
    if function.name == "HcnCreateNetwork":
        _check_prefix(step, at)


def _check_call(step: Mapping[str, Json], at: str) -> None:
    path = step.get("path")
    if not is_method(step.get("method")) or not isinstance(path, str) or path[:1] != "/":
        raise refused(f"{at}: HNSCall needs `method`, GET, POST or DELETE, and `path`")
    if step["method"] != "GET" and not creates(step) and "${" not in path:
        raise refused(f"{at}: a plan changes only what it made: the path names no step")
    if creates(step) and list_of(path) == "networks":
        _check_prefix(step, at)
    if creates(step) and list_of(path) == "endpoints":
        _check_network(step, at)


def _check_prefix(step: Mapping[str, Json], at: str) -> None:
    document = step.get("document")
    name = document.get("Name") if isinstance(document, dict) else None
    if not isinstance(name, str) or not name.startswith(PREFIX):
        raise refused(f"{at}: the Name of a network of a plan begins with {PREFIX}")


def _check_network(step: Mapping[str, Json], at: str) -> None:
    document = step.get("document")
    network = document.get("VirtualNetwork") if isinstance(document, dict) else None
    if not isinstance(network, str) or not network.startswith("${"):
        raise refused(f"{at}: the VirtualNetwork of an endpoint of a plan is a step")


def _references(step: Mapping[str, Json]) -> Iterator[str]:
    """Yield the names that a step refers to."""
    if "of" in step:
        yield str(step["of"])
    for text in texts_of({name: step[name] for name in ("document", "path") if name in step}):
        yield from _REFERENCE.findall(text)


def texts_of(value: Json, depth: int = 0) -> Iterator[str]:
    """Yield the texts in a value.

    Raises: HCN_E_INVALID_JSON for one that is nested too deeply.
    """
    if depth > _DEEPEST:
        raise refused(f"a document is nested more than {_DEEPEST} deep")
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from texts_of(member, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item, depth + 1)


def filled(text: str, ids: Mapping[str, str]) -> str:
    """Return a text in which references are replaced by ids."""
    return _REFERENCE.sub(lambda found: ids[found[1]], text)


def missing(step: Mapping[str, Json], ids: Mapping[str, str]) -> str:
    """Return the first name that a step refers to of which there is no object, "" for none."""
    return next((name for name in _references(step) if name not in ids), "")


def document_of(step: Mapping[str, Json], ids: Mapping[str, str]) -> str:
    """Return the text of the document of a step, "" without one; a text is sent as it is."""
    document = step.get("document")
    if document is None:
        return ""
    text = document if isinstance(document, str) else json.dumps(document)
    return filled(text, ids)
