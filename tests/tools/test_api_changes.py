"""Changes that break clients are named; others are not."""

import copy
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools import api_changes
from tools.api_changes import breaking
from tools.changelog import UNRELEASED

Json = dict[str, Any]

DOCUMENT: Json = {
    "paths": {
        "/v2/networks": {
            "get": {
                "operationId": "listNetworks",
                "parameters": [
                    {"name": "limit", "schema": {"type": "integer", "maximum": 999}},
                    {"name": "query", "schema": {"type": "string"}},
                ],
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "array",
                                    "items": {"$ref": "#/components/schemas/Network"},
                                }
                            }
                        }
                    }
                },
            },
            "post": {
                "operationId": "createNetwork",
                "parameters": [],
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Request"}}
                    }
                },
                "responses": {"201": {}},
            },
        }
    },
    "components": {
        "schemas": {
            "Network": {
                "type": "object",
                "required": ["ID"],
                "properties": {
                    "ID": {"type": "string"},
                    "Flags": {"type": "integer", "format": "int64"},
                    "Type": {"type": "string", "x-extensible-enum": ["NAT", "ICS"]},
                },
            },
            "Request": {
                "type": "object",
                "required": ["Type"],
                "properties": {
                    "Type": {"type": "string"},
                    "Subnets": {
                        "type": "array",
                        "items": {"$ref": "#/components/schemas/Subnet"},
                    },
                },
            },
            "Subnet": {"type": "object", "properties": {"Prefix": {"type": "string"}}},
            "Settings": {
                "type": "object",
                "required": ["Name"],
                "properties": {"Name": {"type": "string"}, "Text": {"type": "string"}},
            },
        }
    },
}


def changed(change: Callable[[Json], object]) -> list[tuple[str, str]]:
    new = copy.deepcopy(DOCUMENT)
    change(new)
    return [(each.subject, each.text) for each in breaking(DOCUMENT, new)]


def network(document: Json) -> Json:
    found: Json = document["components"]["schemas"]["Network"]
    return found


def schema(document: Json, name: str) -> Json:
    found: Json = document["components"]["schemas"][name]
    return found


def listing(document: Json) -> Json:
    found: Json = document["paths"]["/v2/networks"]["get"]
    return found


LIST, CREATE, MODEL = "listNetworks", "createNetwork", "Network"


