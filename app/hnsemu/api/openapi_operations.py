"""The request and the answers of an operation, as the OpenAPI document describes them."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from hnsemu.api.component_schemas import REF
from hnsemu.api.declarations import JsonBody, Source, texts_of
from hnsemu.api.examples import EVENTS, REPLIES, REQUESTS
from hnsemu.api.router import CREATED, Operation, undescribed
from hnsemu.schema.v2.modify import Response

Json = dict[str, Any]

used_models: set[type[BaseModel]] = set()
"""All models that operations refer to. Filled while they are described."""


class ErrorRecord(Response):
    """Windows' error record. Detail says what is wrong and what to change."""

    detail: str | None = None


def describe() -> None:
    """Fill in the descriptions of all operations that have been declared."""
    while undescribed:
        _describe(undescribed.pop())


def _describe(operation: Operation) -> None:
    success = answer(
        operation.gives,
        operation.status,
        many=operation.many,
        texts=operation.texts,
        example=None if operation.example is None else operation.example(),
    )
    responses = operation.responses
    responses[operation.status] |= event_stream(operation.events) if operation.events else success
    responses["default"] |= refusal(operation.refusal or ErrorRecord)
    if operation.may_create:
        responses[CREATED] |= {**success, "description": "The object was created."}
    operation.extra.update(request(operation.sources) | operation.extra)


def request(sources: Sequence[Source]) -> Json:
    """Return the parameters and the body that the sources of a handler read."""
    described: Json = {
        "parameters": [text.document() for text in texts_of(sources) if text.is_public]
    }
    for source in sources:
        if isinstance(source, JsonBody):
            assert source.model is not None  # noqa: S101 (`sources_of` has set it)
            described["requestBody"] = {
                "required": not source.is_optional,
                "content": _content(source.model, REQUESTS),
            }
    return described


def answer(
    model: type[BaseModel] | None,
    status: int,
    *,
    many: bool,
    texts: Sequence[str],
    example: object,
) -> Json:
    """Return the answer of a request that succeeds.

    model: None when the answer has no body, or only `texts`.
    """
    described: Json = {"description": "The request succeeded."}
    content: Json = {}
    if model is not None:
        content = _content(model, REPLIES if example is None else {model: example}, many=many)
    content |= {text: {"schema": {"type": "string"}} for text in texts}
    if content:
        described["content"] = content
    if status == CREATED:
        described["headers"] = _headers("Location")
    elif many:
        described["headers"] = _headers("Link")
    return described


def event_stream(model: type[BaseModel]) -> Json:
    """Return the answer that is a stream of events, which is a text in OpenAPI 3.1."""
    used_models.add(model)
    content: Json = {"schema": {"type": "string"}}
    if model in EVENTS:
        content["example"] = EVENTS[model]
    return {
        "description": f"Server-Sent Events. The data of each event is a {model.__name__}.",
        "content": {"text/event-stream": content},
    }


def refusal(model: type[BaseModel]) -> Json:
    """Return the answer of a request that is refused."""
    return {
        "description": "The request was refused.",
        "headers": _headers("Hns-Result"),
        "content": _content(model, {}),
    }


def _content(
    model: type[BaseModel], examples: Mapping[type[BaseModel], object], *, many: bool = False
) -> Json:
    used_models.add(model)
    schema: Json = {"$ref": REF + model.__name__}
    content: Json = {"schema": {"type": "array", "items": schema} if many else schema}
    if model in examples:
        content["example"] = [examples[model]] if many else examples[model]
    return {"application/json": content}


def _headers(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
