"""The life of the daemon: how it stands, and its starts."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from hnsemu.docker.domain import ports
from hnsemu.docker.domain.containers import LOST, DockerContainer
from hnsemu.docker.domain.ids import new_id
from hnsemu.docker.domain.network_creation import NewNetwork, answered
from hnsemu.docker.domain.networks import HNS_NAME, NAT, NULL, DockerNetwork, Ipam
from hnsemu.docker.domain.starting import HnsNetwork, decide_start, restarts
from hnsemu.docker.errors import BAD_REQUEST, FAILED, DockerError
from hnsemu.docker.schema.hns import default_nat_document
from hnsemu.docker.services import hns, overlays, state
from hnsemu.docker.services.containers import resolution
from hnsemu.docker.services.containers.ending import exited, remove
from hnsemu.docker.services.containers.queries import found as found_container
from hnsemu.docker.services.containers.queries import network_owner
from hnsemu.docker.services.containers.records import keep
from hnsemu.docker.services.containers.starting import start as start_container
from hnsemu.docker.services.networks.creation import in_hns
from hnsemu.docker.storage import containers, daemons, networks
from hnsemu.docker.storage.daemons import Standing
from hnsemu.domain.hosts import read_definition
from hnsemu.domain.networks import Network
from hnsemu.errors import HnsError, Hr
from hnsemu.storage import networks as hns_networks
from hnsemu.storage.transaction import Transaction, reads, writes

_log = logging.getLogger("hnsemu.docker")


@reads
def standing_of(tx: Transaction) -> Standing:
    """Return how the daemon of the host stands.

    Raises: E_ELEMENT_NOT_FOUND without the host.
    """
    return known_standing(tx) or Standing(tx.host.release)


def known_standing(tx: Transaction) -> Standing | None:
    """Return how the daemon of the host stands, None without the host, in another use case."""
    return daemons.standing(tx)


@reads
def confirm(_tx: Transaction) -> None:
    """Do nothing in a transaction: for what each one makes sure of (`Hns.check`)."""


@writes
def start_at_first_request(tx: Transaction) -> Standing:
    """Start the daemon of a host that was not driven by Docker; HNS' endpoints stay.

    Raises: DockerError 500 when HNS refuses the network that the daemon needs.
    """
    if daemons.start(tx):
        _take_networks(tx, sweeps=False)
    return daemons.standing(tx) or Standing(tx.host.release)


@writes
def restart_daemon(tx: Transaction) -> Standing:
    """End the daemon and start it again.

    Raises: E_ELEMENT_NOT_FOUND without the host; DockerError 500 as `start_at_first_request`.
    """
    _start(tx)
    return daemons.standing(tx) or Standing(tx.host.release)


def endpoints_of(tx: Transaction, container: str, sender: str = "") -> Sequence[str]:
    """Return the endpoints of a container that runs, or of the one whose network it shares.

    Raises: TYPE_E_AMBIGUOUSNAME for what means several containers.
    """
    try:
        asked = _asked(tx, container, sender)
        if asked:
            return asked
        owner = network_owner(tx, found_container(tx, container))
    except DockerError as error:
        if error.status == BAD_REQUEST:
            raise HnsError(Hr.TYPE_E_AMBIGUOUSNAME, error.message) from error
        return []
    return [endpoint.hns_id for endpoint in owner.endpoints if endpoint.hns_id]


def host_started(tx: Transaction) -> None:
    """Start the daemon if it has been started before, or the host's definition says so."""
    standing = daemons.standing(tx)
    has_run = standing is not None and standing.daemon_id
    if not (has_run or read_definition(tx.host.definition).docker):
        return
    try:
        with tx.attempt():
            _start(tx)
    except DockerError as error:
        _log.warning("%s: %s", tx.host.name, error.message)


def host_ends(tx: Transaction) -> None:
    """Let the other hosts of a swarm forget what this one has on its networks."""
    overlays.abandoned(tx)


def check_state(tx: Transaction) -> None:
    """Read what the daemon keeps as its callers will read it."""
    state.check(tx)


