"""What a reboot does to rows."""

from sqlalchemy import Connection, delete, or_, select, update

from hnsemu.domain.namespaces import NamespaceType
from hnsemu.storage.tables import hosts, namespace_resources, namespaces

_HOST_DEFAULT = str(NamespaceType.HOST_DEFAULT)


def end_containers(connection: Connection, host_key: int) -> None:
    """Empty the namespaces and close their compartments; the host's own keeps its endpoints."""
    of_host = select(namespaces.c.key).where(namespaces.c.host_key == host_key)
    ended = of_host.where(namespaces.c.type != _HOST_DEFAULT)
    connection.execute(
        delete(namespace_resources).where(
            namespace_resources.c.namespace_key.in_(of_host),
            or_(
                namespace_resources.c.endpoint_key.is_(None),
                namespace_resources.c.namespace_key.in_(ended),
            ),
        )
    )
    connection.execute(
        update(namespaces)
        .where(namespaces.c.host_key == host_key, namespaces.c.type != _HOST_DEFAULT)
        .values(compartment_id=0, compartment_guid="")
    )
    connection.execute(update(hosts).where(hosts.c.key == host_key).values(next_compartment=2))
