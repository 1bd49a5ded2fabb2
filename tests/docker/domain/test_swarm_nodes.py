"""Nodes: who is meant, who is listed, and what may become of one."""

from dataclasses import replace
from typing import Any

import pytest

from hnsemu.docker.domain.filters import Filters
from hnsemu.docker.domain.swarm_nodes import (
    NodeSpec,
    changed,
    check_removal,
    check_version,
    found_node,
    listed,
)
from hnsemu.docker.domain.swarms import Availability, Role, Swarm, SwarmNode
from hnsemu.docker.errors import DockerError

FIRST = SwarmNode(
    "a" * 25, "first", "10.0.0.4", Role.MANAGER, "", manager_address="10.0.0.4:2377", version=9
)
SECOND = SwarmNode("ab" + "c" * 23, "second", "10.0.0.5", Role.WORKER, "", labels={"zone": "b"})
SWARM = Swarm("s" * 25, {}, "", "", (), 24, 4789, (FIRST, SECOND))


@pytest.mark.parametrize(
    ("reference", "node"), [("a" * 25, FIRST), ("SECOND", SECOND), ("ab", SECOND)]
)
def test_a_node_is_meant_by_id_name_or_beginning(reference: str, node: SwarmNode) -> None:
    assert found_node(SWARM, reference) == node


@pytest.mark.parametrize(
    ("reference", "status", "message"),
    [("x", 404, "node x not found"), ("a", 400, "node a is ambiguous (2 matches found)")],
)
def test_another_reference_means_nobody(reference: str, status: int, message: str) -> None:
    with pytest.raises(DockerError) as refusal:
        found_node(SWARM, reference)
    assert (refusal.value.status, refusal.value.message) == (status, message)


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, ["first", "second"]),
        ({"role": ("worker",)}, ["second"]),
        ({"name": ("fir",)}, ["first"]),
        ({"id": ("ab",)}, ["second"]),
        ({"node.label": ("zone=b",)}, ["second"]),
        ({"label": ("zone=b",)}, []),
        ({"membership": ("pending",)}, []),
        ({"membership": ("accepted",)}, ["first", "second"]),
    ],
)
def test_filters_select_nodes(filters: dict[str, Any], names: list[str]) -> None:
    assert [node.hostname for node in listed(SWARM, Filters(filters))] == names


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"zone": ("b",)}, "invalid filter 'zone'"),
        ({"role": ("king",)}, "Invalid role filter: 'king'"),
        ({"membership": ("x",)}, "Invalid membership filter: 'x'"),
    ],
)
def test_bad_filters_are_refused(filters: dict[str, Any], message: str) -> None:
    with pytest.raises(DockerError, match=message):
        listed(SWARM, Filters(filters))


def test_a_worker_that_is_promoted_manages_at_the_port_of_swarms() -> None:
    promoted = changed(SWARM, SECOND, NodeSpec("manager", "drain"), 0)
    assert (promoted.role, promoted.manager_address) == (Role.MANAGER, "10.0.0.5:2377")
    assert promoted.availability == Availability.DRAIN


def test_a_manager_that_is_demoted_manages_no_more() -> None:
    swarm = replace(SWARM, nodes=(FIRST, replace(SECOND, role=Role.MANAGER)))
    demoted = changed(swarm, FIRST, NodeSpec("worker", "active", "x", {"a": "b"}), 9)
    assert (demoted.manager_address, demoted.name, demoted.labels) == ("", "x", {"a": "b"})


@pytest.mark.parametrize(
    ("spec", "version", "status", "message"),
    [
        (NodeSpec("king", "active"), 9, 400, 'invalid Role: "king"'),
        (NodeSpec("manager", "away"), 9, 400, 'invalid Availability: "away"'),
        (NodeSpec("worker", "active"), 9, 400, "attempting to demote the last manager"),
        (NodeSpec("manager", "active"), 8, 500, "update out of sequence"),
    ],
)
def test_what_cannot_become_of_a_node(
    spec: NodeSpec, version: int, status: int, message: str
) -> None:
    with pytest.raises(DockerError) as refusal:
        changed(SWARM, FIRST, spec, version)
    assert refusal.value.status == status
    assert message in refusal.value.message


def test_a_version_that_somebody_overtook_is_refused() -> None:
    check_version(3, 3)
    with pytest.raises(DockerError, match="update out of sequence"):
        check_version(2, 3)


def test_a_node_that_is_there_goes_by_force_only() -> None:
    check_removal(SECOND, (), forces=False)
    check_removal(SECOND, (SECOND.id,), forces=True)
    with pytest.raises(DockerError, match="is not down and can't be removed"):
        check_removal(SECOND, (SECOND.id,), forces=False)


def test_a_manager_is_demoted_before_it_is_removed() -> None:
    with pytest.raises(DockerError, match="must be demoted to worker before removal"):
        check_removal(FIRST, (), forces=True)
