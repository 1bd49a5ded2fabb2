"""A Windows host as its clients see it: HNSCall and the HCN functions, carried over HTTP."""

import json
from collections.abc import Callable
from typing import Any

import httpx

Document = dict[str, Any]


class RefusedError(Exception):
    """The service refused a step, or answered what the client cannot use."""


class Windows:
    """One emulated host. Every call is one step: it is shown, and a refusal ends the play.

    tell: takes (what was called, what came of it) for each step.
    """

    def __init__(self, http: httpx.Client, host: str, tell: Callable[[str, str], None]) -> None:
        """Reach the host named `host` over `http`."""
        self._http = http
        self._prefix = f"/hosts/{host}"
        self._tell = tell

    def hns_call(self, method: str, path: str, body: Document | None = None) -> Any:  # noqa: ANN401
        """HNSCall: return `Output` of the envelope."""
        answer = self._send(method, f"/v1{path}", body)
        envelope = answer.json()
        if not envelope["Success"]:
            raise RefusedError(f"{method} {path}: {envelope}")
        output = envelope.get("Output")
        self._tell(f"HNSCall {method} {path}", _summary(output))
        return output

    def create(self, noun: str, settings: Document, *, via: str = "") -> Document:
        """HcnCreate…, then the query on the new handle with which every Go client follows."""
        made = self._ok("POST", via or f"/v2/{noun}", settings).json()
        document = self.query(noun, made["ID"])
        self._tell(f"HcnCreate {noun}", _summary(document))
        return document

    def query(self, noun: str, object_id: str, query: Document | None = None) -> Document:
        """HcnOpen…, HcnQuery…Properties, HcnClose…."""
        found = self._ok("GET", f"/v2/{noun}/{object_id}", query=query).json()
        return dict(found)

    def enumerate(self, noun: str, **wanted: object) -> list[Document]:
        """HcnEnumerate… with a filter, then a query with the same text for every id."""
        query: Document = {"SchemaVersion": {"Major": 2, "Minor": 0}}
        if wanted:
            query["Filter"] = json.dumps(wanted)
        ids = self._ok("GET", f"/v2/{noun}", query=query, view="ids").json()
        found = [self.query(noun, object_id, query) for object_id in ids]
        self._tell(f"HcnEnumerate {noun} {wanted or ''}".rstrip(), f"{len(found)} found")
        return found

    def modify(self, noun: str, object_id: str, request: Document) -> Document:
        """HcnModify…."""
        after = dict(self._ok("PATCH", f"/v2/{noun}/{object_id}", request).json())
        what = f"{request.get('RequestType', 'whole')} {request.get('ResourceType', 'document')}"
        self._tell(f"HcnModify {noun} {what}", _summary(after))
        return after

    def delete(self, noun: str, object_id: str) -> None:
        """HcnDelete…."""
        self._ok("DELETE", f"/v2/{noun}/{object_id}")
        self._tell(f"HcnDelete {noun}", object_id)

    def expect_refusal(self, code: int, method: str, path: str, body: Document) -> None:
        """Make a call that Windows refuses with the HRESULT `code`."""
        answer = self._send(method, path, body)
        record = answer.json()
        if answer.is_success or record.get("ErrorCode") != code:
            raise RefusedError(f"{method} {path}: expected {code:#010x}, got {record}")
        self._tell(
            f"{method} {path}",
            f"refused as on Windows: {record['Error']}({code:#010x})",
        )

    def expect(self, claim: str, *, holds: bool) -> None:
        """Check what the client relies on."""
        if not holds:
            raise RefusedError(f"the client relies on this and it does not hold: {claim}")
        self._tell("  the client sees", claim)

    def _ok(
        self,
        method: str,
        path: str,
        body: Document | None = None,
        *,
        query: Document | None = None,
        view: str = "",
    ) -> httpx.Response:
        answer = self._send(method, path, body, query=query, view=view)
        if not answer.is_success:
            raise RefusedError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer

    def _send(
        self,
        method: str,
        path: str,
        body: Document | None,
        *,
        query: Document | None = None,
        view: str = "",
    ) -> httpx.Response:
        params = {"query": json.dumps(query)} if query else {}
        if view:
            params["view"] = view
        content = None if body is None else json.dumps(body)
        return self._http.request(method, self._prefix + path, content=content, params=params)


def _summary(found: object) -> str:
    """Say in one line what came back."""
    if isinstance(found, list):
        return f"{len(found)} objects"
    if not isinstance(found, dict):
        return "done"
    parts = [str(found.get("Name") or found.get("ID") or "")]
    addresses = [c.get("IpAddress", "") for c in found.get("IpConfigurations", [])]
    parts += [a for a in [found.get("IPAddress", ""), *addresses] if a]
    parts += [v for v in [found.get("MacAddress"), found.get("ManagementIP")] if v]
    parts += [", ".join(found.get("FrontendVIPs", []))]
    return "  ".join(part for part in parts if part)
