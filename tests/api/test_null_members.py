"""A member sent as null is a member without a value, as on the way out: no list breaks its schema.

The client of these tests compares each answer with the OpenAPI document (`tests/contract.py`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from hnsemu.api.examples import ENDPOINT, NETWORK
from tests import contract
from tests.api.calls import WORKING

Json = dict[str, Any]

_DOCUMENT = contract.document()
_UNSET = {"Settings": None}
_V2 = {"Major": 2, "Minor": 0}
_DEEPEST = 6


@pytest.mark.parametrize(
    ("method", "path", "request_document"),
    [
        (
            "POST",
            "/v2/networks",
            {
                "Name": "another",
                "Type": "Private",
                "Policies": [{"Type": "AutomaticDNS", **_UNSET}],
                "SchemaVersion": _V2,
            },
        ),
        (
            "POST",
            f"/v2/networks/{NETWORK}/endpoints",
            {"Policies": [{"Type": "OutBoundNAT", **_UNSET}], "SchemaVersion": _V2},
        ),
        (
            "PATCH",
            f"/v2/endpoints/{ENDPOINT}",
            {
                "ResourceType": "Policy",
                "RequestType": "Add",
                "Settings": {"Policies": [{"Type": "OutBoundNAT", **_UNSET}]},
            },
        ),
        (
            "PATCH",
            f"/v2/networks/{NETWORK}",
            {
                "ResourceType": "Policy",
                "RequestType": "Add",
                "Settings": {"Policies": [{"Type": "HostRoute", **_UNSET}]},
            },
        ),
    ],
    ids=["network", "endpoint", "changed endpoint", "changed network"],
)
async def test_settings_sent_as_null_are_shown_as_absent_ones(
    method: str, path: str, request_document: Json, world: httpx.AsyncClient
) -> None:
    answer = await world.request(method, path, json=request_document)
    assert answer.is_success, answer.text
    noun = path.split("/")[2] if method == "PATCH" else path.rpartition("/")[2]
    listed = (await world.get(f"/v2/{noun}")).json()
    settings = [
        policy["Settings"] for item in listed for policy in item.get("Policies", []) if policy
    ]
    assert {} in settings
    assert None not in settings


async def test_settings_sent_as_null_are_removed_as_absent_ones(world: httpx.AsyncClient) -> None:
    for request_type, policy in (
        ("Add", {"Type": "OutBoundNAT", **_UNSET}),
        ("Remove", {"Type": "OutBoundNAT"}),
    ):
        document = {
            "ResourceType": "Policy",
            "RequestType": request_type,
            "Settings": {"Policies": [policy]},
        }
        answer = await world.patch(f"/v2/endpoints/{ENDPOINT}", json=document)
        assert answer.status_code == 200, answer.text
    policies = (await world.get(f"/v2/endpoints/{ENDPOINT}")).json()["Policies"]
    assert all(policy["Settings"] for policy in policies)


@pytest.mark.parametrize(
    "operation",
    [
        name
        for name, call in WORKING.items()
        if call.json is not None and call.path.startswith(("/v1/", "/v2/"))
    ],
)
async def test_no_null_that_a_client_sends_breaks_a_list(
    operation: str, world: httpx.AsyncClient
) -> None:
    call = WORKING[operation]
    noun = call.path.split("/")[2]
    for document in _with_a_null(call.json, _body(operation)):
        answer = await world.request(call.method, call.path, json=document)
        assert answer.status_code < 500, document
        if f"/v2/{noun}" in _DOCUMENT["paths"]:
            assert (await world.get(f"/v2/{noun}")).status_code == 200, document


def _body(operation: str) -> Json:
    for methods in _DOCUMENT["paths"].values():
        for described in methods.values():
            if described["operationId"] == operation:
                content = described["requestBody"]["content"]
                return dict(content["application/json"]["schema"])
    raise KeyError(operation)


def _with_a_null(value: object, schema: Mapping[str, Any], depth: int = 0) -> Iterator[Any]:
    """Yield copies of a document in which one member, of it or of its schema, is null."""
    schema = _resolved(schema)
    if depth == _DEEPEST:
        return
    if isinstance(value, dict):
        members: Json = schema.get("properties", {})
        for name in sorted((members.keys() | value) - {"ID"}):
            yield {**value, name: None}
            inner = value.get(name) or _empty(members.get(name, {}))
            for changed in _with_a_null(inner, members.get(name, {}), depth + 1):
                yield {**value, name: changed}
    elif isinstance(value, list):
        yield [*value, None]
        items = schema.get("items", {})
        for changed in _with_a_null(value[0] if value else _empty(items), items, depth + 1):
            yield [changed, *value[1:]]


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Json = _DOCUMENT["components"]["schemas"][reference.rpartition("/")[2]]
    return found


def _empty(schema: Mapping[str, Any]) -> object:
    return {"object": {}, "array": []}.get(_resolved(schema).get("type", ""))
