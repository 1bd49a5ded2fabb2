"""The daemon's name server: what a name means inside a container.

Names resolve on the networks that two containers share, nat among them. Source: docker.md
section 4 [C]; other names are the outside's, which the emulator does not have.
"""

from ipaddress import ip_address

from hnsemu.docker.domain.containers import DockerContainer, DockerEndpoint
from hnsemu.docker.domain.swarms import is_swarm_id
from hnsemu.docker.services import overlays
from hnsemu.docker.services.containers.queries import network_owner
from hnsemu.docker.storage import containers
from hnsemu.storage.transaction import Transaction

_LOOPBACK = "127.0.0.1"


def addresses_of(tx: Transaction, container: DockerContainer, name: str) -> list[str]:
    """Return the addresses that a name means to a container, [] for an unknown name.

    name: an address means itself.
    """
    try:
        return [str(ip_address(name))]
    except ValueError:
        pass
    for line in container.host_config["ExtraHosts"] or ():
        host, _, address = line.partition(":")
        if host.lower() == name.lower():
            return [address]
    if name.lower() == "localhost":
        return [_LOOPBACK]
    shown = [endpoint.ip_address for _, endpoint in called(tx, container, name)]
    shown += [address for address, _ in called_elsewhere(tx, container, name)]
    return list(dict.fromkeys(address for address in shown if address))


def called(
    tx: Transaction, container: DockerContainer, name: str
) -> list[tuple[DockerContainer, DockerEndpoint]]:
    """Return who has a name on the networks of a container, with the endpoint on each."""
    owner = network_owner(tx, container)
    return [
        (other, endpoint)
        for network in [endpoint.network_id for endpoint in owner.endpoints if endpoint.hns_id]
        for other in containers.on_network(tx, network)
        for endpoint in other.endpoints
        if endpoint.network_id == network and _is_called(endpoint.dns_names, name)
    ]


def called_elsewhere(
    tx: Transaction, container: DockerContainer, name: str
) -> list[tuple[str, str]]:
    """Return who has a name on other hosts of a swarm: address, and the endpoint of HNS here."""
    owner = network_owner(tx, container)
    return [
        found
        for endpoint in owner.endpoints
        if endpoint.hns_id and is_swarm_id(endpoint.network_id)
        for found in overlays.called(tx, endpoint.network_id, name)
    ]


def _is_called(names: tuple[str, ...] | None, name: str) -> bool:
    return name.lower() in {known.lower() for known in names or ()}
