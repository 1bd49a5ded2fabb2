"""Routes with their OpenAPI description: answers beside the path, parameters in the signature."""

import inspect
from collections.abc import Callable, Sequence
from typing import TypeVar

from fastapi import APIRouter, Response
from pydantic import BaseModel

from hnsemu.api import openapi_operations as described
from hnsemu.api.admission import OPEN_PATHS
from hnsemu.api.declarations import (
    DeclaredHandler,
    Json,
    bind,
    path_parameters,
    sources_of,
    texts_of,
)
from hnsemu.api.pace import Pace

H = TypeVar("H", bound=DeclaredHandler)

_CREATED = 201


class Router(APIRouter):
    """A router whose handlers declare their parameters in their signatures, and nowhere else."""

    def operation(
        self,
        method: str,
        path: str,
        *,
        gives: type[BaseModel] | None = None,
        many: bool = False,
        example: object = None,
        events: type[BaseModel] | None = None,
        texts: Sequence[str] = (),
        status: int = 200,
        may_create: bool = False,
        refusal: type[BaseModel] = described.ErrorRecord,
        pace: Pace = Pace.SHORT,
    ) -> Callable[[H], H]:
        """Return a decorator that lets a handler answer `method` on `path`.

        gives:      the model of the answer, of an array of them if `many`.
        example:    an example of the answer, in place of the example of its model.
        events:     the model of the data of each Server-Sent Event of the answer.
        texts:      media types of texts that can be answered instead.
        may_create: whether the answer is 201 for an object that was not there before.
        refusal:    the model of the answer to a request that is refused.
        pace:       how long it may take; those with events and probes wait for nobody.
        Raises: TypeError for an argument that declares no parameter; ValueError where the path
                has other parameters than the handler.
        """
        answer = described.answer(gives, status, many=many, texts=texts, example=example)
        responses: dict[int | str, Json] = {
            status: described.event_stream(events) if events else answer,
            "default": described.refusal(refusal),
        }
        if may_create:
            responses[_CREATED] = {**answer, "description": "The object was created."}

        waits = events is not None or path in OPEN_PATHS

        def declare(handler: H) -> H:
            sources = sources_of(handler)
            texts_read = texts_of(sources)
            named = {text.name for text in texts_read if text.location == "path"}
            if named != path_parameters(path):
                raise ValueError(f"{method} {path}: the handler reads {sorted(named)} of the path")
            request = described.request(sources)
            self.add_api_route(
                path,
                bind(handler, sources, Pace.PATIENT if waits else pace),
                methods=[method],
                operation_id=operation_id(handler.__name__),
                description=" ".join((inspect.getdoc(handler) or "").split()),
                status_code=status,
                responses=responses,
                response_class=Response,  # FastAPI would add JSON to every answer
                response_model=None,
                openapi_extra=request | ({"security": []} if path in OPEN_PATHS else {}),
            )
            return handler

        return declare


def operation_id(handler_name: str) -> str:
    """Return the name in camelCase: `list_networks` is `listNetworks`."""
    first, *rest = handler_name.split("_")
    return first + "".join(word.capitalize() for word in rest)
