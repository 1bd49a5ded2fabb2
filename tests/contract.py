"""Every answer of a test's client is what the OpenAPI document says of it.

Status, media type and body are compared with the operation's answers. Paths and methods outside
the document are not looked at, nor are the events of a stream.
"""

import re
from functools import cache
from typing import Any, NamedTuple

import httpx
from jsonschema_rs import Draft202012Validator

from hnsemu.config import Settings
from hnsemu.main import create_app

Json = dict[str, Any]

_IDS = Draft202012Validator({"type": "array", "items": {"type": "string"}})
"""Answers with `view=ids`: the document says it in words, as generators read one schema only."""

_OBJECTS = Draft202012Validator({"type": ["object", "array"], "items": {"type": "object"}})
"""Answers to queries with schema version 1, which have the members of HNS 1."""

_OF_SCHEMA_1 = re.compile(r'"Major"\s*:\s*1\b')
_OF_A_HOST = 2  # segments of /hosts/{name}


class Operation(NamedTuple):
    """An operation of the document."""

    method: str
    path: str


def check(response: httpx.Response) -> None:
    """Compare an answer, whose body has been read, with the document.

    Raises: AssertionError for an answer that the document does not describe.
    """
    operation = operation_of(response.request.method, response.request.url.path)
    if operation is None:
        return
    where = f"{operation.method.upper()} {operation.path}: {response.status_code}"
    answer = _answer(operation, response.status_code)
    content = answer.get("content", {})
    if not content or response.request.method == "HEAD":
        assert not response.content, f"{where}: the document has no body here"
        return
    media_type = response.headers.get("Content-Type", "").partition(";")[0]
    assert media_type in content, f"{where}: {media_type!r} is none of {sorted(content)}"
    if media_type == "application/json":
        validator = _validator_of(response, operation)
        error = next(validator.iter_errors(response.json()), None)
        assert error is None, f"{where}: {error.message} at {error.instance_path}"


async def check_when_read(response: httpx.Response) -> None:
    """Read an answer and compare it, as an event hook of an asynchronous client."""
    await response.aread()
    check(response)


def operation_of(method: str, path: str) -> Operation | None:
    """Return the operation that answers a request, None where the document has none."""
    segments = path.strip("/").split("/")
    if segments[0] == "hosts" and len(segments) > _OF_A_HOST:
        segments = segments[_OF_A_HOST:]
    method = "get" if method == "HEAD" else method.lower()
    templates = _templates().get(len(segments), [])
    found = [
        template
        for template in templates
        if all(
            ours == theirs or ours.startswith("{")
            for ours, theirs in zip(template.strip("/").split("/"), segments, strict=True)
        )
    ]
    if not found:
        return None
    template = min(found, key=lambda path: path.count("{"))
    return Operation(method, template) if method in document()["paths"][template] else None


@cache
def document() -> Json:
    """Return the OpenAPI document that the service answers with; it takes a second to make."""
    return create_app(Settings(database_url="sqlite://")).openapi()


@cache
def _templates() -> dict[int, list[str]]:
    """Return the paths of the document by their number of segments."""
    templates: dict[int, list[str]] = {}
    for path in document()["paths"]:
        templates.setdefault(path.strip("/").count("/") + 1, []).append(path)
    return templates


def _answer(operation: Operation, status: int) -> Json:
    answers = document()["paths"][operation.path][operation.method]["responses"]
    described = str(status) in answers
    assert described or status >= 400, (
        f"{operation.method.upper()} {operation.path}: {status} is none of {sorted(answers)}"
    )
    return dict(answers[str(status) if described else "default"])


def _validator_of(response: httpx.Response, operation: Operation) -> Draft202012Validator:
    parameters = response.request.url.params
    if response.is_success and parameters.get("view") == "ids":
        return _IDS
    if response.is_success and _OF_SCHEMA_1.search(parameters.get("query", "")):
        return _OBJECTS
    return _validator(operation, response.status_code)


@cache
def _validator(operation: Operation, status: int) -> Draft202012Validator:
    schema = _answer(operation, status)["content"]["application/json"]["schema"]
    return Draft202012Validator({**schema, "components": document()["components"]})
