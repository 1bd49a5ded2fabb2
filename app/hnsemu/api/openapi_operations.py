"""What an operation takes and answers, as the OpenAPI document describes it."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from hnsemu.api.component_schemas import REF
from hnsemu.api.declarations import JsonBody, Source, texts_of
from hnsemu.api.examples import EVENTS, REPLIES, REQUESTS
from hnsemu.schema.v2.modify import Response

Json = dict[str, Any]

_CREATED = 201

used_models: set[type[BaseModel]] = set()
"""Every model that an operation refers to; filled while routes are declared."""


class ErrorRecord(Response):
    """Windows' error record; Detail says what is wrong and what to mend."""

    detail: str | None = None


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
    """Return the answer of an operation that works.

    model: None where it has no body, or one of `texts` only.
    """
    described: Json = {"description": "Done."}
    content: Json = {}
    if model is not None:
        content = _content(model, REPLIES if example is None else {model: example}, many=many)
    content |= {text: {"schema": {"type": "string"}} for text in texts}
    if content:
        described["content"] = content
    if status == _CREATED:
        described["headers"] = _headers("Location")
    elif many:
        described["headers"] = _headers("Link")
    return described


def event_stream(model: type[BaseModel]) -> Json:
    """Return the answer that is a stream of events: OpenAPI 3.1 knows it as a text only."""
    used_models.add(model)
    content: Json = {"schema": {"type": "string"}}
    if model in EVENTS:
        content["example"] = EVENTS[model]
    return {
        "description": f"Server-Sent Events; the data of each is a {model.__name__}.",
        "content": {"text/event-stream": content},
    }


def refusal(model: type[BaseModel]) -> Json:
    """Return the answer of an operation that is refused."""
    return {
        "description": "Refused.",
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
