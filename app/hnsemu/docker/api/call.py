"""One call of Docker's API, as a handler sees it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

from fastapi import Request, Response

from hnsemu.api import deps
from hnsemu.api.pace import aside_if_large
from hnsemu.docker.domain.daemons import Daemon, Version
from hnsemu.docker.domain.filters import Filters, read_filters
from hnsemu.docker.domain.flags import is_true
from hnsemu.docker.domain.moments import read_timestamp
from hnsemu.docker.domain.strconv import atoi
from hnsemu.docker.domain.terminal import read_size
from hnsemu.docker.errors import BAD_REQUEST, DockerError
from hnsemu.docker.schema.golang import read_document
from hnsemu.docker.schema.shapes import Struct
from hnsemu.domain.storable import storable
from hnsemu.storage.transaction import Hns

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """A request, the version of the API that it speaks, and the parameters of its path.

    asked: the version that the path names, "" for none.
    """

    request: Request
    daemon: Daemon
    version: Version
    asked: str
    parameters: Mapping[str, str]

    def path(self, name: str) -> str:
        """Return a parameter of the path."""
        return storable(self.parameters[name])

    def text(self, name: str, default: str = "") -> str:
        """Return a parameter of the query."""
        return storable(self.request.query_params.get(name, default))

    def flag(self, name: str) -> bool:
        """Return a parameter of the query that says yes or no, as Docker reads it."""
        return is_true(self.text(name))

    def number(self, name: str, default: int) -> int:
        """Return a parameter of the query that is a number, `default` for any other text."""
        try:
            return atoi(self.text(name))
        except ValueError:
            return default

    def size(self) -> tuple[int, int]:
        """Return h and w of the query: rows and columns of a console.

        Raises: DockerError 400.
        """
        return read_size("height", self.text("h")), read_size("width", self.text("w"))

    def filters(self) -> Filters:
        """Return the filters of the query.

        Raises: DockerError 400.
        """
        return read_filters(self.text("filters"))

    def moments(self) -> tuple[int, int]:
        """Return since and until of the query, FILETIMEs, 0 where not given.

        Raises: DockerError 500.
        """
        now = self.now()
        since, until = (
            read_timestamp(text, now) if text else 0
            for text in (self.text("since"), self.text("until"))
        )
        return since, until

    async def document(self, shape: Struct, *, must_have_body: bool = False) -> dict[str, Any]:
        """Return the JSON document of the body, with every field of `shape`.

        Raises: DockerError 400 in Go's words.
        """
        body = await self.request.body()
        if must_have_body and not body:
            raise DockerError(BAD_REQUEST, "invalid JSON: got EOF while reading request body")
        media_type = self.request.headers.get("content-type", "")
        return await aside_if_large(self.request, len(body), read_document, body, media_type, shape)

    def now(self) -> int:
        """Return the time on the host, a FILETIME."""
        return deps.hns_of(self.request).now()

    async def run(
        self,
        use_case: Callable[Concatenate[Hns, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a use case on the host of the call: one transaction."""
        return await deps.call(self.request, use_case, *args, **kwargs)

    async def run_aside(
        self,
        use_case: Callable[Concatenate[Hns, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a use case that may take long on the host of the call, beside the event loop."""
        return await deps.call_aside(self.request, use_case, *args, **kwargs)

    def expect_large(self) -> None:
        """Note that there is something so large now that any request may take long."""
        held = deps.service(self.request)
        held.is_crowded = held.is_crowded or held.database.is_sqlite


Handler = Callable[[Call], Awaitable[Response]]
