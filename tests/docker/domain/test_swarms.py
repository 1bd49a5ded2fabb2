"""What managers keep: ids, tokens, and a record that reads as it was written."""

import json
from dataclasses import asdict, replace

import pytest

from hnsemu.docker.domain.networks import Pool
from hnsemu.docker.domain.swarms import (
    Role,
    Swarm,
    SwarmNetwork,
    SwarmNode,
    digest_of,
    is_swarm_id,
    new_swarm_id,
    new_token,
    swarm_from,
    with_network,
    with_node,
    without_network,
    without_node,
)
from hnsemu.host import SeededSource

TOKEN = "SWMTKN-1-" + "d" * 50 + "-" + "s" * 25
SWARM = Swarm("s" * 25, {"Name": "default"}, TOKEN, TOKEN, ("10.0.0.0/8",), 24, 4789)
NODE = SwarmNode("n" * 25, "node", "10.0.0.4", Role.MANAGER, "28.5.2")
MESH = SwarmNetwork("m" * 25, "mesh", (Pool("10.0.1.0/24", "", "10.0.1.1"),), (4097,), (0,))


def test_ids_have_25_characters() -> None:
    made = new_swarm_id(SeededSource())
    assert is_swarm_id(made)
    assert not is_swarm_id("0" * 64)


def test_tokens_of_a_swarm_share_their_digest_and_nothing_else() -> None:
    source = SeededSource()
    worker = new_token(source)
    manager = new_token(source, digest_of(worker))
    assert digest_of(worker) == digest_of(manager)
    assert worker != manager


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "SWMTKN-1-a-b",
        TOKEN[:-1],
        TOKEN.replace("-1-", "-2-"),
        TOKEN.replace("-1-", "-3-"),
        TOKEN.replace("d", "!"),
        TOKEN.replace("d", "٣"),
    ],
)
def test_another_text_is_no_token(text: str) -> None:
    assert digest_of(text) == ""


def test_a_token_of_the_second_format_says_whether_fips_is_on() -> None:
    assert digest_of(TOKEN.replace("-1-", "-2-1-")) == "d" * 50
    assert digest_of(TOKEN.replace("-1-", "-2-9-")) == ""


def test_a_record_reads_as_it_was_written() -> None:
    swarm = with_network(with_node(SWARM, NODE, 7), MESH, 8)
    assert swarm_from(json.loads(json.dumps(asdict(swarm)))) == swarm


def test_each_change_has_a_version_of_its_own() -> None:
    one = with_node(SWARM, NODE, 7)
    two = with_node(one, replace(one.nodes[0], name="first"), 9)
    assert (one.version, two.version) == (SWARM.version + 1, SWARM.version + 2)
    assert [(node.name, node.version, node.created) for node in two.nodes] == [
        ("first", two.version, 7)
    ]


def test_what_is_removed_is_gone() -> None:
    full = with_network(with_node(SWARM, NODE, 7), MESH, 8)
    empty = without_node(without_network(full, MESH.id), NODE.id)
    assert (empty.nodes, empty.networks) == ((), ())


def test_a_network_is_meant_by_its_id_before_another_by_its_name() -> None:
    other = replace(MESH, id="o" * 25, name=MESH.id)
    swarm = replace(SWARM, networks=(other, MESH))
    assert swarm.network(MESH.id) == MESH
    assert swarm.network("mesh") == MESH
    assert swarm.network("gone") is None
