"""Endpoints found and kept inside other use cases, with the answers stored for them."""

from hnsemu.domain.endpoint_changes import EndpointChange
from hnsemu.domain.endpoints import Endpoint
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.render_endpoints import endpoint_text
from hnsemu.storage import endpoint_changes, endpoints
from hnsemu.storage.transaction import Transaction


def found(tx: Transaction, endpoint_id: str) -> Endpoint:
    """Return the endpoint.

    Raises: HCN_E_ENDPOINT_NOT_FOUND.
    """
    return existing(endpoints.find(tx, endpoint_id), endpoint_id)


def existing(endpoint: Endpoint | None, endpoint_id: str) -> Endpoint:
    """Return what was found under this id.

    Raises: HCN_E_ENDPOINT_NOT_FOUND when that is nothing.
    """
    if endpoint is None:
        raise not_found(endpoint_id)
    return endpoint


def keep(tx: Transaction, change: EndpointChange) -> Endpoint:
    """Keep what changed of an endpoint and return it.

    Raises: the refusal that comes with the change, which stays.
    """
    text = endpoint_text(change.endpoint, tx.host.release)
    endpoint_changes.write(tx, change, text)
    if change.refusal is not None:
        raise change.refusal
    return change.endpoint


def not_found(endpoint_id: str) -> HnsError:
    """Return the refusal for an endpoint that is not there."""
    return HnsError(Hr.HCN_E_ENDPOINT_NOT_FOUND, f"there is no endpoint {endpoint_id}")