@pytest.mark.parametrize(
    ("change", "subject", "text"),
    [
        (lambda d: d["paths"]["/v2/networks"].pop("post"), CREATE, "POST /v2/networks is gone"),
        (lambda d: listing(d).update(operationId="get"), LIST, "is called get now"),
        (lambda d: listing(d)["parameters"].pop(), LIST, "parameter query is gone"),
        (
            lambda d: listing(d)["parameters"][1].update(required=True),
            LIST,
            "parameter query is required now",
        ),
        (
            lambda d: listing(d)["parameters"][0]["schema"].update(maximum=100),
            LIST,
            "parameter limit: maximum is 100 now",
        ),
        (lambda d: listing(d)["responses"].pop("200"), LIST, "answer 200 is gone"),
        (
            lambda d: listing(d)["responses"]["200"].update(content={}),
            LIST,
            "answer 200 no longer comes as application/json",
        ),
        (
            lambda d: d["paths"]["/v2/networks"]["post"].update(requestBody={"required": True}),
            CREATE,
            "a body is required now",
        ),
        (lambda d: d["components"]["schemas"].pop("Network"), MODEL, "is gone"),
        (lambda d: network(d)["properties"].pop("Flags"), MODEL, "member Flags is gone"),
        (
            lambda d: network(d)["properties"]["Flags"].update(format="int32"),
            MODEL,
            "member Flags: integer int64 is integer int32 now",
        ),
        (
            lambda d: network(d)["properties"].update(
                Flags={"$ref": "#/components/schemas/NetworkFlags"}
            ),
            MODEL,
            "member Flags: integer int64 is NetworkFlags now",
        ),
        (
            lambda d: network(d)["properties"]["Type"].update({"x-extensible-enum": ["NAT"]}),
            MODEL,
            "member Type: ICS is gone",
        ),
        (lambda d: network(d)["required"].clear(), MODEL, "member ID may be absent now"),
        (
            lambda d: schema(d, "Request")["required"].append("Subnets"),
            "Request",
            "member Subnets is required now",
        ),
        (
            lambda d: schema(d, "Subnet").update(required=["Prefix"]),
            "Subnet",
            "member Prefix is required now",
        ),
        (
            lambda d: schema(d, "Settings")["required"].append("Text"),
            "Settings",
            "member Text is required now",
        ),
        (
            lambda d: schema(d, "Settings")["required"].clear(),
            "Settings",
            "member Name may be absent now",
        ),
        (
            lambda d: network(d).update(additionalProperties=False),
            MODEL,
            "it: members that it does not list are refused now",
        ),
    ],
)
def test_what_breaks_clients_is_named(
    change: Callable[[Json], object], subject: str, text: str
) -> None:
    assert changed(change) == [(subject, text)]


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["paths"].update({"/v2/more": {}}),
        lambda d: listing(d)["parameters"].append({"name": "after", "schema": {}}),
        lambda d: listing(d)["responses"].update({"206": {}}),
        lambda d: listing(d)["parameters"][0]["schema"].update(maximum=1000),
        lambda d: network(d)["properties"].update(Owner={"type": "string"}),
        # of an answer: clients ignore what they do not know, and read what is always there
        lambda d: network(d).update(
            properties={**network(d)["properties"], "Owner": {"type": "string"}},
            required=["ID", "Owner"],
        ),
        lambda d: network(d)["required"].append("Type"),
        # of a request
        lambda d: schema(d, "Request")["properties"].update(Name={"type": "string"}),
        lambda d: schema(d, "Request")["required"].clear(),
        lambda d: network(d)["properties"]["Type"]["x-extensible-enum"].append("Overlay"),
        lambda d: d["components"]["schemas"].update(More={}),
    ],
)
def test_what_they_survive_is_not(change: Callable[[Json], object]) -> None:
    assert changed(change) == []


LAST = json.loads((api_changes.ROOT / "openapi/released.json").read_text())


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a checkout that serves what the last version served."""
    (tmp_path / "openapi").mkdir()
    for name in ("released", "openapi"):
        (tmp_path / "openapi" / f"{name}.json").write_text(json.dumps(LAST))
    (tmp_path / "CHANGELOG.md").write_text(f"{UNRELEASED}\n### Removed\n- Blanks.\n")
    monkeypatch.setattr(api_changes, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["api_changes"])
    return tmp_path


def without(operation: str) -> str:
    """Return the document of the last version without an operation."""
    document = copy.deepcopy(LAST)
    for methods in document["paths"].values():
        for method in [name for name, found in methods.items() if isinstance(found, dict)]:
            if methods[method].get("operationId") == operation:
                del methods[method]
    return json.dumps(document)


@pytest.mark.usefixtures("checkout")
def test_what_the_last_version_served_passes() -> None:
    assert api_changes.main() == 0


def test_an_operation_of_the_last_version_that_is_gone_fails(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "openapi" / "openapi.json").write_text(without("deleteNetwork"))
    assert api_changes.main() == 1
    assert "deleteNetwork: DELETE /v2/networks/{id} is gone\n" in capsys.readouterr().out


def test_it_passes_when_a_breaking_entry_names_it(checkout: Path) -> None:
    (checkout / "openapi" / "openapi.json").write_text(without("deleteNetwork"))
    with (checkout / "CHANGELOG.md").open("a") as changelog:
        changelog.write("- **Breaking:** `deleteNetwork` is gone.\n")
    assert api_changes.main() == 0
