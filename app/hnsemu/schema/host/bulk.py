"""POST /emulator/hosts/{name}/bulk: many objects in one request and one transaction."""

from collections.abc import Sequence

from pydantic import Field

from hnsemu.domain.bulk import Outcome, Refused
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import Document, Uint32
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.networks import HostComputeNetwork

MOST = 1000
"""Documents in one request; more would keep other writers waiting."""


class BulkRequest(Document):
    """Networks, then endpoints, to create on a host. Each document has an ID."""

    networks: tuple[HostComputeNetwork, ...] | None = None
    endpoints: tuple[HostComputeEndpoint, ...] | None = None

    def check(self) -> None:
        """Refuse a request that nobody could send again, or that is too long.

        Raises: E_INVALIDARG.
        """
        documents = [*(self.networks or ()), *(self.endpoints or ())]
        if len(documents) > MOST:
            raise HnsError(
                Hr.E_INVALIDARG,
                f"the request has {len(documents)} documents; send at most {MOST} at once",
            )
        if not all(document.id for document in documents):
            raise HnsError(
                Hr.E_INVALIDARG,
                "a document has no ID; give each one, so that the request can be sent again",
            )


class BulkItem(Document):
    """What became of one document: Created, Existing or Refused, and then why."""

    id: str | None = Field(None, alias="ID")
    result: str | None = None
    error: str | None = None
    error_code: Uint32 | None = None
    detail: str | None = None


class BulkResult(Document):
    """What became of each document, in the order of the request."""

    networks: tuple[BulkItem, ...] = ()
    endpoints: tuple[BulkItem, ...] = ()


def bulk_result(networks: Sequence[Outcome], endpoints: Sequence[Outcome]) -> dict[str, object]:
    """Return the answer as a document."""
    return {"Networks": [_item(one) for one in networks],
            "Endpoints": [_item(one) for one in endpoints]}  # fmt: skip


def _item(outcome: Outcome) -> dict[str, object]:
    shown: dict[str, object] = {"ID": outcome.object_id, "Result": type(outcome).__name__}
    if isinstance(outcome, Refused):
        shown["Error"] = outcome.error.hr.message
        shown["ErrorCode"] = outcome.error.hr.hresult
        if outcome.error.detail:
            shown["Detail"] = outcome.error.detail
    return shown
