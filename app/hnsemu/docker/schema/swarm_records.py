"""The record that managers keep of a swarm, as a state document may bring it."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from hnsemu.docker.domain.swarms import Swarm, is_swarm_id, swarm_from
from hnsemu.docker.errors import BAD_REQUEST, DockerError
from hnsemu.docker.schema.golang import fit
from hnsemu.docker.schema.shapes import List, Map, Struct
from hnsemu.docker.schema.swarms import SPEC

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


def check_record(members: Mapping[str, Any]) -> Swarm:
    """Return the swarm of a record that has every member, each of its kind.

    Raises: DockerError 400, and what reading raises for a member of no meaning.
    """
    whole = fit(dict(members), _RECORD, "record")
    if {**whole, "spec": None} != {**members, "spec": None}:
        raise DockerError(BAD_REQUEST, "the record of a swarm has other members than it must have")
    swarm = swarm_from(members)
    for pool in swarm.pools:
        ipaddress.IPv4Network(pool, strict=False)
    for network in swarm.networks:
        for known in network.pools:
            ipaddress.IPv4Network(known.subnet)
            ipaddress.IPv4Address(known.gateway)
        if {len(network.vxlans), len(network.last)} != {len(network.pools)}:
            raise DockerError(BAD_REQUEST, "each subnet of a network has one VXLAN id")
    ids = [swarm.id, *(node.id for node in swarm.nodes), *(net.id for net in swarm.networks)]
    if not all(is_swarm_id(one) for one in ids):
        raise DockerError(BAD_REQUEST, "the ids of a swarm have 25 characters")
    return swarm
