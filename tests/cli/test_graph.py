"""hnsemu graph."""

import json

from tests.cli.conftest import Hnsemu


def test_a_graph_is_what_the_api_draws(hnsemu: Hnsemu) -> None:
    drawn = hnsemu("graph")
    assert drawn.exit_code == 0
    assert drawn.stdout.startswith("flowchart LR")
    assert "web" in drawn.stdout
    assert hnsemu("graph", "-o", "svg").stdout.startswith("<svg")


def test_a_graph_is_narrowed_as_lists_are(hnsemu: Hnsemu) -> None:
    drawn = hnsemu(
        "graph", "-o", "json", "--where", "Name=web", "--layers", "none", "--with", "node"
    )
    parts = json.loads(drawn.stdout)["Hosts"][0]["Parts"]
    assert {part["Kind"] for part in parts} == {"switch"}
    assert hnsemu("graph", "--with", "nobody").exit_code == 5
