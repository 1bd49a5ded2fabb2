"""Containers on the networks of a swarm: what HNS has of them, on their own host and on others.

A host has a network of HNS while one of its containers is on the swarm's. Each container is an
endpoint there, and a remote one on every other host that the network is on. Source: moby
libnetwork/drivers/windows/overlay and daemon/container_operations.go of v28.5.2 [C].
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from ipaddress import ip_address, ip_network

from hnsemu.docker.domain.connections import published_ports, wanted_address
from hnsemu.docker.domain.containers import DockerContainer, DockerEndpoint
from hnsemu.docker.domain.driver_options import driver_options
from hnsemu.docker.domain.network_creation import check_name
from hnsemu.docker.domain.networks import HNS_ID, OVERLAY, DockerNetwork, Pool
from hnsemu.docker.domain.swarm_networks import attachable, seen, with_address
from hnsemu.docker.domain.swarms import SwarmNetwork, with_network
from hnsemu.docker.errors import FAILED, DockerError
from hnsemu.docker.schema.hns import (
    answered_endpoint,
    overlay_endpoint_document,
    overlay_network_document,
    remote_endpoint_document,
)
from hnsemu.docker.services import hns, networks
from hnsemu.docker.services.swarm_records import current
from hnsemu.docker.storage import networks as docker_networks
from hnsemu.docker.storage import overlays, swarms
from hnsemu.storage import networks as hns_networks
from hnsemu.storage.transaction import Transaction

_log = logging.getLogger("hnsemu.docker")


def network_to_join(
    tx: Transaction, endpoint: DockerEndpoint
) -> tuple[DockerNetwork, DockerEndpoint]:
    """Return the network of a connection, and the connection with what a swarm gives it.

    Raises: DockerError 404, 400 for several; 500 as the swarm's managers refuse.
    """
    try:
        network = networks.found(tx, endpoint.network)
    except DockerError:
        if swarms.place_of(tx) is None:
            raise
        return _attached(tx, endpoint, endpoint.network)
    if network.driver != OVERLAY:
        return network, endpoint
    return _attached(tx, endpoint, network.id)


def plugged(
    tx: Transaction,
    container: DockerContainer,
    endpoint: DockerEndpoint,
    network: DockerNetwork,
    nat: Sequence[Mapping[str, object]],
) -> DockerEndpoint:
    """Return the connection with an endpoint of HNS, which every other host has as a remote one.

    Raises: DockerError 500.
    """
    pool = _pool_of(network, endpoint.ip_address)
    provider = _provider(tx, network.hns_id)
    wanted = replace(endpoint, gateway=pool.gateway)
    document = overlay_endpoint_document(network.hns_id, provider, wanted, nat)
    created = hns.create_endpoint(tx, document, container.id)
    answer = answered_endpoint(created)
    for peer in overlays.peers(tx, network.id):
        if peer.host_name != tx.host.name:
            _add_remote(
                tx.beside(peer.host_name),
                remote_endpoint_document(
                    peer.hns_id,
                    provider,
                    endpoint.endpoint_id,
                    answer.mac_address,
                    answer.ip_address,
                ),
            )
    return replace(
        endpoint,
        hns_id=created.id,
        mac_address=answer.mac_address,
        ip_address=answer.ip_address,
        prefix_length=ip_network(pool.subnet).prefixlen,
        ports=published_ports(answer.policies),
    )


def unplugged(tx: Transaction, network_id: str, endpoint_id: str) -> None:
    """Let other hosts forget an endpoint; the host's network goes with its last one."""
    place = swarms.place_of(tx)
    if place is not None:
        swarms.lock(tx, place.swarm_id)
    for peer in overlays.peers(tx, network_id):
        if peer.host_name != tx.host.name:
            hns.delete_named_endpoint(tx.beside(peer.host_name), peer.hns_id, endpoint_id)
    known = overlays.connected(tx, network_id)
    if any(one.host_name == tx.host.name and one.endpoint_id != endpoint_id for one in known):
        return
    network = docker_networks.with_id(tx, network_id)
    if network is not None:
        hns.sweep(tx, network.hns_id)
        if hns_networks.find(tx, network.hns_id) is not None:
            hns.delete_network(tx, network.hns_id)
        docker_networks.remove(tx, network)


