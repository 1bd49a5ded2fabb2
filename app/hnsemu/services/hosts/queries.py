"""Reading emulated hosts."""

from hnsemu.domain.host_definition import machine
from hnsemu.domain.hosts import Machine
from hnsemu.domain.releases import Release
from hnsemu.storage import adapters, hosts
from hnsemu.storage.transaction import Transaction, reads


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
    page = hosts.all_of(tx.connection, limit, after)
    adapters_by_host = adapters.of_hosts(tx, [host.key for host in page])
    return [machine(host, adapters_by_host.get(host.key, ())) for host in page]


@reads
def host_names(tx: Transaction) -> list[str]:
    """Return the names of all hosts, sorted."""
    return [host.name for host in hosts.all_of(tx.connection)]


def machine_of(tx: Transaction) -> Machine:
    """Return the transaction's host with its hardware."""
    return machine(tx.host, adapters.all_of(tx))
