"""The parameters that several handlers share."""

import re
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Request

from hnsemu.api import example_ids
from hnsemu.api.declarations import JsonBody, PathParameter, QueryParameter
from hnsemu.api.deps import is_strict
from hnsemu.api.scope import set_host
from hnsemu.domain.guid import parse_guid
from hnsemu.domain.namespaces import HOST_COMPARTMENT
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import Document
from hnsemu.schema.v1 import dialect
from hnsemu.schema.v1.dialect import EndpointDocument
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.query import EVERYTHING, HostComputeQuery, read_query

D = TypeVar("D", bound=Document)
T = TypeVar("T")

_LIMIT = re.compile(r"[1-9][0-9]{0,8}")
_LARGEST_LIMIT = 999_999_999
# A thousand objects take about ten milliseconds; longer lists must not delay other requests.
_SHORT_PAGE = 1000
# A filter for one of these finds few objects.
_SELECTIVE = {"ID", "Name"}

Body = Annotated[D, JsonBody()]
"""A document of the model in brackets: `Body[PortLease]`."""

StrictBody = Annotated[D, JsonBody(is_strict=True)]
"""A document of the emulator: unknown members are always refused."""


EndpointBody = Annotated[EndpointDocument, JsonBody(HostComputeEndpoint, dialect.endpoint_from_any)]
"""An endpoint of either dialect."""


def _object_id(example: str) -> PathParameter:
    return PathParameter(
        name="id",
        description="GUID in any case, with or without braces.",
        example=example,
        read=parse_guid,
    )


NetworkId = Annotated[str, _object_id(example_ids.NETWORK)]
EndpointId = Annotated[str, _object_id(example_ids.ENDPOINT)]
NamespaceId = Annotated[str, _object_id(example_ids.NAMESPACE)]
LoadBalancerId = Annotated[str, _object_id(example_ids.LOAD_BALANCER)]
SdnRouteId = Annotated[str, _object_id(example_ids.SDN_ROUTE)]
PolicyListId = Annotated[str, _object_id(example_ids.POLICY_LIST)]
GuestNetworkServiceId = Annotated[str, _object_id(example_ids.GUEST_NETWORK_SERVICE)]
PortReservationId = Annotated[str, _object_id(example_ids.PORT_RESERVATION)]
HnsNetworkId = Annotated[str, _object_id(example_ids.HNS_NETWORK)]
HnsEndpointId = Annotated[str, _object_id(example_ids.HNS_ENDPOINT)]
SwitchId = Annotated[str, _object_id("404947ac-fc8f-4229-a4b5-595b9161f3a8")]


class _QueryDocument(QueryParameter):
    """`?query=`: a HostComputeQuery as JSON."""

    def value(self, request: Request) -> HostComputeQuery:
        """Return the query.

        Raises: HCN_E_INVALID_JSON.
        """
        return read_query(self.text(request), strict=is_strict(request))


_COMPARTMENT = re.compile(r"[1-9][0-9]{0,9}")
_LARGEST_COMPARTMENT = 2**32 - 1


def read_compartment(text: str) -> int:
    """Return the number of a network compartment.

    Raises: E_INVALIDARG.
    """
    if not _COMPARTMENT.fullmatch(text) or int(text) > _LARGEST_COMPARTMENT:
        raise HnsError(
            Hr.E_INVALIDARG,
            f"compartment: {text!r} is no CompartmentId; /host/compartments lists them",
        )
    return int(text)


Compartment = Annotated[
    int,
    QueryParameter(
        name="compartment",
        description="CompartmentId of Get-NetCompartment.",
        schema={
            "type": "integer",
            "format": "int64",
            "minimum": 1,
            "maximum": _LARGEST_COMPARTMENT,
        },
        read=read_compartment,
        default=HOST_COMPARTMENT,
    ),
]
"""`?compartment=`; the host's own when it is absent."""

Query = Annotated[
    HostComputeQuery,
    _QueryDocument(
        name="query",
        description="HostComputeQuery as JSON. Its Filter is an object as JSON text.",
        example='{"SchemaVersion":{"Major":2,"Minor":0},"Filter":"{\\"Name\\":\\"nat\\"}"}',
    ),
]


def _read_limit(text: str) -> int:
    """Return the number in `?limit=`.

    Raises: E_INVALIDARG.
    """
    if not _LIMIT.fullmatch(text):
        raise HnsError(
            Hr.E_INVALIDARG,
            f"limit: {text!r} is not a number from 1 to {_LARGEST_LIMIT}; leave it out",
        )
    return int(text)


def limit_of(description: str, **bounds: int) -> QueryParameter:
    """Return `?limit=`, the size of a page. bounds: more of its schema."""
    schema = {"type": "integer", "format": "int64", "minimum": 1, **bounds}
    return QueryParameter(name="limit", description=description, schema=schema, read=_read_limit)


def _wants_ids(text: str) -> bool:
    if text != "ids":
        raise HnsError(Hr.E_INVALIDARG, f"view: {text!r} is unknown; use view=ids or leave it out")
    return True


class _EmulatedHost(PathParameter):
    """`{name}` of a host below /emulator, to which the request is addressed from then on."""

    def value(self, request: Request) -> str:
        """Return the name."""
        name = self.text(request)
        set_host(request.scope, name)
        return name


HostName = Annotated[
    str,
    _EmulatedHost(
        name="name",
        description="Name of the host: a DNS label in lower case.",
        schema={"type": "string", "pattern": "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"},
        example="node-1",
    ),
]


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list: at most `limit` items (None: all) after the item `after`."""

    limit: int | None = None
    after: str | None = None

    @property
    def read(self) -> int | None:
        """How many items to read: one more than the limit shows whether there is a next page."""
        return None if self.limit is None else self.limit + 1

    def cut(self, items: list[T]) -> tuple[list[T], bool]:
        """Return the items of the page, and whether there are more."""
        return items[: self.limit], self.limit is not None and len(items) > self.limit


@dataclass(frozen=True, slots=True)
class Listing(Page):
    """The parameters of a list of HCN objects: a query, a page, and `?view=ids` for GUIDs only."""

    query: Query = EVERYTHING
    limit: Annotated[
        int | None,
        limit_of(
            "The largest number of objects in one answer; the header Link has the next page.",
            maximum=_LARGEST_LIMIT,
        ),
    ] = None
    after: Annotated[
        str | None,
        QueryParameter(
            name="after",
            description="GUID of the last object on the page before.",
            read=parse_guid,
        ),
    ] = None
    # Not public: an answer has one schema, and generated clients could not read GUIDs.
    ids_only: Annotated[
        bool,
        QueryParameter(name="view", read=_wants_ids, default=False, is_public=False),
    ] = False

    @property
    def is_short(self) -> bool:
        """Whether reading it takes so little time that it need not leave the event loop."""
        is_small = self.limit is not None and self.limit <= _SHORT_PAGE
        return is_small or bool(self.query.wanted.keys() & _SELECTIVE)
