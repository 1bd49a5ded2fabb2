"""Restarting HNS and rebooting the host: what does not outlive them goes, the rest comes back."""

from hnsemu.domain.endpoint_changes import changed_at
from hnsemu.domain.guestnetworkservices import ServiceState, change_state
from hnsemu.domain.hosts import Machine
from hnsemu.domain.lifecycle import Ending, ending_at_reboot, ending_at_restart
from hnsemu.domain.notifications import HcnNotification, Notification
from hnsemu.services.endpoint_records import keep
from hnsemu.services.endpoints.deletion import remove_endpoint
from hnsemu.services.furnishing import boot, start_hns
from hnsemu.services.hosts.queries import machine_of
from hnsemu.services.networks.deletion import delete
from hnsemu.storage import (
    counters,
    endpoints,
    guestnetworkservices,
    lifecycle,
    namespaces,
    networks,
    portreservations,
)
from hnsemu.storage.transaction import Transaction, writes


@writes
def restart_hns(tx: Transaction) -> Machine:
    """Stop the HNS service of the host and start it again; containers keep running.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    _end(tx, ending_at_restart(networks.all_of(tx), endpoints.all_of(tx)))
    _note_start(tx)
    for service in guestnetworkservices.all_of(tx):
        change = change_state(service, ServiceState.REHYDRATING, tx.now)
        guestnetworkservices.change(tx, change)
    start_hns(tx, networks.all_of(tx))
    tx.tell_clients()
    return machine_of(tx)


@writes
def reboot_host(tx: Transaction) -> Machine:
    """Reboot the host: containers, virtual machines and their compartments end with it.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    ending = ending_at_reboot(
        networks.all_of(tx), endpoints.all_of(tx), namespaces.all_of(tx), tx.host.release
    )
    _end(tx, ending)
    lifecycle.end_containers(tx)
    counters.clear(tx)
    for service in guestnetworkservices.all_of(tx):
        guestnetworkservices.remove(tx, service)
    for before, after in ending.unplugged:
        keep(tx, changed_at(before, after, tx.now))
    _note_start(tx)
    start_hns(tx, networks.all_of(tx))
    tx.tell_clients()
    boot(tx, networks.all_of(tx))
    return machine_of(tx)


def _end(tx: Transaction, ending: Ending) -> None:
    """Delete what ends; reservations of ports end with their handles, which are HNS' own."""
    portreservations.remove_all(tx)
    for network in ending.networks:
        delete(tx, network)
    for endpoint in ending.endpoints:
        remove_endpoint(tx, endpoint)


def _note_start(tx: Transaction) -> None:
    """Note that HNS stopped, which every callback hears, and started again."""
    tx.notify(Notification(HcnNotification.SERVICE_DISCONNECT))
    lifecycle.start(tx, tx.now)
    tx.forget_host()
