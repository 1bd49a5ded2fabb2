"""Rows of guest network services and of the interfaces they mirror."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from hnsemu.domain.guestnetworkservices import (
    GuestNetworkService,
    MirroredInterface,
    NewService,
    ServiceChange,
    ServiceFacts,
    ServiceRequest,
    ServiceState,
)
from hnsemu.domain.notifications import HcnNotification, Notification
from hnsemu.storage.chunks import chunks
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
_ENDPOINTS = select(endpoints.c.id, endpoints.c.key).where(
    endpoints.c.host_key == bindparam("host_key"),
    endpoints.c.id.in_(bindparam("ids", expanding=True)),
)


def find(tx: Transaction, service_id: str) -> GuestNetworkService | None:
    """Return the service with the interfaces it mirrors."""
    row = tx.connection.execute(_BY_ID, {"host_key": tx.host.key, "id": service_id}).first()
    if row is None:
        return None
    mirrored = tx.connection.execute(_INTERFACES_OF, {"host_key": tx.host.key, "key": row.key})
    return _service(row, [_interface(interface) for interface in mirrored])


def all_of(tx: Transaction) -> list[GuestNetworkService]:
    """Return the services of the host with the interfaces they mirror, in creation order."""
    mirrored = defaultdict(list)
    for row in tx.connection.execute(_INTERFACES, {"host_key": tx.host.key}):
        mirrored[row.service_key].append(_interface(row))
    rows = tx.connection.execute(_ALL, {"host_key": tx.host.key})
    return [_service(row, mirrored[row.key]) for row in rows]


def facts(tx: Transaction, request: ServiceRequest) -> ServiceFacts:
    """Return what creating the service depends on."""
    of_host = {"host_key": tx.host.key}
    taken = tx.connection.execute(_BY_ID, {**of_host, "id": request.identity.id}).first()
    ids = [interface.endpoint_id for interface in request.interfaces]
    rows: list[Row[Any]] = []
    for chunk in chunks(ids):
        rows += tx.connection.execute(_ENDPOINTS, {**of_host, "ids": chunk})
    return ServiceFacts(
        release=tx.host.release,
        now=tx.now,
        id_is_taken=taken is not None,
        endpoint_keys={row.id: row.key for row in rows},
    )


def create(tx: Transaction, new: NewService) -> GuestNetworkService:
    """Write a new service with its interfaces; return it with its key."""
    service = new.service
    inserted = tx.connection.execute(
        guest_network_services.insert()
        .values(
            host_key=tx.host.key,
            **identity_values(service),
            state=str(service.state),
            virtual_machine_id=service.virtual_machine_id,
            mirrors_host=service.mirrors_host,
            rpc=service.rpc,
            flags=service.flags,
        )
        .returning(guest_network_services.c.key)
    )
    key = int(inserted.scalar_one())
    rows = [
        {
            "service_key": key,
            "endpoint_key": endpoint_key,
            "interface_guid": interface.interface_guid,
            "state": interface.state,
            "missed": interface.missed,
        }
        for interface, endpoint_key in zip(service.interfaces, new.endpoint_keys, strict=True)
    ]
    if rows:
        tx.connection.execute(mirrored_interfaces.insert(), rows)
    tx.notify(*new.notifications)
    tx.note_created("guestnetworkservice", service.id)
    return replace(service, key=key)


def change(tx: Transaction, changed: ServiceChange) -> GuestNetworkService:
    """Write the state of the service and of its interfaces, if it is another one; return it."""
    service = changed.service
    if not changed.notifications:
        return service
    tx.connection.execute(
        update(guest_network_services)
        .where(guest_network_services.c.key == service.key)
        .values(state=str(service.state), updated=service.updated)
    )
    if service.interfaces:
        tx.connection.execute(
            update(mirrored_interfaces)
            .where(mirrored_interfaces.c.service_key == service.key)
            .values(state=service.interfaces[0].state)
        )
    tx.notify(*changed.notifications)
    return service


def remove(tx: Transaction, service: GuestNetworkService) -> None:
    """Delete the service with its interfaces and reservations."""
    tx.note_removed("guestnetworkservice", service.id)
    tx.connection.execute(
        delete(guest_network_services).where(guest_network_services.c.key == service.key)
    )
    tx.notify(Notification(HcnNotification.GUEST_NETWORK_SERVICE_DELETE, service.id))


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
