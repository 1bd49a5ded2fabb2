"""Changes that break clients are named; others are not."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tools.api_changes import announced, breaking

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
            "post": {"operationId": "createNetwork", "parameters": [], "responses": {"201": {}}},
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
            }
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
            "member Flags: format int64 is int32 now",
        ),
        (
            lambda d: network(d)["properties"]["Type"].update({"x-extensible-enum": ["NAT"]}),
            MODEL,
            "member Type: ICS is gone",
        ),
        (lambda d: network(d)["required"].append("Type"), MODEL, "member Type is required now"),
        (lambda d: network(d)["required"].clear(), MODEL, "member ID may be absent now"),
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
        lambda d: network(d)["properties"]["Type"]["x-extensible-enum"].append("Overlay"),
        lambda d: d["components"]["schemas"].update(More={}),
    ],
)
def test_what_they_survive_is_not(change: Callable[[Json], object]) -> None:
    assert changed(change) == []


def test_the_changelog_announces_in_backticks_under_breaking() -> None:
    changelog = (
        "# Changelog\n## Unreleased\n### Added\n- `listNetworks` pages.\n"
        "### Breaking\n- `createNetwork` wants a body, and `Network` lost `Flags`.\n"
        "### Fixed\n- `x`\n"
        "## 1.0.0\n### Breaking\n- `old`\n"
    )
    assert announced(changelog) == {"createNetwork", "Network", "Flags"}
    assert announced("# Changelog\n") == set()
