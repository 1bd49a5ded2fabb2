"""What an import and a comparison answer."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, Field

from hnsemu.dumps.comparison import Difference
from hnsemu.dumps.importing import Import
from hnsemu.dumps.reading import Document
from hnsemu.schema.host.definition import HostRecord, host_record


class DumpObject(BaseModel):
    """An object of the documents."""

    kind: str = Field(examples=["network"])
    id: str = ""
    name: str = ""
    reason: str = Field("", description="Why it could not be taken, or only in part.")


class ImportRecord(BaseModel):
    """The new host, which documents it has, and which it could not take."""

    host: HostRecord
    taken: tuple[DumpObject, ...]
    left: tuple[DumpObject, ...]


class DumpDifference(BaseModel):
    """A member in which the emulated host differs from a document of the real one.

    Without a member, the host does not have the object. An empty reason is a finding.
    """

    kind: str = Field(examples=["network"])
    id: str = ""
    name: str = ""
    member: str = ""
    dump: Any = None
    host: Any = None
    reason: str = ""


def import_record(done: Import) -> ImportRecord:
    """Return what an import did."""
    return ImportRecord(
        host=host_record(done.machine),
        taken=tuple(DumpObject(**_named(document)) for document in done.taken),
        left=tuple(DumpObject(**_named(each.document), reason=each.reason) for each in done.left),
    )


def difference_texts(found: Iterable[tuple[Document, Difference]]) -> list[str]:
    """Return differences as JSON texts."""
    return [
        DumpDifference(
            **_named(document),
            member=difference.member,
            dump=difference.dump,
            host=difference.host,
            reason=difference.reason,
        ).model_dump_json(exclude_none=True)
        for document, difference in found
    ]


def _named(document: Document) -> Mapping[str, Any]:
    return {"kind": str(document.kind), "id": document.id, "name": document.name}
