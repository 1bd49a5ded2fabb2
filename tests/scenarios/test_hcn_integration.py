"""What hcsshim's integration tests send is answered as they need it, on both databases.

The tests themselves run as Windows programs (`make conformance`); these are their requests.
`<network1>` stands for the id of the first network that the test made.
"""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

RECORDED: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "hcn_integration.json").read_text()
)["tests"]


class Replay:
    """Sends the requests of one test with the ids that the host gave."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        """Send to that client's host."""
        self._client = client
        self._ids: dict[str, str] = {}
        self._alive: set[str] = set()

    async def send(self, call: dict[str, Any]) -> None:
        """Send one request and see that its answer is what the test goes on with."""
        method, _, path = self._filled(call["call"]).partition(" ")
        path, _, query = path.partition("?")
        parameters = dict(each.split("=", 1) for each in query.split("&") if each)
        body = self._filled(json.dumps(call["body"])) if "body" in call else None
        answer = await self._client.request(method, path, params=parameters, content=body)
        if "code" in call:
            assert answer.json()["ErrorCode"] == call["code"], call
            return
        assert answer.is_success, f"{call}: {answer.text}"
        shown = answer.json() if answer.content else {}
        self._follow(method, path, parameters, shown.get("Output", {}) if "v1" in path else shown)
        if "makes" in call:
            made = shown.get("Output", shown)
            self._ids[call["makes"]] = made["ID"].lower()
            self._alive.add(made["ID"].lower())
            _check_made(json.loads(body or "{}"), made)

    def _follow(self, method: str, path: str, parameters: dict[str, str], shown: Any) -> None:
        """Check what a request about one object shows, and forget what it deletes."""
        named = path.rpartition("/")[2]
        if method == "DELETE":
            self._alive.discard(named)
        elif method == "GET" and "/v2/" in path and named in self._alive:
            assert shown["ID"] == named
        elif "view" in parameters:
            (asked,) = re.findall(r'\\"ID\\":\\"(.*?)\\"', parameters["query"]) or [""]
            if asked:
                assert shown == [each for each in [asked] if each in self._alive]

    def _filled(self, text: str) -> str:
        return re.sub("<([a-z]+[0-9]+)>", lambda name: self._ids[name[1]], text)


def _check_made(sent: dict[str, Any], made: dict[str, Any]) -> None:
    """See that the new object has the members it was asked to have."""
    for name in ("Name", "Type", "HostComputeNetwork", "SourceVIP", "FrontendVIPs", "PortMappings"):
        if sent.get(name) and not (name == "Type" and sent[name] in {"NAT", "Host"}):
            assert made[name] == sent[name], name


@pytest.mark.parametrize("name", RECORDED)
async def test_the_requests_are_answered(name: str, client: httpx.AsyncClient) -> None:
    replay = Replay(client)
    for call in RECORDED[name]:
        await replay.send(call)
