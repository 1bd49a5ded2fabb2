"""Host use cases: defining, listing, resetting and removing emulated hosts."""

from hnsemu.domain.host_definition import (
    check_definition,
    check_host_name,
    differences,
    lowest_free,
    machine,
    new_host,
)
from hnsemu.domain.hosts import Host, HostDefinition, Machine, read_definition
from hnsemu.domain.releases import Release
from hnsemu.errors import HnsError, Hr
from hnsemu.services.hosts.furnishing import furnish
from hnsemu.storage import adapters, hosts, lifecycle
from hnsemu.storage.transaction import Transaction, controls, reads, writes


@controls
def ensure_host(tx: Transaction, definition: HostDefinition | None = None) -> Host:
    """Return the host, made by `definition` if there was none; an existing one stays as it is."""
    _find_or_make(tx, definition or HostDefinition())
    return tx.host


@controls
def define_host(tx: Transaction, asked: HostDefinition) -> tuple[Machine, bool]:
    """Return the host as `asked`, and whether it had to be made.

    Raises: E_ALREADY_EXISTS when a host of that name differs from `asked`.
    """
    made = _find_or_make(tx, asked)
    found = machine_of(tx)
    differing = differences(asked, found)
    if differing:
        raise HnsError(
            Hr.E_ALREADY_EXISTS,
            f"host {tx.host_name!r} exists with another {', '.join(differing)}; POST the new "
            f"definition to /emulator/hosts/{tx.host_name}/reset, or DELETE the host first",
        )
    return found, made


@reads
def get_host(tx: Transaction) -> Machine:
    """Return the host.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    return machine_of(tx)


@reads
def release_of_host(tx: Transaction) -> Release:
    """Return the release of the host.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    return tx.host.release


@reads
def list_hosts(tx: Transaction, limit: int | None = None, after: str = "") -> list[Machine]:
    """Return every host by name, at most `limit`, from the one after `after` on."""
    found = hosts.all_of(tx.connection, limit, after)
    fitted = adapters.of_page(tx, limit, after)
    return [machine(host, fitted.get(host.key, ())) for host in found]


@writes
def delete_host(tx: Transaction) -> None:
    """Remove the host and everything on it.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    lifecycle.delete_with_everything(tx)
    tx.end_streams()


@writes
def reset_host(tx: Transaction, asked: HostDefinition | None = None) -> Machine:
    """Bring the host back to how it was when fresh, or make it as `asked` from now on.

    Raises: E_ELEMENT_NOT_FOUND, and what `check_definition` refuses.
    """
    host = tx.host
    asked = asked or read_definition(host.definition)
    check_definition(asked)
    lifecycle.clear(tx)
    lifecycle.replace(tx, new_host(host.name, host.number, asked, tx.now))
    tx.forget_host()
    furnish(tx, asked)
    return machine_of(tx)


def machine_of(tx: Transaction) -> Machine:
    """Return the transaction's host with its hardware."""
    return machine(tx.host, adapters.all_of(tx))


def _find_or_make(tx: Transaction, asked: HostDefinition) -> bool:
    """Lock the host, made if there was none, and tell whether it was made.

    Two makers of one host, or of two hosts that chose the same number, meet in the database: the
    later one inserts nothing and looks again.
    """
    check_host_name(tx.host_name)
    check_definition(asked)
    made = False
    while hosts.find(tx.connection, tx.host_name, lock=True) is None:
        number = lowest_free(hosts.numbers(tx.connection))
        made = hosts.insert(tx.connection, new_host(tx.host_name, number, asked, tx.now))
    if made:
        furnish(tx, asked)
    return made
