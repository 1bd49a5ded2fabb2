"""Host use cases: defining, listing and removing emulated hosts. A fresh host is furnished here."""

from app.domain.facts import Adapter
from app.domain.hosts import (
    AdapterDefinition,
    Host,
    HostDefinition,
    asked_adapters,
    check_host_name,
    fresh_host,
    lowest_free,
    made_mac,
)
from app.storage import adapters, hosts
from app.storage.engine import Session, controls


@controls
def ensure_host(session: Session, definition: HostDefinition | None = None) -> Host:
    """Return the host, made by `definition` if there was none; an existing one stays as it is."""
    host, _ = _find_or_make(session, definition or HostDefinition())
    return host


def _find_or_make(session: Session, asked: HostDefinition) -> tuple[Host, bool]:
    """Return the host, locked, and whether it was made.

    Two makers of one host, or of two hosts that chose the same number, meet in the database: the
    later one inserts nothing and looks again.
    """
    check_host_name(session.host_name)
    made = False
    while (host := hosts.find(session.connection, session.host_name, lock=True)) is None:
        number = lowest_free(hosts.numbers(session.connection))
        made = hosts.insert(
            session.connection, fresh_host(session.host_name, number, asked, session.now)
        )
    if made:
        _furnish(session, asked)
    return host, made


def _furnish(session: Session, asked: HostDefinition) -> None:
    """Give an empty host what a fresh one has."""
    host = session.host
    adapters.insert_all(
        session.connection,
        host.key,
        [_adapter(session, each) for each in asked_adapters(asked, host.number)],
    )


def _adapter(session: Session, asked: AdapterDefinition) -> Adapter:
    address, _, prefix_length = asked.address.partition("/")
    return Adapter(
        key=0,
        id=session.source.guid(),
        name=asked.name,
        mac=asked.mac or made_mac(session.source.below(1 << 24)),
        address=address,
        prefix_length=int(prefix_length or 0),
        gateway=asked.gateway,
        wireless=asked.wireless,
    )
