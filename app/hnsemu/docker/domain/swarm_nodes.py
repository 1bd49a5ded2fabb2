"""The nodes of a swarm: who is meant, who is listed, and what may become of one.

Source: swarmkit manager/controlapi/node.go, moby daemon/cluster helpers.go and filters.go [C].
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from hnsemu.docker.domain.filters import Filters
from hnsemu.docker.domain.ipam import quoted
from hnsemu.docker.domain.swarms import MANAGEMENT_PORT, Availability, Role, Swarm, SwarmNode
from hnsemu.docker.errors import BAD_REQUEST, FAILED, NOT_FOUND, DockerError

LISTED_BY = frozenset({"name", "id", "label", "role", "membership", "node.label"})

_PRECONDITION = "rpc error: code = FailedPrecondition desc = "


@dataclass(frozen=True, slots=True)
class NodeSpec:
    """What a client wants a node to be."""

    role: str
    availability: str
    name: str = ""
    labels: Mapping[str, str] | None = None


def found_node(swarm: Swarm, reference: str) -> SwarmNode:
    """Return the node of a full id, else of a host's name, else of the beginning of an id.

    Raises: DockerError 404, 400 for several.
    """
    exact = swarm.node(reference)
    if exact is not None:
        return exact
    several = [node for node in swarm.nodes if node.hostname.lower() == reference.lower()]
    several = several or [node for node in swarm.nodes if node.id.startswith(reference)]
    if not several:
        raise DockerError(NOT_FOUND, f"node {reference} not found")
    if len(several) > 1:
        text = f"node {reference} is ambiguous ({len(several)} matches found)"
        raise DockerError(BAD_REQUEST, text)
    return several[0]


def listed(swarm: Swarm, filters: Filters) -> list[SwarmNode]:
    """Return the nodes that the filters let pass.

    Raises: DockerError 400 for an unknown filter, 500 for an unknown role or membership.
    """
    filters.check(LISTED_BY)
    roles = _known(filters, "role", set(Role))
    memberships = _known(filters, "membership", {"pending", "accepted"})
    return [
        node
        for node in swarm.nodes
        if filters.beginning("name", node.hostname)
        and filters.beginning("id", node.id)
        and filters.labels({})  # of engines, which have none here
        and filters.labels(node.labels, "node.label")
        and (not roles or node.role in roles)
        and (not memberships or "accepted" in memberships)
    ]


def changed(swarm: Swarm, node: SwarmNode, spec: NodeSpec, version: int) -> SwarmNode:
    """Return a node as a client wants it.

    version: of the node as the client knows it.
    Raises: DockerError 400 for a bad member and for the demotion of the last manager; 500 where
            somebody else was faster.
    """
    role = next((role for role in Role if role == spec.role.lower()), None)
    if role is None:
        raise DockerError(BAD_REQUEST, f"invalid Role: {quoted(spec.role)}")
    wanted = spec.availability.lower()
    availability = next((known for known in Availability if known == wanted), None)
    if availability is None:
        raise DockerError(BAD_REQUEST, f"invalid Availability: {quoted(spec.availability)}")
    if node.role == Role.MANAGER and role == Role.WORKER and len(swarm.managers) == 1:
        what = "attempting to demote the last manager of the swarm"
        raise DockerError(BAD_REQUEST, f"{_PRECONDITION}{what}")
    check_version(version, node.version)
    manages = node.manager_address or f"{node.address}:{MANAGEMENT_PORT}"
    return replace(
        node,
        role=role,
        availability=availability,
        name=spec.name,
        labels=dict(spec.labels or {}),
        manager_address=manages if role == Role.MANAGER else "",
    )


def check_version(said: int, known: int) -> None:
    """Refuse a change of what somebody else has changed.

    Raises: DockerError 500.
    """
    if said != known:
        raise DockerError(FAILED, "rpc error: code = Unknown desc = update out of sequence")


def check_removal(node: SwarmNode, ready: Collection[str], *, forces: bool) -> None:
    """Refuse to remove a manager, or a node that is not down.

    ready: ids of the nodes that are there.
    Raises: DockerError 400.
    """
    if node.role == Role.MANAGER:
        what = (
            f"node {node.id} is a cluster manager and is a member of the raft cluster. It must be "
            "demoted to worker before removal"
        )
        raise DockerError(BAD_REQUEST, f"{_PRECONDITION}{what}")
    if node.id in ready and not forces:
        what = f"node {node.id} is not down and can't be removed"
        raise DockerError(BAD_REQUEST, f"{_PRECONDITION}{what}")


def _known(filters: Filters, name: str, known: Collection[str]) -> set[str]:
    """Return the values of a filter in lower case."""
    wanted = {text.lower() for text in filters.of(name) if text}
    for text in filters.of(name):
        if text and text.lower() not in known:
            raise DockerError(FAILED, f"Invalid {name} filter: '{text}'")
    return wanted
