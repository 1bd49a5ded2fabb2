"""Read the members that all documents have into values of the domain."""

from hnsemu.domain.identity import IdentityRequest
from hnsemu.schema.base import RawJson
from hnsemu.schema.v2.common import Base


def identity_request(document: Base) -> IdentityRequest:
    """Return the identity in a document; without SchemaVersion it is 2.0."""
    version = document.schema_version
    return IdentityRequest(
        id=document.id or "",
        name=document.name or "",
        owner=document.owner or "",
        schema_version=(version.major or 0, version.minor or 0) if version else (2, 0),
        additional_params=str(RawJson.of(document.additional_params or {})),
    )
