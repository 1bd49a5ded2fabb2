"""/emulator/hosts/{name}/import and /compare: documents of real hosts."""

from typing import Annotated

from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.declarations import JsonBody
from hnsemu.api.deps import call
from hnsemu.api.pace import Pace
from hnsemu.api.parameters import HostName
from hnsemu.api.router import ControlRouter
from hnsemu.domain.file_text import decoded
from hnsemu.dumps.comparing import compare_host as compared
from hnsemu.dumps.documents import (
    DumpDifference,
    ImportRecord,
    difference_texts,
    import_record,
)
from hnsemu.dumps.importing import import_host as imported
from hnsemu.dumps.reading import Document, read_documents
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.host.state import HostDump

_MOST = 2000
"""Documents of one host; real ones have some hundreds."""

router = ControlRouter(prefix="/emulator/hosts", tags=["emulator"])


class _DumpBody(JsonBody):
    """Documents of a real host, with any text around them."""

    async def value(self, request: Request) -> list[Document]:
        """Return the documents."""
        documents = read_documents(decoded(await request.body()))
        if len(documents) > _MOST:
            what = f"the text has {len(documents)} documents; a host has at most {_MOST} here"
            raise HnsError(Hr.E_INVALIDARG, what)
        return documents


def _unread(value: object, *, strict: bool) -> object:
    del strict
    return value


Dump = Annotated[list[Document], _DumpBody(HostDump, _unread)]


@router.operation("POST", "/{name}/import", gives=ImportRecord, pace=Pace.LONG)
async def import_host(request: Request, documents: Dump, _host: HostName) -> Response:
    """Make a new host of what people take from a real one, and say what could not be taken.

    Where no document can be taken, the import is refused, and there is no host.
    """
    done = await call(request, imported, documents)
    return answers.text(import_record(done).model_dump_json())


@router.operation("POST", "/{name}/compare", gives=DumpDifference, many=True, pace=Pace.LONG)
async def compare_host(request: Request, documents: Dump, _host: HostName) -> Response:
    """The members in which the host differs from documents of a real one, with the reason."""
    found = await call(request, compared, documents)
    return answers.texts(difference_texts(found))
