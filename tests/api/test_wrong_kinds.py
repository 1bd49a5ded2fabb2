"""Values of wrong kinds in every member of every document that the OpenAPI document has.

What only the emulator has goes by its schema: whatever that refuses is refused, and changes
nothing. HNS is more lenient in documents of its own, but never fails.
"""

import re
from collections.abc import Iterator
from typing import Any

import httpx
from fastapi import FastAPI
from jsonschema_rs import Draft202012Validator

from tests import contract
from tests.api.calls import WORKING, Call
from tests.api.test_bad_input import Kept

Json = Any
Path = tuple[str | int, ...]

KINDS: list[Json] = [True, 2.5, "1", 1, [], {"x": 1}, 2**63]
OF_STATE: list[Json] = [True, [], {"x": 1}]

OF_THE_LIBRARY = re.compile(
    r"input should|field required|value error|pydantic|unable to", re.IGNORECASE
)
"""Words that a client of ours cannot know."""

DOCUMENT = contract.document()

LENIENT = {"/emulator/hosts/{name}/bulk": "documents of HCN"}
FREE: dict[str, str] = {
    "match.request": "any JSON value",
    "match.answer": "any JSON value",
    "external_switches.0": "a name alone stands for a switch",
    "Change.ModifyEndpoint": "a document of HCN",
    "Change.ModifyNetwork": "a document of HCN",
    "Change.CreateLoadBalancer": "a document of HCN",
}
"""Members that take more than the schema says, and why."""

OPERATIONS = [
    (path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for operation in methods.values()
    if "requestBody" in operation and operation["operationId"] in WORKING
]
EXACT = [
    (path, operation)
    for path, operation in OPERATIONS
    if path.startswith(("/emulator", "/host")) and path not in LENIENT
]


def schema_of(operation: Json) -> Json:
    return operation["requestBody"]["content"]["application/json"]["schema"]


def members(schema: Json, path: Path = (), names: tuple[str, ...] = ()) -> Iterator[Path]:
    """Yield the paths of a document's members; 0 stands for the first item of a list."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name in names:
            return
        schema, names = DOCUMENT["components"]["schemas"][name], (*names, name)
    for choice in [*schema.get("anyOf", ()), *schema.get("oneOf", ())]:
        yield from members(choice, path, names)
    inner = dict(schema.get("properties", {}))
    if isinstance(schema.get("items"), dict):
        inner[0] = schema["items"]
    for name, member in inner.items():
        yield (*path, name)
        yield from members(member, (*path, name), names)


def changed(document: Json, path: Path, value: Json) -> Json:
    """Return a document with another value at a path; what is missing on the way is made."""
    if not path:
        return value
    first, *others = path
    if isinstance(first, int):
        items = document if isinstance(document, list) else []
        return [changed(items[0] if items else None, tuple(others), value), *items[1:]]
    known = document if isinstance(document, dict) else {}
    return {**known, first: changed(known.get(first), tuple(others), value)}


def is_number_for_text(schema_error: Json, value: Json) -> bool:
    """Tell whether a number stands where a text is wanted, which is read as that text."""
    return isinstance(value, int | float) and "string" in str(schema_error.kind.as_dict())


def is_free(path: Path) -> bool:
    return any(".".join(map(str, path)).startswith(name) for name in FREE)


def wrong_documents(path: str, operation: Json) -> Iterator[tuple[Path, Json]]:
    """Yield members, and documents in which these have a value that the schema refuses."""
    call = WORKING[operation["operationId"]]
    schema = {**schema_of(operation), "components": DOCUMENT["components"]}
    validator = Draft202012Validator(schema)
    for member in dict.fromkeys(members(schema)):
        for value in OF_STATE if path.endswith("/state") else KINDS:
            document = changed(call.json or {}, member, value)
            error = next(validator.iter_errors(document), None)
            if error is not None and not is_number_for_text(error, value):
                yield member, document


async def refusal(client: httpx.AsyncClient, call: Call, document: Json) -> str:
    """Send a document; return the refusal, "" for none."""
    answer = await client.request(call.method, call.path, json=document)
    assert answer.status_code < 500, (document, answer.text)
    assert not OF_THE_LIBRARY.search(answer.text), (document, answer.text)
    return "" if answer.is_success else answer.text


async def test_the_emulator_takes_no_value_that_its_schema_refuses(
    world: httpx.AsyncClient, service: FastAPI
) -> None:
    await service.state.service.recorder.close()  # it gives back numbers while nobody calls
    kept = Kept(service.state.service.database)
    for path, operation in EXACT:
        call = WORKING[operation["operationId"]]
        for member, document in wrong_documents(path, operation):
            if not is_free(member):
                assert await refusal(world, call, document), (call, document)
        kept.check(path)


async def test_no_value_of_a_wrong_kind_makes_hns_fail(world: httpx.AsyncClient) -> None:
    for path, operation in OPERATIONS:
        if (path, operation) not in EXACT:
            call = WORKING[operation["operationId"]]
            for _, document in wrong_documents(path, operation):
                await refusal(world, call, document)
