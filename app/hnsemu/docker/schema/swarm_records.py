"""The record that managers keep of a swarm, as a state document may bring it."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from hnsemu.docker.domain.swarm_networks import seen
from hnsemu.docker.domain.swarms import (
    LONGEST_SUBNET,
    Place,
    Swarm,
    SwarmNetwork,
    is_swarm_id,
    swarm_from,
)
from hnsemu.docker.errors import BAD_REQUEST, DockerError
from hnsemu.docker.schema.golang import fit
from hnsemu.docker.schema.networks import network_document
from hnsemu.docker.schema.shapes import List, Map, Struct
from hnsemu.docker.schema.swarms import SPEC, node_document, swarm_document

_STAMPS = {"version": int, "created": int, "updated": int}
_POOL = Struct("pool", {"subnet": str, "ip_range": str, "gateway": str, "auxiliary": Map(str)})
_NODE = Struct(
    "node",
    {
        **dict.fromkeys(("id", "hostname", "address", "role", "engine", "availability"), str),
        "name": str,
        "labels": Map(str),
        "manager_address": str,
        **_STAMPS,
    },
)
_NETWORK = Struct(
    "network",
    {
        "id": str,
        "name": str,
        "pools": List(_POOL),
        "vxlans": List(int),
        "last": List(int),
        "options": Map(str),
        "labels": Map(str),
        "ipam_options": Map(str),
        **dict.fromkeys(("internal", "attachable", "ingress"), bool),
        **_STAMPS,
    },
)
_RECORD = Struct(
    "record",
    {
        "id": str,
        "spec": SPEC,
        "worker_token": str,
        "manager_token": str,
        "pools": List(str),
        "subnet_size": int,
        "data_path_port": int,
        "nodes": List(_NODE),
        "networks": List(_NETWORK),
        "last_vxlan": int,
        "changed": int,
        **_STAMPS,
    },
)


def check_record(place: Place, members: Mapping[str, Any]) -> Swarm:
    """Return the swarm of a record that has every member, each of its kind and of some meaning.

    place: that of the host which keeps it.
    Raises: DockerError 400, and what reading raises for a member of no meaning.
    """
    whole = fit(dict(members), _RECORD, "record")
    if {**whole, "spec": None} != {**members, "spec": None} or not _is_spec(members["spec"]):
        raise DockerError(BAD_REQUEST, "the record of a swarm has other members than it must have")
    swarm = swarm_from(members)
    ids = [swarm.id, *(node.id for node in swarm.nodes), *(net.id for net in swarm.networks)]
    if swarm.id != place.swarm_id or not all(is_swarm_id(one) for one in ids):
        what = "the record is one of the host's swarm, and ids there have 25 characters"
        raise DockerError(BAD_REQUEST, what)
    _check_pools(swarm)
    for network in swarm.networks:
        _check_network(network)
        network_document(seen(network))
    for node in swarm.nodes:
        node_document(node, (), "")
    swarm_document(swarm)
    return swarm


def _is_spec(spec: Mapping[str, Any]) -> bool:
    """Tell whether settings have every member, as the service wrote them."""
    parts = {name: part for name, part in spec.items() if name != "Name"}
    is_whole = spec.keys() == SPEC.fields.keys() and isinstance(spec["Name"], str)
    return is_whole and all(isinstance(part, Mapping) for part in parts.values())


def _check_pools(swarm: Swarm) -> None:
    lengths = [IPv4Network(pool, strict=False).prefixlen for pool in swarm.pools]
    if not max(lengths, default=0) <= swarm.subnet_size <= LONGEST_SUBNET:
        raise DockerError(BAD_REQUEST, "the subnets of a swarm are parts of its pools")


def _check_network(network: SwarmNetwork) -> None:
    for pool in network.pools:
        IPv4Network(pool.subnet)
        IPv4Network(pool.ip_range or pool.subnet)
        IPv4Address(pool.gateway)
    if not network.pools or {len(network.vxlans), len(network.last)} != {len(network.pools)}:
        raise DockerError(BAD_REQUEST, "each subnet of a network has one VXLAN id")