def _asked(tx: Transaction, name: str, sender: str) -> list[str]:
    """Return the endpoints that the name server of a container means by a name.

    Raises: DockerError 404 without the container that asks; TYPE_E_AMBIGUOUSNAME for a name of
            several containers, which a client would take in turn.
    """
    if not sender:
        return []
    asking = found_container(tx, sender)
    meant = resolution.called(tx, asking, name)
    owners = sorted({owner.name for owner, _ in meant})
    if len(owners) > 1:
        raise HnsError(
            Hr.TYPE_E_AMBIGUOUSNAME,
            f"{name!r} means several containers to {sender}; name one: {', '.join(owners)}",
        )
    if meant:
        return [endpoint.hns_id for _, endpoint in meant]
    return [hns_id for _, hns_id in resolution.called_elsewhere(tx, asking, name) if hns_id]


def _start(tx: Transaction) -> None:
    """Start the daemon: what ran is lost, networks are those of HNS, restart policies apply.

    Source: docker.md section 3 and docker-measured.md part A [O].
    """
    daemons.start(tx)
    tx.wake_listeners()  # their streams end with the daemon that began them
    for container in containers.all_of(tx, running=True):
        keep(tx, _lost(tx, container))
    _take_networks(tx, sweeps=True)
    for container in reversed(containers.all_of(tx)):
        _start_again(tx, container)


def _lost(tx: Transaction, container: DockerContainer) -> DockerContainer:
    """Return a container as it is when the daemon ended under it."""
    return replace(exited(tx, container, LOST), ports=ports.shown(container.exposed, ()))


def _start_again(tx: Transaction, container: DockerContainer) -> None:
    starts = restarts(
        container.host_config["RestartPolicy"]["Name"],
        container.exit_code,
        stopped_by_hand=container.stopped_by_hand,
        ran_before=bool(container.started),
    )
    if starts:
        try:
            start_container(tx, container)
        except DockerError as error:  # it is kept in State.Error
            _log.warning("%s: container %s: %s", tx.host.name, container.name, error.message)
    elif container.host_config["AutoRemove"]:
        remove(tx, container, takes_volumes=True)


def _take_networks(tx: Transaction, *, sweeps: bool) -> None:
    """Make the daemon's networks those of HNS, beside none and nat.

    sweeps: whether the endpoints on them are deleted.
    """
    found = [_listed(tx, network) for network in hns_networks.all_of(tx)]
    start = decide_start(networks.all_of(tx), found, tx.now)
    for network in start.gone:
        networks.remove(tx, network)
    for new in start.recreated:
        _recreate(tx, new)
    networks.keep(
        tx,
        DockerNetwork(new_id(tx.source), "none", NULL, created=tx.now, ipam=Ipam("default")),
    )
    for network in start.adopted:
        _adopt(tx, network, sweeps=sweeps)
    settings = read_definition(tx.host.definition)
    if networks.named(tx, NAT) is None and settings.docker_bridge != "none":
        _make_nat(tx, settings.docker_fixed_cidr or "")


def _recreate(tx: Transaction, new: NewNetwork) -> None:
    try:
        with tx.attempt():
            networks.create(tx, in_hns(tx, new))
    except DockerError as error:
        _log.warning("%s: network %s: %s", tx.host.name, new.network.name, error.message)


def _adopt(tx: Transaction, network: DockerNetwork, *, sweeps: bool) -> None:
    if network.key:
        networks.save(tx, network)
    else:
        networks.keep(tx, replace(network, id=new_id(tx.source)))
    if sweeps:
        hns.sweep(tx, network.hns_id)


def _make_nat(tx: Transaction, fixed_cidr: str) -> None:
    network = DockerNetwork(new_id(tx.source), NAT, NAT, created=tx.now, options={HNS_NAME: NAT})
    try:
        created = hns.create_network(tx, default_nat_document(fixed_cidr))
    except DockerError as error:
        raise DockerError(
            FAILED,
            "failed to start daemon: Error initializing network controller: error creating default "
            f"network: {error.message}",
        ) from error
    subnets = [(subnet.prefix, subnet.gateway) for subnet in created.subnets]
    networks.keep(
        tx, answered(NewNetwork(network), created.id, hns.spelled(tx, created.id), subnets)
    )


def _listed(tx: Transaction, network: Network) -> HnsNetwork:
    return HnsNetwork(
        network.id,
        hns.spelled(tx, network.id),
        network.name,
        network.type_text,
        tuple((subnet.prefix, subnet.gateway) for subnet in network.subnets),
    )
