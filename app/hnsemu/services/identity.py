"""What every object gets when it is made: an id, names, versions and times."""

from hnsemu.domain.guid import ZERO
from hnsemu.domain.identity import Identity
from hnsemu.schema.base import RawJson
from hnsemu.schema.v2.common import Base
from hnsemu.storage.transaction import Transaction


def identity(tx: Transaction, asked: Base) -> Identity:
    """Return the identity of a new object: as asked, the rest made up.

    An id of zeros asks for a new one, as the parameter of the HCN functions does.
    Source: hns-behaviour.md sections 3.1 (ids) and 3.3 (SchemaVersion echoed) [C], [O].
    """
    asked_version = asked.schema_version
    return Identity(
        id=asked.id if asked.id and asked.id != ZERO else tx.source.guid(),
        name=asked.name or "",
        owner=asked.owner or "",
        version=tx.host.release.packed_version,
        schema_version=(asked_version.major or 0, asked_version.minor or 0)
        if asked_version
        else (2, 0),
        additional_params=str(RawJson.of(asked.additional_params or {})),
        activity_id=tx.source.guid(),
        created=tx.now,
        updated=tx.now,
    )
