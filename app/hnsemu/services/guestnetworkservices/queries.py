"""Reading guest network services."""

from hnsemu.domain.guestnetworkservices import GuestNetworkService, properties
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.query import HostComputeQuery
from hnsemu.services.listing import selected
from hnsemu.storage import guestnetworkservices
from hnsemu.storage.transaction import Transaction, reads


@reads
def get_guest_network_service(tx: Transaction, service_id: str) -> GuestNetworkService:
    """Return the service.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    return found(tx, service_id)


@reads
def list_guest_network_services(
    tx: Transaction, query: HostComputeQuery, limit: int | None = None, after: str | None = None
) -> list[GuestNetworkService]:
    """Return the services that `query` selects, in creation order."""
    services = guestnetworkservices.all_of(tx)
    return selected(services, query.wanted, properties, limit, after)


def found(tx: Transaction, service_id: str) -> GuestNetworkService:
    """Return the service inside another use case.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    service = guestnetworkservices.find(tx, service_id)
    if service is None:
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND,
            f"no guest network service has the ID {service_id}; list them to see which exist",
        )
    return service
