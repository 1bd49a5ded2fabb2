"""Queries: a version, flags, and a filter that is JSON text."""

from collections.abc import Mapping
from typing import Annotated, Any

import orjson

from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import Document, parse
from hnsemu.schema.enums import Bits, HostComputeQueryFlags
from hnsemu.schema.v2.common import Version


class HostComputeQuery(Document):
    """A query: the schema version and the detail of the answer, and a filter."""

    schema_version: Version | None = None
    flags: Annotated[int, Bits(HostComputeQueryFlags)] | None = None
    filter: str | None = None

    @property
    def wanted(self) -> Mapping[str, Any]:
        """Return the filter as an object; no filter, blanks and `{}` select everything.

        Raises: HCN_E_INVALID_JSON when the filter is not the text of a JSON object.
        """
        if not self.filter or not self.filter.strip():
            return {}
        wanted = _object(self.filter, "Filter")
        return {} if wanted is None else wanted

    @property
    def detailed(self) -> bool:
        """Return whether the query asks for server-side detail."""
        return bool((self.flags or 0) & HostComputeQueryFlags.Detailed)

    @property
    def in_schema_1(self) -> bool:
        """Return whether the answer is to be an HNS 1 document. Source: section 3.2 [C]."""
        return self.schema_version is not None and self.schema_version.major == 1


EVERYTHING = HostComputeQuery()


def read_query(text: str | None, *, strict: bool = False) -> HostComputeQuery:
    """Return the query in `text`; no text, null and `{}` select everything.

    A query without any member of HostComputeQuery is itself the filter, as in Microsoft's first
    samples (`{"Name": "WDAG"}`). Source: hns-behaviour.md section 3.2 [D].
    Raises: HCN_E_INVALID_JSON.
    """
    if not text or not text.strip():
        return EVERYTHING
    query = _object(text, "query")
    if query is None:
        return EVERYTHING
    if isinstance(query.get("Filter"), dict):
        query["Filter"] = orjson.dumps(query["Filter"]).decode()
    if query and not query.keys() & {"SchemaVersion", "Flags", "Filter"}:
        query = {"Filter": text}
    parsed = parse(HostComputeQuery, query, strict=strict)
    _ = parsed.wanted  # refuses a filter that cannot be read
    return parsed


def _object(text: str, what: str) -> dict[str, Any] | None:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise HnsError(Hr.HCN_E_INVALID_JSON, f"{what} is not valid JSON: {error}") from error
    if value is not None and not isinstance(value, dict):
        raise HnsError(Hr.HCN_E_INVALID_JSON, f"{what} must be a JSON object")
    return value
