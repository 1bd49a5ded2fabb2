"""Deleting endpoints: HcnDeleteEndpoint."""

from hnsemu.domain.endpoint_deletion import decide_deletion
from hnsemu.domain.endpoints import Endpoint
from hnsemu.services.endpoint_records import not_found
from hnsemu.storage import endpoint_deletion
from hnsemu.storage.transaction import Transaction, writes


@writes
def delete_endpoint(tx: Transaction, endpoint_id: str) -> None:
    """Delete the endpoint; its addresses, MAC and published ports are free again.

    Raises: HCN_E_ENDPOINT_NOT_FOUND.
    """
    facts = endpoint_deletion.gather(tx, endpoint_id)
    if facts is None:
        raise not_found(endpoint_id)
    endpoint_deletion.write(tx, decide_deletion(*facts))


def remove_endpoint(tx: Transaction, endpoint: Endpoint) -> None:
    """Delete the endpoint inside another use case."""
    site = endpoint_deletion.site_of(tx, endpoint)
    endpoint_deletion.write(tx, decide_deletion(endpoint, site))
