"""Rows of namespaces and of what they hold."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from hnsemu.domain.namespace_creation import NamespaceRequest, NamespaceSite, NewNamespace
from hnsemu.domain.namespaces import HOST_COMPARTMENT, Namespace, NamespaceType, ResourceType
from hnsemu.storage import host_numbers
from hnsemu.storage.identity import identity_of, identity_values
from hnsemu.storage.prepared import Prepared, PreparedInsert
from hnsemu.storage.tables import endpoints, namespace_resources, namespaces
from hnsemu.storage.transaction import Transaction

_OF_HOST = select(namespaces).where(namespaces.c.host_key == bindparam("host_key"))
_BY_ID = Prepared(_OF_HOST.where(namespaces.c.id == bindparam("id")))
_ALL = _OF_HOST.order_by(namespaces.c.key)
_RESOURCES = (
    select(
        namespace_resources.c.namespace_key,
        namespace_resources.c.container_id,
        endpoints.c.id.label("endpoint_id"),
    )
    .outerjoin(endpoints, endpoints.c.key == namespace_resources.c.endpoint_key)
    .order_by(namespace_resources.c.key)
)
_RESOURCES_OF = Prepared(_RESOURCES.where(namespace_resources.c.namespace_key == bindparam("key")))
_RESOURCES_OF_HOST = _RESOURCES.join(
    namespaces, namespaces.c.key == namespace_resources.c.namespace_key
).where(namespaces.c.host_key == bindparam("host_key"))
_INSERT = PreparedInsert(namespaces)
# Every pod joins a namespace and leaves it.
_ADD_ENDPOINT = Prepared(insert(namespace_resources), ["namespace_key", "endpoint_key"])
_REMOVE_ENDPOINT = Prepared(
    delete(namespace_resources).where(
        namespace_resources.c.namespace_key == bindparam("namespace_key"),
        namespace_resources.c.endpoint_key == bindparam("endpoint_key"),
    )
)
_SAVE = Prepared(
    update(namespaces)
    .where(namespaces.c.key == bindparam("b_key"))
    .values(
        compartment_id=bindparam("b_compartment_id"),
        compartment_guid=bindparam("b_compartment_guid"),
        updated=bindparam("b_updated"),
    )
)


def find(tx: Transaction, namespace_id: str) -> Namespace | None:
    """Return the namespace with what it holds."""
    row = _BY_ID.row(tx.connection, {"host_key": tx.host.key, "id": namespace_id})
    if row is None:
        return None
    rows = _RESOURCES_OF.rows(tx.connection, {"key": row.key})
    return _namespace(row, [_resource(held.container_id, held.endpoint_id) for held in rows])


def all_of(tx: Transaction) -> list[Namespace]:
    """Return the namespaces of the host with what they hold, in creation order."""
    held = defaultdict(list)
    for row in tx.connection.execute(_RESOURCES_OF_HOST, {"host_key": tx.host.key}):
        held[row.namespace_key].append(_resource(row.container_id, row.endpoint_id))
    rows = tx.connection.execute(_ALL, {"host_key": tx.host.key})
    return [_namespace(row, held[row.key]) for row in rows]


def site(tx: Transaction, request: NamespaceRequest) -> NamespaceSite:
    """Return what creating the namespace depends on."""
    named = request.identity.id
    opens_compartment = request.with_compartment or request.ready_on_create
    return NamespaceSite(
        release=tx.host.release,
        now=tx.now,
        id_is_taken=bool(named) and _exists(tx, named),
        next_compartment=host_numbers.next_compartment(tx) if opens_compartment else 0,
    )


def create(tx: Transaction, new: NewNamespace) -> Namespace:
    """Write a new, empty namespace; return it with its key."""
    namespace = new.namespace
    if namespace.compartment_id > HOST_COMPARTMENT:
        host_numbers.note_compartment(tx, namespace.compartment_id)
    tx.notify(*new.notifications)
    tx.note_created("namespace", namespace.id)
    return replace(namespace, key=_insert(tx, namespace))


def save(tx: Transaction, namespace: Namespace) -> None:
    """Write the compartment of the namespace and when it changed."""
    _SAVE.run(
        tx.connection,
        {
            "b_key": namespace.key,
            "b_compartment_id": namespace.compartment_id,
            "b_compartment_guid": namespace.compartment_guid,
            "b_updated": namespace.updated,
        },
    )


def remove(tx: Transaction, namespace: Namespace) -> None:
    """Delete the namespace and its list of resources; the endpoints themselves stay."""
    tx.note_removed("namespace", namespace.id)
    tx.connection.execute(namespaces.delete().where(namespaces.c.key == namespace.key))


def add_endpoint(tx: Transaction, key: int, endpoint_key: int) -> None:
    """Put the endpoint into the namespace."""
    _ADD_ENDPOINT.run(tx.connection, {"namespace_key": key, "endpoint_key": endpoint_key})


def remove_endpoint(tx: Transaction, key: int, endpoint_key: int) -> None:
    """Take the endpoint out of the namespace."""
    _REMOVE_ENDPOINT.run(tx.connection, {"namespace_key": key, "endpoint_key": endpoint_key})


def add_container(tx: Transaction, key: int, container_id: str) -> None:
    """Put the container into the namespace, once more if it is there already."""
    tx.connection.execute(
        namespace_resources.insert().values(namespace_key=key, container_id=container_id)
    )


def remove_container(tx: Transaction, key: int, container_id: str) -> None:
    """Take the newest entry of the container out of the namespace."""
    newest = (
        select(func.max(namespace_resources.c.key))
        .where(
            namespace_resources.c.namespace_key == key,
            namespace_resources.c.container_id == container_id,
        )
        .scalar_subquery()
    )
    tx.connection.execute(namespace_resources.delete().where(namespace_resources.c.key == newest))


def _exists(tx: Transaction, namespace_id: str) -> bool:
    found = _BY_ID.row(tx.connection, {"host_key": tx.host.key, "id": namespace_id})
    return found is not None


def _insert(tx: Transaction, namespace: Namespace) -> int:
    row = {
        "host_key": tx.host.key,
        **identity_values(namespace),
        "type": str(namespace.type),
        "built_in": namespace.built_in,
        "compartment_id": namespace.compartment_id,
        "compartment_guid": namespace.compartment_guid,
        "allocator_id": namespace.allocator_id,
    }
    return _INSERT.key(tx.connection, row)


def _namespace(row: Row[tuple[object, ...]], held: Sequence[tuple[str, str]]) -> Namespace:
    return Namespace(
        key=row.key,
        type=NamespaceType(row.type),
        compartment_id=row.compartment_id,
        compartment_guid=row.compartment_guid,
        allocator_id=row.allocator_id,
        resources=tuple(held),
        built_in=bool(row.built_in),
        **identity_of(row),
    )


def _resource(container_id: str | None, endpoint_id: str) -> tuple[str, str]:
    if container_id is None:
        return str(ResourceType.ENDPOINT), endpoint_id
    return str(ResourceType.CONTAINER), container_id
