"""Routes of pages: a view is a function of a visit, and runs beside the event loop."""

from collections.abc import Callable, Sequence
from functools import partial

from fastapi import APIRouter, Request, Response

from hnsemu.api.deps import call_aside, service
from hnsemu.errors import HnsError, Hr
from hnsemu.pages.visit import Visit
from hnsemu.storage.transaction import Hns

View = Callable[[Visit], Response]


class PageRouter(APIRouter):
    """A router of pages, which the OpenAPI document does not list."""

    def page(
        self,
        path: str,
        *,
        methods: Sequence[str] = ("GET",),
        is_question: bool = False,
        reads_journal: bool = False,
    ) -> Callable[[View], View]:
        """Return a decorator that lets a view answer on `path`, under the host that a URL names.

        A view that answers POST changes something, unless it only asks something in a long form.
        reads_journal: whether calls that are not stored yet are to be seen.
        Raises: E_ACCESSDENIED, where pages are there to look at only.
        """

        def declare(view: View) -> View:
            async def answer(request: Request) -> Response:
                # A view runs in a thread, where it can wait for nothing.
                await request.body()
                if reads_journal:
                    await service(request).recorder.flush()
                return await call_aside(request, partial(_visited, request, view, is_question))

            answer.__name__ = path
            self.add_api_route(
                path,
                answer,
                methods=list(methods),
                include_in_schema=False,
                response_class=Response,
                response_model=None,
            )
            return view

        return declare


def _visited(request: Request, view: View, is_question: bool, hns: Hns) -> Response:  # noqa: FBT001
    visit = Visit(request, hns)
    if request.method == "POST" and not is_question and visit.settings.ui != "write":
        raise HnsError(
            Hr.E_ACCESSDENIED, "these pages change nothing: the service runs with HNSEMU_UI=read"
        )
    return view(visit)