def abandoned(tx: Transaction) -> None:
    """Let other hosts forget what this one has on networks of its swarm: it ends."""
    for network_id in overlays.networks_here(tx):
        own = [one for one in overlays.connected(tx, network_id) if one.host_name == tx.host.name]
        for peer in overlays.peers(tx, network_id):
            if peer.host_name != tx.host.name:
                there = tx.beside(peer.host_name)
                for one in own:
                    hns.delete_named_endpoint(there, peer.hns_id, one.endpoint_id)


def called(tx: Transaction, network_id: str, name: str) -> list[tuple[str, str]]:
    """Return who has a name on a network, on other hosts: address and endpoint of HNS on this one.

    The endpoint is the remote one that stands for the container.
    """
    network = docker_networks.with_id(tx, network_id)
    if network is None:
        return []
    return [
        (one.ip_address, hns.endpoint_named(tx, network.hns_id, one.endpoint_id))
        for one in overlays.connected(tx, network_id)
        if one.host_name != tx.host.name
        and name.lower() in {known.lower() for known in one.dns_names}
    ]


def _attached(
    tx: Transaction, endpoint: DockerEndpoint, target: str
) -> tuple[DockerNetwork, DockerEndpoint]:
    """Return the host's network of the swarm, made if need be, and an address there."""
    place = swarms.place_of(tx)
    known = current(tx, place) if place else None
    if place is not None and known is not None and known.node(place.node_id) is None:
        raise DockerError(FAILED, "invalid cluster node while attaching to network")
    swarm, wanted = attachable(known, target)
    taken = {one.ip_address for one in overlays.connected(tx, wanted.id)}
    swarm, address = with_address(swarm, wanted, taken, wanted_address(endpoint), tx.now)
    network = docker_networks.with_id(tx, wanted.id) or _made(tx, wanted)
    swarms.save(tx, with_network(swarm, swarm.network(wanted.id) or wanted, tx.now))
    return network, replace(endpoint, ip_address=address)


def _made(tx: Transaction, wanted: SwarmNetwork) -> DockerNetwork:
    """Return the network of a swarm as it now is on this host, with what other hosts have on it."""
    there_is = docker_networks.named(tx, wanted.name)
    check_name(wanted.name, {wanted.name: there_is} if there_is else {})
    document = overlay_network_document(wanted, driver_options(wanted.options))
    created = hns.create_network(tx, document)
    shown = seen(wanted)
    network = replace(
        shown,
        hns_id=created.id,
        created=tx.now,
        options={**shown.options, HNS_ID: hns.spelled(tx, created.id)},
    )
    docker_networks.create(tx, network)
    providers: dict[str, str] = {
        peer.host_name: _provider(tx.beside(peer.host_name), peer.hns_id)
        for peer in overlays.peers(tx, wanted.id)
        if peer.host_name != tx.host.name
    }
    for one in overlays.connected(tx, wanted.id):
        if one.host_name in providers:
            remote = remote_endpoint_document(
                created.id,
                providers[one.host_name],
                one.endpoint_id,
                one.mac_address,
                one.ip_address,
            )
            _add_remote(tx, remote)
    return network


def _add_remote(tx: Transaction, document: Mapping[str, object]) -> None:
    """Make a remote endpoint; a refusal of HNS is logged by dockerd, and stops nobody else."""
    try:
        with tx.attempt():
            hns.create_remote_endpoint(tx, document)
    except DockerError as error:
        _log.warning("%s: peer %s: %s", tx.host.name, document["Name"], error.message)


def _provider(tx: Transaction, hns_id: str) -> str:
    """Return the address between hosts of a network of HNS: its ManagementIP."""
    network = hns_networks.find(tx, hns_id)
    return network.management_ip if network else ""


def _pool_of(network: DockerNetwork, address: str) -> Pool:
    for pool in network.ipam.pools or ():
        if ip_address(address) in ip_network(pool.subnet):
            return pool
    what = f'no matching subnet for IP "{address}" in network "{network.id}"'
    raise DockerError(FAILED, what)
