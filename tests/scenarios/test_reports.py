"""Every public report of a real host is played again and answered as Windows answered it."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

REPORTS = Path(__file__).resolve().parents[1] / "reports"
CASES = sorted(path.stem for path in REPORTS.glob("*.json"))

# Cases that the emulator answers otherwise; docs/fidelity.md has the reasons.
KNOWN_DIFFERENCES = {
    "20-overlay-elb-1803",
    "22-outboundnat-hostbits-2022",
    "23-nat-prefix-hostbits",
    "24-wifi-transparent-1803",
    "25-route-list-2019",
}


@pytest.mark.parametrize("name", CASES)
async def test_case_is_answered_as_by_windows(name: str, client: httpx.AsyncClient) -> None:
    case = json.loads((REPORTS / f"{name}.json").read_text())
    seen = _member(await _play(case, client), case["check"]["path"])
    is_equal = seen == case["check"]["equals"]
    assert is_equal is (name not in KNOWN_DIFFERENCES), f"{seen!r} on Windows: {case['windows']}"


def test_every_case_is_there() -> None:
    assert len(CASES) == 26
    assert set(CASES) >= KNOWN_DIFFERENCES


async def _play(case: dict[str, Any], client: httpx.AsyncClient) -> object:
    """Send the requests of a case to a host of its release; return the last answer."""
    definition = {"release": case["release"], **case["definition"]}
    host = await client.put(f"/emulator/hosts/{case['id']}", json=definition)
    assert host.status_code == 201, host.text
    saved: dict[str, str] = {}
    answer: object = None
    for request in case["requests"]:
        response = await client.request(
            request["method"],
            f"/hosts/{case['id']}{_filled(request['path'], saved)}",
            content=_filled(json.dumps(request["body"]), saved) if "body" in request else None,
        )
        answer = response.json()
        for key, path in request.get("save", {}).items():
            saved[key] = str(_member(answer, path))
    return answer


def _filled(text: str, saved: dict[str, str]) -> str:
    for key, value in saved.items():
        text = text.replace(f"{{{key}}}", value)
    return text


def _member(answer: object, path: str) -> object:
    """Return the member at a dotted path, None when it is absent."""
    for step in path.split("."):
        if isinstance(answer, dict):
            answer = answer.get(step)
        elif isinstance(answer, list) and step.isdigit() and int(step) < len(answer):
            answer = answer[int(step)]
        else:
            return None
    return answer
