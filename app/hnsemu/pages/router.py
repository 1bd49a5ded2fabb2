"""Routes of pages: a view is a function of a visit, and runs beside the event loop."""

import time
from collections.abc import Callable, Collection, Sequence
from functools import partial

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response

from hnsemu.api.deps import call_aside, service
from hnsemu.api.scope import host_of
from hnsemu.domain.topology.arrangement import ALL
from hnsemu.errors import HnsError, Hr
from hnsemu.pages.kept import KeptPages
from hnsemu.pages.polls import PollBudget
from hnsemu.pages.visit import (
    AT_MOST,
    Visit,
    is_as_known,
    is_poll,
    not_modified,
    not_now,
    page_key,
    state_tag,
    unless_known,
)
from hnsemu.storage.marks import JOURNALS
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
        sees_others: bool = False,
    ) -> Callable[[View], View]:
        """Return a decorator that lets a view answer on `path`, under the host that a URL names.

        A view that answers POST changes something, unless it only asks something in a long form.
        reads_journal: whether calls that are not stored yet are to be seen.
        sees_others: whether it shows more than its host, and hosts that `?hosts=` names.
        Raises: E_ACCESSDENIED, where pages are there to look at only.
        """

        def declare(view: View) -> View:
            async def answer(request: Request) -> Response:
                # A view runs in a thread, where it can wait for nothing.
                await request.body()
                if reads_journal:
                    await service(request).recorder.flush()
                seen = None if sees_others else _hosts_of(request, reads_journal=reads_journal)
                state = await _state(request, seen)
                visited = partial(
                    _visited, partial(Visit, request, state=state, hosts=seen), view, is_question
                )
                if state and is_poll(request):
                    return await _looked(request, state, visited)
                return unless_known(request, await call_aside(request, visited))

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


async def _looked(request: Request, state: str, visited: Callable[[Hns], Response]) -> Response:
    """Return what a poll is answered."""
    if is_as_known(request, state):
        return not_modified(request.headers["if-none-match"])
    budget, kept = _polls(request)
    read = partial(call_aside, request, partial(_polled, visited, budget))
    key, moment = page_key(request, state)
    page = await kept.get(key, moment, AT_MOST, budget.allows, read)
    if page is None:
        return not_now(request)
    return unless_known(request, page.response())


def _polls(request: Request) -> tuple[PollBudget, KeptPages]:
    """Return what the service may spend on polls, and what it has read for them."""
    held = request.app.state
    if not hasattr(held, "polls"):
        held.polls = PollBudget(), KeptPages()
    polls: tuple[PollBudget, KeptPages] = held.polls
    return polls


def _polled(visited: Callable[[Hns], Response], budget: PollBudget, hns: Hns) -> Response:
    started = time.thread_time()
    try:
        return visited(hns)
    finally:
        budget.spend(time.thread_time() - started)


def _hosts_of(request: Request, *, reads_journal: bool) -> frozenset[str] | None:
    """Return the hosts that a page shows, by name, None for all.

    What journals keep is nobody's (`Recorder`).
    """
    named = {name.strip() for name in request.query_params.get("hosts", "").split(",")}
    if ALL in named:
        return None
    return frozenset(
        {host_of(request.scope), *(named - {""}), *({JOURNALS} if reads_journal else ())}
    )


async def _state(request: Request, hosts: Collection[str] | None) -> str:
    """Return the tag of the state that a page of these hosts, or of all, would be read from."""
    database = service(request).database
    if database.is_sqlite:
        return state_tag(request, database.state(hosts))
    return state_tag(request, await run_sync(database.state, hosts))


def _visited(
    asked: Callable[[Hns], Visit],
    view: View,
    is_question: bool,  # noqa: FBT001 (bound by partial)
    hns: Hns,
) -> Response:
    visit = asked(hns)
    if visit.request.method == "POST" and not is_question and not visit.may_change:
        raise HnsError(
            Hr.E_ACCESSDENIED, "these pages change nothing: the service runs with HNSEMU_UI=read"
        )
    return view(visit)
