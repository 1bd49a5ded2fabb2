"""Host use cases: defining, listing, resetting and removing emulated hosts."""

from hnsemu.domain.host_definition import (
    check_definition,
    check_host_name,
    differences,
    fresh_host,
    lowest_free,
    machine,
)
from hnsemu.domain.hosts import Host, HostDefinition, Machine, read_definition
from hnsemu.domain.releases import Release
from hnsemu.errors import HnsError, Hr
from hnsemu.services.host_furnishing import furnish
from hnsemu.storage import adapters, hosts
from hnsemu.storage.engine import Session, controls, reads, writes


@controls
def ensure_host(session: Session, definition: HostDefinition | None = None) -> Host:
    """Return the host, made by `definition` if there was none; an existing one stays as it is."""
    _find_or_make(session, definition or HostDefinition())
    return session.host


@controls
def define_host(session: Session, asked: HostDefinition) -> tuple[Machine, bool]:
    """Return the host as `asked`, and whether it had to be made.

    Raises: E_ALREADY_EXISTS when a host of that name differs from `asked`.
    """
    made = _find_or_make(session, asked)
    found = machine_of(session)
    differing = differences(asked, found)
    if differing:
        raise HnsError(
            Hr.E_ALREADY_EXISTS,
            f"host {session.host_name!r} exists with another {', '.join(differing)}; POST the new "
            f"definition to /emulator/hosts/{session.host_name}/reset, or DELETE the host first",
        )
    return found, made


@reads
def get_host(session: Session) -> Machine:
    """Return the host.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    return machine_of(session)


@reads
def release_of_host(session: Session) -> Release:
    """Return the release of the host.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    return session.host.release


@reads
def list_hosts(session: Session, limit: int | None = None, after: str = "") -> list[Machine]:
    """Return every host by name, at most `limit`, from the one after `after` on."""
    found = hosts.all_of(session.connection, limit, after)
    fitted = adapters.of_page(session.connection, limit, after)
    return [machine(host, fitted.get(host.key, ())) for host in found]


@writes
def delete_host(session: Session) -> None:
    """Remove the host and everything on it.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    hosts.delete_with_everything(session.connection, session.host.key)
    session.end_streams()


@writes
def reset_host(session: Session, asked: HostDefinition | None = None) -> Machine:
    """Bring the host back to how it was when fresh, or make it as `asked` from now on.

    Raises: E_ELEMENT_NOT_FOUND, and what `check_definition` refuses.
    """
    host = session.host
    asked = asked or read_definition(host.asked)
    check_definition(asked)
    hosts.clear(session.connection, host.key)
    hosts.replace(
        session.connection, host.key, fresh_host(host.name, host.number, asked, session.now)
    )
    session.forget_host()
    furnish(session, asked)
    return machine_of(session)


def machine_of(session: Session) -> Machine:
    """Return the host of the session with its hardware, inside another use case."""
    return machine(session.host, adapters.all_of(session.connection, session.host.key))


def _find_or_make(session: Session, asked: HostDefinition) -> bool:
    """Lock the host, made if there was none, and tell whether it was made.

    Two makers of one host, or of two hosts that chose the same number, meet in the database: the
    later one inserts nothing and looks again.
    """
    check_host_name(session.host_name)
    check_definition(asked)
    made = False
    while hosts.find(session.connection, session.host_name, lock=True) is None:
        number = lowest_free(hosts.numbers(session.connection))
        made = hosts.insert(
            session.connection, fresh_host(session.host_name, number, asked, session.now)
        )
    if made:
        furnish(session, asked)
    return made
