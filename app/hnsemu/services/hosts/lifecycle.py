"""Restarting HNS and rebooting the host: what does not outlive them goes, the rest comes back."""

from collections.abc import Callable

from hnsemu.domain.endpoint_changes import changed_at
from hnsemu.domain.guestnetworkservices import ServiceState, change_state
from hnsemu.domain.hosts import Machine
from hnsemu.domain.lifecycle import (
    after_reboot,
    endpoint_outlives_restart,
    network_outlives_reboot,
    network_outlives_restart,
)
from hnsemu.domain.networks import Network
from hnsemu.domain.notifications import HcnNotification, Notification
from hnsemu.services.endpoint_records import keep
from hnsemu.services.endpoints.deletion import remove_endpoint
from hnsemu.services.hosts.definition import machine_of
from hnsemu.services.hosts.furnishing import boot, start_hns
from hnsemu.services.networks.deletion import delete
from hnsemu.storage import counters, lifecycle, portreservations
from hnsemu.storage import endpoints as stored_endpoints
from hnsemu.storage import guestnetworkservices as guest_services
from hnsemu.storage import networks as stored_networks
from hnsemu.storage.transaction import Transaction, writes


@writes
def restart_hns(tx: Transaction) -> Machine:
    """Stop the HNS service of the host and start it again; containers keep running.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    _end(tx, network_outlives_restart)
    _note_start(tx)
    for service in guest_services.all_of(tx):
        guest_services.change(tx, change_state(service, ServiceState.REHYDRATING, tx.now))
    start_hns(tx)
    return machine_of(tx)


@writes
def reboot_host(tx: Transaction) -> Machine:
    """Reboot the host: containers, virtual machines and their compartments end with it.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    release = tx.host.release
    _end(tx, lambda network: network_outlives_reboot(network, release))
    kept = stored_endpoints.all_of(tx)
    lifecycle.end_containers(tx)
    counters.clear(tx)
    for service in guest_services.all_of(tx):
        guest_services.remove(tx, service)
    for endpoint in kept:
        changed = after_reboot(endpoint)
        if changed != endpoint:
            keep(tx, changed_at(endpoint, changed, tx.now))
    _note_start(tx)
    start_hns(tx)
    boot(tx)
    return machine_of(tx)


def _end(tx: Transaction, outlives: Callable[[Network], bool]) -> None:
    """Remove the networks that do not outlive it, and the endpoints that outlive nothing.

    Reservations of ports end with their handles, which are HNS' own.
    """
    portreservations.remove_all(tx)
    for network in stored_networks.all_of(tx):
        if not outlives(network):
            delete(tx, network)
    for endpoint in stored_endpoints.all_of(tx):
        if not endpoint_outlives_restart(endpoint):
            remove_endpoint(tx, endpoint)


def _note_start(tx: Transaction) -> None:
    """Note that HNS stopped, which every callback hears, and started again."""
    tx.notify(Notification(HcnNotification.SERVICE_DISCONNECT))
    lifecycle.start(tx, tx.now)
    tx.forget_host()
