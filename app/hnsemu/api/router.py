"""Routes with their OpenAPI description: answers beside the path, parameters in the signature."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from fastapi import APIRouter, Response
from pydantic import BaseModel

from hnsemu.api.admission import OPEN_PATHS
from hnsemu.api.declarations import (
    DeclaredHandler,
    Json,
    Source,
    bind,
    path_parameters,
    sources_of,
    texts_of,
)
from hnsemu.api.pace import Pace

H = TypeVar("H", bound=DeclaredHandler)

CREATED = 201


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What the OpenAPI document is to say of a route; `Router.operation` explains the members.

    sources:   of the handler's parameters.
    responses: descriptions by status, and `extra`: what else FastAPI puts into the document. Both
               are empty until somebody asks for it: examples take longer to load than to answer.
    """

    sources: Sequence[Source]
    gives: type[BaseModel] | None
    many: bool
    example: Callable[[], object] | None
    events: type[BaseModel] | None
    texts: Sequence[str]
    status: int
    may_create: bool
    refusal: type[BaseModel] | None
    responses: dict[int | str, Json]
    extra: Json


undescribed: list[Operation] = []
"""The operations that are declared and that no document has asked for yet."""


class Router(APIRouter):
    """A router whose handlers declare their parameters in their signatures, and nowhere else.

    is_strict_query: whether parameters of the query that no handler reads are refused. What Windows
                     programs and Docker's clients send is not.
    """

    is_strict_query = False

    def operation(
        self,
        method: str,
        path: str,
        *,
        gives: type[BaseModel] | None = None,
        many: bool = False,
        example: Callable[[], object] | None = None,
        events: type[BaseModel] | None = None,
        texts: Sequence[str] = (),
        status: int = 200,
        may_create: bool = False,
        refusal: type[BaseModel] | None = None,
        pace: Pace = Pace.SHORT,
    ) -> Callable[[H], H]:
        """Return a decorator that lets a handler answer `method` on `path`.

        gives:      the model of the answer, of an array of them if `many`.
        example:    returns an example of the answer, in place of the example of its model.
        events:     the model of the data of each Server-Sent Event of the answer.
        texts:      media types of texts that can be answered instead.
        may_create: whether the answer is 201 for an object that was not there before.
        refusal:    the model of the answer to a request that is refused; None: the error record.
        pace:       how long it may take; those with events and probes wait for nobody.
        Raises: TypeError for an argument that declares no parameter; ValueError where the path
                has other parameters than the handler.
        """
        responses: dict[int | str, Json] = {status: {}, "default": {}}
        if may_create:
            responses[CREATED] = {}
        waits = events is not None or path in OPEN_PATHS

        def declare(handler: H) -> H:
            operation = Operation(
                sources=_checked_sources(handler, method, path),
                gives=gives,
                many=many,
                example=example,
                events=events,
                texts=texts,
                status=status,
                may_create=may_create,
                refusal=refusal,
                responses=responses,
                extra={"security": []} if path in OPEN_PATHS else {},
            )
            undescribed.append(operation)
            self._add(method, path, handler, operation, Pace.PATIENT if waits else pace)
            return handler

        return declare

    def _add(
        self, method: str, path: str, handler: DeclaredHandler, operation: Operation, pace: Pace
    ) -> None:
        """Add the route; what FastAPI puts into its document, `operation` completes later."""
        self.add_api_route(
            path,
            bind(handler, operation.sources, pace, is_strict_query=self.is_strict_query),
            methods=[method],
            operation_id=operation_id(handler.__name__),
            description=" ".join((inspect.getdoc(handler) or "").split()),
            status_code=operation.status,
            responses=operation.responses,
            response_class=Response,  # FastAPI would add JSON to every answer
            response_model=None,
            openapi_extra=operation.extra,
        )


def _checked_sources(handler: DeclaredHandler, method: str, path: str) -> Sequence[Source]:
    """Return the sources of a handler's parameters.

    Raises: ValueError where the path has other parameters; TypeError as `sources_of`.
    """
    sources = sources_of(handler)
    named = {text.name for text in texts_of(sources) if text.location == "path"}
    if named != path_parameters(path):
        raise ValueError(f"{method} {path}: the handler reads {sorted(named)} of the path")
    return sources


class ControlRouter(Router):
    """A router below /emulator, which refuses what it does not know, in queries as in documents."""

    is_strict_query = True


def operation_id(handler_name: str) -> str:
    """Return the name in camelCase: `list_networks` is `listNetworks`."""
    first, *rest = handler_name.split("_")
    return first + "".join(word.capitalize() for word in rest)
