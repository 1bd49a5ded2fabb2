"""The OpenAPI document is committed, valid, and has the form that client generators need."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from jsonschema_rs import Draft202012Validator
from openapi_spec_validator import validate

from hnsemu.api.openapi_3_0 import as_3_0
from hnsemu.api.openapi_parts import PARTS
from hnsemu.config import Settings
from hnsemu.main import create_app
from tools.openapi import DOCUMENT, DOCUMENT_3_0, served

_METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Return the document that the application serves."""
    return create_app(Settings(database_url="sqlite://")).openapi()


def _nodes(node: object, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object of the document except examples, with its path."""
    if isinstance(node, dict):
        yield path, node
        for name, value in node.items():
            if name not in {"example", "examples"}:
                yield from _nodes(value, f"{path}/{name}")
    elif isinstance(node, list):
        for position, value in enumerate(node):
            yield from _nodes(value, f"{path}/{position}")


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert method in _METHODS
            yield f"{method} {path}", operation


async def test_the_document_is_served_and_committed(client: httpx.AsyncClient) -> None:
    for path, text in served().items():
        assert path.read_text() == text, "run make openapi"
    answer = await client.get("/openapi.json")
    assert answer.json() == (await client.get("/hosts/default/openapi.json")).json()
    assert answer.json()["paths"].keys() >= {"/v2/networks", "/v1/networks", "/host", "/healthz"}


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)


async def test_version_3_0_is_served_too_and_valid(
    client: httpx.AsyncClient, document: dict[str, Any]
) -> None:
    older = (await client.get("/openapi-3.0.json")).json()
    assert older == json.loads(DOCUMENT_3_0.read_text()) == as_3_0(document)
    validate(older)  # as 3.0: its schemas have no member that only 3.1 knows
    assert older["openapi"] == "3.0.3"
    operations = {operation["operationId"] for _, operation in _operations(older)}
    assert operations == {operation["operationId"] for _, operation in _operations(document)}
    assert older["components"]["schemas"].keys() == document["components"]["schemas"].keys()


def test_version_3_0_says_what_3_1_says(document: dict[str, Any]) -> None:
    older = as_3_0(document)
    assert older["info"]["license"] == {"name": "Apache-2.0"}
    schemas, before = older["components"]["schemas"], document["components"]["schemas"]
    mac = before["AdapterSettings"]["properties"]["mac"]
    assert schemas["AdapterSettings"]["properties"]["mac"]["example"] == mac["examples"][0]
    assert schemas["ExtraParams"]["properties"]["Resources"] == {
        "allOf": [{"$ref": "#/components/schemas/Resources"}],
        "readOnly": True,
    }
    example = older["paths"]["/v2/networks"]["post"]["requestBody"]["content"]["application/json"]
    assert (
        example["example"]
        == (
            document["paths"]["/v2/networks"]["post"]["requestBody"]["content"]["application/json"]
        )["example"]
    )
    for where, node in _nodes(older):
        assert "examples" not in node, where
        assert "$ref" not in node or len(node) == 1, where


def test_version_3_0_has_errors_by_range(document: dict[str, Any]) -> None:
    """Progenitor reads `default` as a success, too."""
    for where, operation in _operations(as_3_0(document)):
        answers = operation["responses"]
        assert "default" not in answers, where
        assert answers["4XX"] == answers["5XX"], where


async def test_parts_are_complete_documents_that_share_only_models(
    client: httpx.AsyncClient, document: dict[str, Any]
) -> None:
    parts = {name: (await client.get(f"/openapi-{name}.json")).json() for name in PARTS}
    for part in parts.values():
        validate(part)
        assert part["servers"] == document["servers"]
    assert sum(len(part["paths"]) for part in parts.values()) == len(document["paths"])
    assert {path for part in parts.values() for path in part["paths"]} == set(document["paths"])
    schemas = document["components"]["schemas"]
    assert {name for part in parts.values() for name in part["components"]["schemas"]} == set(
        schemas
    )
    assert "AclPolicySetting" in parts["v2"]["components"]["schemas"]
    assert "HNSNetwork" not in parts["v2"]["components"]["schemas"]
    assert "HostComputeNetwork" not in parts["v1"]["components"]["schemas"]
    assert (await client.get("/openapi-v3.json")).status_code == 404


def test_operations_have_names_a_tag_and_the_error_record(document: dict[str, Any]) -> None:
    tags = {tag["name"] for tag in document["tags"]}
    names = [operation["operationId"] for _, operation in _operations(document)]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z]+([A-Z][a-z0-9]*)+", name) for name in names), names
    for where, operation in _operations(document):
        assert len(operation["tags"]) == 1, where
        assert set(operation["tags"]) <= tags, where
        refused = operation["responses"]["default"]["content"]["application/json"]["schema"]
        of_v1 = " /v1/" in where
        assert refused["$ref"].endswith("/HNSEnvelope" if of_v1 else "/ErrorRecord"), where


def test_integers_have_64_bits_and_nothing_is_null(document: dict[str, Any]) -> None:
    for where, node in _nodes(document):
        if node.get("type") == "integer":
            assert node["format"] == "int64", where
        assert node.get("type") != "null", where
        assert not {"anyOf", "oneOf", "const"} & node.keys(), where


def test_every_schema_is_open_for_members_of_a_later_version(document: dict[str, Any]) -> None:
    assert "ignores those it does not know" in document["info"]["description"]
    for where, node in _nodes(document):
        assert node.get("additionalProperties") is not False, where
        assert "unevaluatedProperties" not in node, where


def test_no_member_has_a_default_that_would_make_clients_send_it(document: dict[str, Any]) -> None:
    for where, node in _nodes(document["components"]["schemas"]):
        assert "default" not in node, where


def test_references_lead_somewhere(document: dict[str, Any]) -> None:
    known = {
        f"#/components/{kind}/{name}"
        for kind, parts in document["components"].items()
        for name in parts
    }
    for where, node in _nodes(document):
        if "$ref" in node:
            assert node["$ref"] in known, where


def test_components_are_nouns(document: dict[str, Any]) -> None:
    names = document["components"]["schemas"]
    assert all(re.fullmatch(r"[A-Z][A-Za-z0-9]*", name) for name in names)
    assert {"AclPolicySetting", "HostComputeQuery", "PolicyEndpointRequest"} <= names.keys()


def test_a_created_object_links_to_its_operations(document: dict[str, Any]) -> None:
    for where, operation in _operations(document):
        if where.startswith("post /v2/"):
            links = operation["responses"]["201"]["links"]
            assert any(name.startswith("delete") for name in links), where
            assert any(name.startswith("get") for name in links), where


def test_a_created_object_of_hns_1_links_to_its_operations_too(document: dict[str, Any]) -> None:
    links = document["paths"]["/v1/endpoints"]["post"]["responses"]["200"]["links"]
    assert links["attachHnsEndpoint"]["parameters"] == {"id": "$response.body#/Output/ID"}
    assert {"getHnsEndpoint", "deleteHnsEndpoint"} <= links.keys()


def test_links_name_parameters_of_the_operation(document: dict[str, Any]) -> None:
    parameters = {
        operation["operationId"]: {parameter["name"] for parameter in operation["parameters"]}
        for _, operation in _operations(document)
    }
    for where, node in _nodes(document):
        for link in node.get("links", {}).values():
            assert link["parameters"].keys() <= parameters[link["operationId"]], where


def test_enumerations_are_open_for_a_later_windows(document: dict[str, Any]) -> None:
    for where, node in _nodes(document["components"]):
        assert "enum" not in node, where
    policy = document["components"]["schemas"]["EndpointPolicyType"]
    assert policy["type"] == "string"
    assert {"ACL", "OutBoundNAT"} <= set(policy["x-extensible-enum"])
    assert "OutBoundNAT" in policy["description"]


@pytest.mark.parametrize(
    ("schema", "member", "name"),
    [
        ("HostComputeNetwork", "Flags", "NetworkFlags"),
        ("HNSEndpoint", "Flags", "EndpointFlags"),
        ("LoadBalancerPortMapping", "Protocol", "ProtocolType"),
        ("LoadBalancerPortMapping", "DistributionType", "LoadBalancerDistribution"),
    ],
)
def test_integers_with_a_meaning_have_a_name(
    schema: str, member: str, name: str, document: dict[str, Any]
) -> None:
    schemas = document["components"]["schemas"]
    assert schemas[schema]["properties"][member] == {"$ref": f"#/components/schemas/{name}"}
    assert schemas[name]["type"] == "integer"
    assert schemas[name]["description"]
    for where, node in _nodes(schemas):
        assert not isinstance(node.get("title"), str), f"{where}: a title is no name for clients"


def test_no_schema_has_the_name_of_a_type_that_generated_servers_declare(
    document: dict[str, Any],
) -> None:
    types_of_ogen = {  # of version 1.24.0
        "Client",
        "ClientOption",
        "ErrorHandler",
        "Handler",
        "Invoker",
        "Labeler",
        "Middleware",
        "Option",
        "Route",
        "SecurityHandler",
        "SecuritySource",
        "Server",
        "ServerOption",
        "UnimplementedHandler",
    }
    assert not types_of_ogen & document["components"]["schemas"].keys()


@pytest.mark.parametrize("kind", ["EndpointPolicy", "NetworkPolicy", "SubnetPolicy"])
def test_policies_of_any_type_have_any_settings(kind: str, document: dict[str, Any]) -> None:
    settings = document["components"]["schemas"][kind]["properties"]["Settings"]
    assert settings == {"type": "object", "additionalProperties": True}


def test_a_token_may_be_sent_to_all_but_the_probes(document: dict[str, Any]) -> None:
    (name,) = document["components"]["securitySchemes"]
    assert document["security"] == [{}, {name: []}]
    without = {
        path
        for path, methods in document["paths"].items()
        for method in methods.values()
        if method.get("security") == []
    }
    assert without == {"/healthz", "/livez", "/readyz"}


def test_one_server_with_the_host_as_a_variable(document: dict[str, Any]) -> None:
    (server,) = document["servers"]
    assert server["url"] == "http://{address}/hosts/{host}"
    assert set(server["variables"]) == {"address", "host"}
    assert all(variable["default"] for variable in server["variables"].values())


def test_openapi_3_1_holds_nothing_of_3_2(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    for where, node in _nodes(document):
        assert not {"itemSchema", "itemEncoding", "additionalOperations", "query"} & node.keys(), (
            where
        )


def test_no_two_members_differ_only_in_case(document: dict[str, Any]) -> None:
    for where, node in _nodes(document["components"]["schemas"]):
        members = [name.lower() for name in node.get("properties", {})]
        assert len(members) == len(set(members)), where


def test_examples_are_what_their_schemas_say(document: dict[str, Any]) -> None:
    components = document["components"]
    shown = 0
    for where, node in _nodes(document):
        if "example" in node and "schema" in node and "event-stream" not in where:
            schema = {**node["schema"], "components": components}
            found = list(Draft202012Validator(schema).iter_errors(node["example"]))
            assert not found, f"{where}: {found[0].message}"
            shown += 1
        for example in node.get("examples", []) if "type" in node else []:
            assert Draft202012Validator({**node, "components": components}).is_valid(example), where
    assert shown > 100


def test_the_bodies_in_the_docs_are_what_their_schema_says(document: dict[str, Any]) -> None:
    folder = DOCUMENT.parents[1]
    texts = [path.read_text() for path in (folder / "README.md", *(folder / "docs").glob("*.md"))]
    schema = {"$ref": "#/components/schemas/HostSettings", "components": document["components"]}
    put = re.compile(r"-X PUT \S+/emulator/hosts/\S+[\s\\]+-d '([^']+)'")
    bodies = [json.loads(body) for text in texts for body in put.findall(text)]
    assert len(bodies) >= 2
    for body in bodies:
        assert body.keys() <= document["components"]["schemas"]["HostSettings"]["properties"].keys()
        assert Draft202012Validator(schema).is_valid(body), body


async def test_resources_are_of_the_published_schema(
    client: httpx.AsyncClient, document: dict[str, Any]
) -> None:
    (nat,) = (await client.get("/v2/networks")).json()  # the one that every host begins with
    block = nat["Health"]["Extra"]["Resources"]
    published = document["components"]["schemas"]["Resources"]["properties"]
    assert block.keys() <= published.keys()
    assert block["Health"]["LastUpdateTime"] > 2**56
    closed = {"$ref": "#/components/schemas/Resources", "components": document["components"]}
    assert Draft202012Validator(closed).is_valid(block)


def test_every_body_has_an_example(document: dict[str, Any]) -> None:
    for where, operation in _operations(document):
        if "requestBody" in operation:
            assert "example" in operation["requestBody"]["content"]["application/json"], where
