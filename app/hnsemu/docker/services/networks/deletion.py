"""Removing Docker's networks, one by one and all that are unused."""

from hnsemu.docker.domain.daemons import Daemon, daemon_of
from hnsemu.docker.domain.events import NETWORK, Event
from hnsemu.docker.domain.filters import Filters
from hnsemu.docker.domain.ids import short
from hnsemu.docker.domain.ipam import quoted
from hnsemu.docker.domain.moments import read_moment
from hnsemu.docker.domain.network_filters import PRUNED_BY, prunable
from hnsemu.docker.domain.networks import HNS_ID, OVERLAY, DockerNetwork, is_predefined
from hnsemu.docker.domain.swarm_networks import check_unused
from hnsemu.docker.domain.swarms import without_network
from hnsemu.docker.errors import BAD_REQUEST, FORBIDDEN, NOT_FOUND, DockerError
from hnsemu.docker.services import hns
from hnsemu.docker.services.networks.creation import network_event
from hnsemu.docker.services.networks.queries import found, networks_of_swarm
from hnsemu.docker.services.swarm_records import managed
from hnsemu.docker.storage import active_endpoints, events, networks, overlays, swarms
from hnsemu.docker.storage.active_endpoints import ActiveEndpoint
from hnsemu.storage.transaction import Transaction, writes


@writes
def remove_network(tx: Transaction, reference: str) -> None:
    """Remove a network, in HNS too.

    Raises: DockerError 404, 400 for several, 403. When HNS refuses, the daemon has forgotten the
            network all the same.
    """
    network = found(tx, reference, networks_of_swarm(tx))
    if network.driver == OVERLAY:
        _remove_from_swarm(tx, network.id)
        return
    if is_predefined(network.name):
        raise DockerError(
            FORBIDDEN, f"{network.name} is a pre-defined network and cannot be removed"
        )
    _remove(tx, network)


@writes
def prune_networks(tx: Transaction, filters: Filters) -> list[str]:
    """Remove the networks that no container is on, and return their names.

    Raises: DockerError 400 for a bad filter.
    """
    filters.check(PRUNED_BY)
    until = _until(filters, tx.now)
    used = active_endpoints.used_networks(tx)
    removed = []
    for network in prunable(networks_of_swarm(tx), filters, used, until):
        if network.ingress or overlays.connected(tx, network.id):
            continue
        _remove_from_swarm(tx, network.id)
        removed.append(network.name)
    for network in prunable(networks.all_of(tx), filters, used, until):
        try:
            _remove(tx, network)
        except DockerError:  # the daemon logs it and goes on
            continue
        removed.append(network.name)
    events.append(tx, Event(NETWORK, "prune", "", {"reclaimed": "0"}))
    return removed


def _remove_from_swarm(tx: Transaction, network_id: str) -> None:
    """Remove a network of the swarm that the host manages.

    Raises: DockerError 400 while a container is on it, 404, 503 for a worker.
    """
    swarm = managed(tx)
    network = swarm.network(network_id)
    if network is None:
        raise DockerError(NOT_FOUND, f"network {network_id} not found")
    check_unused(network, [one.endpoint_id for one in overlays.connected(tx, network_id)])
    swarms.save(tx, without_network(swarm, network_id))


def _remove(tx: Transaction, network: DockerNetwork) -> None:
    if network.config_only:
        _check_not_copied(tx, network)
    active = active_endpoints.active_on(tx, network.id)
    if active:
        raise _in_use(network, active, daemon_of(tx.host.release))
    networks.remove(tx, network)
    if network.config_only:
        return
    try:
        hns.delete_network(tx, network.options.get(HNS_ID, ""))
    except DockerError as error:
        raise DockerError(FORBIDDEN, _failed(error.message), keeps=True) from error
    events.append(tx, network_event(network, "destroy"))


def _check_not_copied(tx: Transaction, network: DockerNetwork) -> None:
    if any(other.config_from == network.name for other in networks.all_of(tx)):
        raise DockerError(
            FORBIDDEN, _failed(f"configuration network {quoted(network.name)} is in use")
        )


def _in_use(network: DockerNetwork, active: list[ActiveEndpoint], daemon: Daemon) -> DockerError:
    if daemon.is_early:
        text = f"network {network.name} id {network.id} has active endpoints"
    else:
        shown = ", ".join(
            f"name:{quoted(endpoint.name)} id:{quoted(short(endpoint.endpoint_id))}"
            for endpoint in active
        )
        text = f"network {network.name} has active endpoints ({shown})"
    return DockerError(FORBIDDEN, _failed(text))


def _failed(text: str) -> str:
    return f"error while removing network: {text}"


def _until(filters: Filters, now: int) -> int:
    moments = filters.of("until")
    if len(moments) > 1:
        raise DockerError(BAD_REQUEST, "more than one until filter specified")
    return read_moment(moments[0], now) if moments else 0
