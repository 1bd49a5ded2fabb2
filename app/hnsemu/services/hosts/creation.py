"""Creating emulated hosts, and making them again as they were."""

from contextlib import suppress
from dataclasses import replace

from hnsemu.domain.host_definition import (
    check_definition,
    check_host_name,
    differences,
    lowest_free,
    new_host,
)
from hnsemu.domain.hosts import Host, HostDefinition, Machine, read_definition
from hnsemu.errors import HnsError, Hr
from hnsemu.services import journal
from hnsemu.services.furnishing import furnish
from hnsemu.services.hosts.queries import host_names, machine_of
from hnsemu.storage import hosts, lifecycle
from hnsemu.storage.transaction import Hns, Transaction, controls, writes


@controls
def ensure_host(tx: Transaction, definition: HostDefinition | None = None) -> Host:
    """Return the host, created if there was none; an existing one stays as it is."""
    _find_or_create(tx, definition or HostDefinition())
    return tx.host


@controls
def define_host(
    tx: Transaction, definition: HostDefinition, reserve: int = 0
) -> tuple[Machine, bool]:
    """Return the host as it is defined, and whether it was created; see `define`."""
    return define(tx, definition, reserve)


def define(tx: Transaction, definition: HostDefinition, reserve: int = 0) -> tuple[Machine, bool]:
    """Return the host as it is defined, created if need be, inside another use case.

    reserve: how many numbers of its journal, if it is new and has one, the caller may give.
    Raises: E_ALREADY_EXISTS when a host of that name differs from the definition.
    """
    is_new = _find_or_create(tx, definition, reserve)
    machine = machine_of(tx)
    differing = differences(definition, machine)
    if differing:
        raise HnsError(
            Hr.E_ALREADY_EXISTS,
            f"host {tx.host_name!r} exists with another {', '.join(differing)}; POST the new "
            f"definition to /emulator/hosts/{tx.host_name}/reset, or DELETE the host first",
        )
    return machine, is_new


def create(tx: Transaction, definition: HostDefinition) -> Machine:
    """Return a new host, inside another use case.

    Raises: E_ALREADY_EXISTS for one that is there; what `check_definition` refuses.
    """
    if not _find_or_create(tx, definition):
        what = f"host {tx.host_name!r} exists; delete it first, or name another one"
        raise HnsError(Hr.E_ALREADY_EXISTS, what)
    return machine_of(tx)


@writes
def reset_host(tx: Transaction, definition: HostDefinition | None = None) -> Machine:
    """Bring the host back to how it was when fresh, or to another definition.

    Its journal is emptied, and goes on unless the definition says otherwise.

    Raises: E_ELEMENT_NOT_FOUND, and what `check_definition` refuses.
    """
    host = tx.host
    definition = definition or read_definition(host.definition)
    check_definition(definition)
    tx.tell_clients_of_end()
    lifecycle.clear(tx)
    lifecycle.replace(tx, new_host(host.name, host.number, definition, tx.now))
    tx.forget_host()
    furnish(tx, definition)
    journal.begin_again(tx, definition)
    tx.tell_clients()
    tx.wake_listeners()  # what they followed is gone
    return machine_of(tx)


def reset_hosts(hns: Hns) -> list[Machine]:
    """Bring every host back to its definition, each in a transaction of its own."""
    machines = []
    for name in host_names(hns):
        with suppress(HnsError):  # removed meanwhile
            machines.append(reset_host(replace(hns, host_name=name)))
    return machines


def _find_or_create(tx: Transaction, definition: HostDefinition, reserve: int = 0) -> bool:
    """Lock the host, created if there was none, and tell whether it was created.

    Two creators of one host, or of two hosts that chose the same number, meet in the database: the
    later one inserts nothing and looks again.
    """
    check_host_name(tx.host_name)
    check_definition(definition)
    while hosts.find(tx.connection, tx.host_name, lock=True) is None:
        number = lowest_free(hosts.numbers(tx.connection))
        host = hosts.insert(tx.connection, new_host(tx.host_name, number, definition, tx.now))
        if host is not None:
            tx.stand_on(host)
            furnish(tx, definition)
            if definition.journal:
                journal.begin(tx, reserve)
            tx.tell_clients()
            return True
    return False
