"""A Windows host as its clients see it: HNSCall and the HCN functions, over HTTP."""

import json
from collections.abc import Callable
from typing import Any

import httpx

Document = dict[str, Any]


class RefusedError(Exception):
    """The service refused a call, or its answer is not what the client relies on."""


class Windows:
    """One emulated host. Each call is shown, and a refusal ends the scenario.

    show: called with (call, outcome) for each call.
    """

    def __init__(self, http: httpx.Client, host: str, show: Callable[[str, str], None]) -> None:
        """Reach the host named `host` over `http`."""
        self._http = http
        self._prefix = f"/hosts/{host}"
        self._show = show

    def hns_call(self, method: str, path: str, body: Document | None = None) -> Any:  # noqa: ANN401
        """HNSCall; return `Output` of the envelope."""
        answer = self._send(method, f"/v1{path}", body)
        envelope = answer.json()
        if not envelope["Success"]:
            raise RefusedError(f"{method} {path}: {envelope}")
        output = envelope.get("Output")
        self._show(f"HNSCall {method} {path}", _summary(output))
        return output

    def create(self, noun: str, settings: Document, *, via: str = "") -> Document:
        """HcnCreate…, then the query on the new handle that every Go client sends next."""
        created = self._ok("POST", via or f"/v2/{noun}", settings).json()
        document = self.query(noun, created["ID"])
        self._show(f"HcnCreate {noun}", _summary(document))
        return document

    def query(self, noun: str, object_id: str, query: Document | None = None) -> Document:
        """HcnOpen…, HcnQuery…Properties, HcnClose…."""
        return dict(self._ok("GET", f"/v2/{noun}/{object_id}", query=query).json())

    def enumerate(self, noun: str, **members: object) -> list[Document]:
        """HcnEnumerate… with a filter, then a query with the same filter for every id."""
        query: Document = {"SchemaVersion": {"Major": 2, "Minor": 0}}
        if members:
            query["Filter"] = json.dumps(members)
        ids = self._ok("GET", f"/v2/{noun}", query=query, view="ids").json()
        documents = [self.query(noun, object_id, query) for object_id in ids]
        self._show(f"HcnEnumerate {noun} {members or ''}".rstrip(), f"{len(documents)} found")
        return documents

    def modify(self, noun: str, object_id: str, request: Document) -> Document:
        """HcnModify…."""
        after = dict(self._ok("PATCH", f"/v2/{noun}/{object_id}", request).json())
        what = f"{request.get('RequestType', 'whole')} {request.get('ResourceType', 'document')}"
        self._show(f"HcnModify {noun} {what}", _summary(after))
        return after

    def delete(self, noun: str, object_id: str) -> None:
        """HcnDelete…."""
        self._ok("DELETE", f"/v2/{noun}/{object_id}")
        self._show(f"HcnDelete {noun}", object_id)

    def expect_refusal(self, code: int, method: str, path: str, body: Document) -> None:
        """Send a request that Windows refuses with the HRESULT `code`."""
        answer = self._send(method, path, body)
        record = answer.json()
        if answer.is_success or record.get("ErrorCode") != code:
            raise RefusedError(f"{method} {path}: expected {code:#010x}, got {record}")
        self._show(
            f"{method} {path}",
            f"refused as on Windows: {record['Error']}({code:#010x})",
        )

    def expect(self, claim: str, *, holds: bool) -> None:
        """Check a claim that the client relies on."""
        if not holds:
            raise RefusedError(f"the client relies on this, but it is not so: {claim}")
        self._show("  the client sees", claim)

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


def _summary(output: object) -> str:
    """Return one line about an answer."""
    if isinstance(output, list):
        return f"{len(output)} found"
    if not isinstance(output, dict):
        return "done"
    addresses = [
        configuration.get("IpAddress", "") for configuration in output.get("IpConfigurations", [])
    ]
    parts = [
        output.get("Name") or output.get("ID"),
        output.get("IPAddress"),
        *addresses,
        output.get("MacAddress"),
        output.get("ManagementIP"),
        ", ".join(output.get("FrontendVIPs", [])),
    ]
    return "  ".join(part for part in parts if part) or "done"
