"""Creating guest network services: HcnCreateGuestNetworkService."""

from hnsemu.domain.guestnetworkservices import GuestNetworkService, new_service
from hnsemu.schema.v2.guest.services import GuestNetworkService as ServiceDocument
from hnsemu.schema.v2.read_guestnetworkservices import service_request
from hnsemu.storage import guestnetworkservices
from hnsemu.storage.transaction import Transaction, writes


@writes
def create_guest_network_service(tx: Transaction, document: ServiceDocument) -> GuestNetworkService:
    """Create a guest network service, in state Created.

    Raises: what `new_service` raises.
    """
    request = service_request(document)
    facts = guestnetworkservices.facts(tx, request)
    new = new_service(request, facts, tx.source)
    return guestnetworkservices.create(tx, new)
