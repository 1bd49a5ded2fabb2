"""Endpoints found and kept inside other use cases, with the answers stored for them."""

from dataclasses import replace

import orjson

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.notifications import HcnNotification, Notification
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.render_endpoints import endpoint_document
from hnsemu.storage import endpoints
from hnsemu.storage.transaction import Transaction


def found(tx: Transaction, endpoint_id: str) -> Endpoint:
    """Return the endpoint.

    Raises: HCN_E_ENDPOINT_NOT_FOUND.
    """
    endpoint = endpoints.find(tx, endpoint_id)
    if endpoint is None:
        raise not_found(endpoint_id)
    return endpoint


def save(tx: Transaction, changed: Endpoint) -> Endpoint:
    """Keep what changed of an endpoint, its answer and its port; return it stamped."""
    stamped = replace(changed, updated=tx.now)
    endpoints.save(tx, stamped, document_text(tx, stamped))
    endpoints.set_port(tx, stamped)
    return stamped


def replug(tx: Transaction, before: Endpoint, after: Endpoint) -> Endpoint:
    """Keep an endpoint that is plugged in or out, and tell who watches its network; see `save`.

    A further container on an endpoint that is in use attaches nothing to the network [I].
    """
    if after.is_attached and not before.is_attached:
        kind = HcnNotification.NETWORK_ENDPOINT_ATTACHED
        tx.notify(Notification(kind, after.id, after.network_id))
    elif not after.is_attached:
        tell_unplugged(tx, before)
    return save(tx, after)


def tell_unplugged(tx: Transaction, endpoint: Endpoint) -> None:
    """Tell who watches the network of an endpoint that it is not plugged in any more, if it was."""
    if endpoint.is_attached:
        kind = HcnNotification.NETWORK_ENDPOINT_DETACHED
        tx.notify(Notification(kind, endpoint.id, endpoint.network_id))


def document_text(tx: Transaction, endpoint: Endpoint) -> str:
    """Return the HCN 2 answer of the endpoint as JSON text."""
    return orjson.dumps(endpoint_document(endpoint, tx.host.release)).decode()


def not_found(endpoint_id: str) -> HnsError:
    """Return the refusal for an endpoint that is not there."""
    return HnsError(Hr.HCN_E_ENDPOINT_NOT_FOUND, f"there is no endpoint {endpoint_id}")
