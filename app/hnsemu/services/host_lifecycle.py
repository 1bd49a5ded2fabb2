"""Restarting HNS and rebooting the host: what does not outlive them goes, the rest comes back."""

from collections.abc import Callable

from hnsemu.domain.guestnetworkservices import ServiceState
from hnsemu.domain.hosts import Machine
from hnsemu.domain.lifecycle import (
    after_reboot,
    endpoint_outlives_restart,
    network_outlives_reboot,
    network_outlives_restart,
)
from hnsemu.domain.networks import Network
from hnsemu.domain.notifications import HcnNotification, Notification
from hnsemu.services import endpoint_records, endpoints, guestnetworkservices, networks
from hnsemu.services.host_furnishing import boot, start_hns
from hnsemu.services.hosts import machine_of
from hnsemu.storage import counters, hosts, lifecycle, portreservations
from hnsemu.storage import endpoints as stored_endpoints
from hnsemu.storage import guestnetworkservices as guest_services
from hnsemu.storage import networks as stored_networks
from hnsemu.storage.engine import Session, writes


@writes
def restart_hns(session: Session) -> Machine:
    """Stop the HNS service of the host and start it again; containers keep running.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    _end(session, network_outlives_restart)
    _note_start(session)
    for service in guest_services.all_of(session.connection, session.host.key):
        guestnetworkservices.to_state(session, service, ServiceState.REHYDRATING)
    start_hns(session)
    return machine_of(session)


@writes
def reboot_host(session: Session) -> Machine:
    """Reboot the host: containers, virtual machines and their compartments end with it.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    release = session.host.release
    _end(session, lambda network: network_outlives_reboot(network, release))
    kept = stored_endpoints.all_of(session.connection, session.host.key)
    lifecycle.end_containers(session.connection, session.host.key)
    counters.clear(session.connection, session.host.key)
    for service in guest_services.all_of(session.connection, session.host.key):
        guestnetworkservices.remove_service(session, service)
    for endpoint in kept:
        changed = after_reboot(endpoint)
        if changed != endpoint:
            endpoint_records.replug(session, endpoint, changed)
    _note_start(session)
    start_hns(session)
    boot(session)
    return machine_of(session)


def _end(session: Session, outlives: Callable[[Network], bool]) -> None:
    """Remove the networks that do not outlive it, and the endpoints that outlive nothing.

    Reservations of ports end with their handles, which are HNS' own.
    """
    portreservations.remove_all(session.connection, session.host.key)
    for network in stored_networks.all_of(session.connection, session.host.key):
        if not outlives(network):
            networks.remove_network(session, network)
    for endpoint in stored_endpoints.all_of(session.connection, session.host.key):
        if not endpoint_outlives_restart(endpoint):
            endpoints.remove_endpoint(session, endpoint)


def _note_start(session: Session) -> None:
    """Note that HNS stopped, which every callback hears, and started again."""
    session.notify(Notification(HcnNotification.SERVICE_DISCONNECT))
    hosts.start(session.connection, session.host.key, session.now)
    session.forget_host()
