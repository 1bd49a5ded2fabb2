"""Rows of guest network services and of the interfaces they mirror."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Row, bindparam, delete, select, update

from hnsemu.domain.guestnetworkservices import GuestNetworkService, MirroredInterface, ServiceState
from hnsemu.storage.identity import identity_of, identity_values
from hnsemu.storage.tables import endpoints, guest_network_services, mirrored_interfaces
from hnsemu.storage.transaction import Transaction

_OF_HOST = select(guest_network_services).where(
    guest_network_services.c.host_key == bindparam("host_key")
)
_BY_ID = _OF_HOST.where(guest_network_services.c.id == bindparam("id"))
_ALL = _OF_HOST.order_by(guest_network_services.c.key)
_INTERFACES = (
    select(mirrored_interfaces, endpoints.c.id.label("endpoint_id"))
    .join(endpoints, endpoints.c.key == mirrored_interfaces.c.endpoint_key)
    .join(guest_network_services, guest_network_services.c.key == mirrored_interfaces.c.service_key)
    .where(guest_network_services.c.host_key == bindparam("host_key"))
    .order_by(mirrored_interfaces.c.key)
)
_INTERFACES_OF = _INTERFACES.where(mirrored_interfaces.c.service_key == bindparam("key"))


def find(tx: Transaction, service_id: str) -> GuestNetworkService | None:
    """Return the service with the interfaces it mirrors."""
    row = tx.connection.execute(_BY_ID, {"host_key": tx.host.key, "id": service_id}).first()
    if row is None:
        return None
    mirrored = tx.connection.execute(_INTERFACES_OF, {"host_key": tx.host.key, "key": row.key})
    return _service(row, [_interface(each) for each in mirrored])


def all_of(tx: Transaction) -> list[GuestNetworkService]:
    """Return the services of the host with the interfaces they mirror, in creation order."""
    mirrored = defaultdict(list)
    for each in tx.connection.execute(_INTERFACES, {"host_key": tx.host.key}):
        mirrored[each.service_key].append(_interface(each))
    rows = tx.connection.execute(_ALL, {"host_key": tx.host.key})
    return [_service(row, mirrored[row.key]) for row in rows]


def insert(
    tx: Transaction,
    made: GuestNetworkService,
    endpoint_keys: Iterable[int],
) -> int:
    """Insert the service; `endpoint_keys` are those of its interfaces. Return its key."""
    inserted = tx.connection.execute(
        guest_network_services.insert()
        .values(
            host_key=tx.host.key,
            **identity_values(made),
            state=str(made.state),
            virtual_machine_id=made.virtual_machine_id,
            mirrors_host=made.mirrors_host,
            rpc=made.rpc,
            flags=made.flags,
        )
        .returning(guest_network_services.c.key)
    )
    key = int(inserted.scalar_one())
    for interface, endpoint_key in zip(made.interfaces, endpoint_keys, strict=True):
        tx.connection.execute(
            mirrored_interfaces.insert().values(
                service_key=key,
                endpoint_key=endpoint_key,
                interface_guid=interface.interface_guid,
                state=interface.state,
                missed=interface.missed,
            )
        )
    return key


def set_state(tx: Transaction, changed: GuestNetworkService) -> None:
    """Keep the state of the service and of its interfaces."""
    tx.connection.execute(
        update(guest_network_services)
        .where(guest_network_services.c.key == changed.key)
        .values(state=str(changed.state), updated=changed.updated)
    )
    if changed.interfaces:
        tx.connection.execute(
            update(mirrored_interfaces)
            .where(mirrored_interfaces.c.service_key == changed.key)
            .values(state=changed.interfaces[0].state)
        )


def remove(tx: Transaction, key: int) -> None:
    """Delete the service with its interfaces and reservations."""
    tx.connection.execute(delete(guest_network_services).where(guest_network_services.c.key == key))


def _service(
    row: Row[tuple[object, ...]], mirrored: Iterable[MirroredInterface]
) -> GuestNetworkService:
    return GuestNetworkService(
        key=row.key,
        state=ServiceState(row.state),
        virtual_machine_id=row.virtual_machine_id,
        interfaces=tuple(mirrored),
        mirrors_host=row.mirrors_host,
        rpc=row.rpc,
        flags=row.flags,
        **identity_of(row),
    )


def _interface(row: Row[tuple[object, ...]]) -> MirroredInterface:
    return MirroredInterface(row.endpoint_id, row.interface_guid, row.state, row.missed)
