"""Creating Docker's networks."""

from collections.abc import Mapping

from hnsemu.docker.domain.daemons import daemon_of
from hnsemu.docker.domain.events import NETWORK, Event
from hnsemu.docker.domain.ids import new_id
from hnsemu.docker.domain.network_creation import (
    NetworkRequest,
    NewNetwork,
    answered,
    check_predefined,
    decide_creation,
)
from hnsemu.docker.domain.networks import OVERLAY, DockerNetwork
from hnsemu.docker.domain.swarm_networks import check_name_in, with_created
from hnsemu.docker.domain.swarms import Swarm, new_swarm_id
from hnsemu.docker.schema.hns import new_network_document
from hnsemu.docker.services import hns
from hnsemu.docker.services.swarm_records import managed
from hnsemu.docker.storage import events, networks, swarms
from hnsemu.storage.transaction import Transaction, writes


@writes
def create_network(tx: Transaction, request: NetworkRequest) -> str:
    """Create a network, in HNS too, and return its id.

    Raises: DockerError as docker.md sections 5 and 6 say.
    """
    meant = (networks.named(tx, name) for name in (request.name, request.config_from))
    known = {network.name: network for network in meant if network}
    if swarms.manages(tx):
        swarm = managed(tx)
        check_name_in(swarm, request.name)
        if request.driver == OVERLAY:
            return _in_swarm(tx, swarm, request, known)
    daemon = daemon_of(tx.host.release)
    new = decide_creation(request, known, daemon, new_id(tx.source), tx.now)
    network = in_hns(tx, new)
    networks.create(tx, network)
    events.append(tx, network_event(network, "create"))
    return network.id


def _in_swarm(
    tx: Transaction, swarm: Swarm, request: NetworkRequest, known: Mapping[str, DockerNetwork]
) -> str:
    """Create a network of the swarm that the host manages, and return its id."""
    check_predefined(request.name)
    network_id = new_swarm_id(tx.source)
    swarms.save(tx, with_created(swarm, request, known, network_id, tx.now))
    return network_id


def in_hns(tx: Transaction, new: NewNetwork) -> DockerNetwork:
    """Return the network with its network in HNS: a new one, or the one that an option names.

    Raises: DockerError 500.
    """
    if new.driver.hns_id:
        return hns.adopted(tx, new.network, new.driver.hns_id)
    if new.subnets is None:
        return new.network
    created = hns.create_network(tx, new_network_document(new))
    subnets = [(subnet.prefix, subnet.gateway) for subnet in created.subnets]
    return answered(new, created.id, hns.spelled(tx, created.id), subnets)


def network_event(network: DockerNetwork, action: str) -> Event:
    """Return the event of what happened to a network."""
    return Event(NETWORK, action, network.id, {"name": network.name, "type": network.driver})
