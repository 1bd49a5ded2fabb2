"""Endpoints found and kept inside other use cases, with the answers stored for them."""

from dataclasses import replace

import orjson

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.notifications import HcnNotification, Notification
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.render_endpoints import endpoint_document
from hnsemu.storage import endpoints
from hnsemu.storage.engine import Session


def found(session: Session, endpoint_id: str) -> Endpoint:
    """Return the endpoint.

    Raises: HCN_E_ENDPOINT_NOT_FOUND.
    """
    endpoint = endpoints.find(session.connection, session.host.key, endpoint_id)
    if endpoint is None:
        raise not_found(endpoint_id)
    return endpoint


def save(session: Session, changed: Endpoint) -> Endpoint:
    """Keep what changed of an endpoint, its answer and its port; return it stamped."""
    stamped = replace(changed, updated=session.now)
    endpoints.save(session.connection, stamped, document_text(session, stamped))
    endpoints.set_port(session.connection, stamped)
    return stamped


def replug(session: Session, before: Endpoint, after: Endpoint) -> Endpoint:
    """Keep an endpoint that is plugged in or out, and tell who watches its network; see `save`.

    A further container on an endpoint that is in use attaches nothing to the network [I].
    """
    if after.is_attached and not before.is_attached:
        kind = HcnNotification.NETWORK_ENDPOINT_ATTACHED
        session.notify(Notification(kind, after.id, after.network_id))
    elif not after.is_attached:
        tell_unplugged(session, before)
    return save(session, after)


def tell_unplugged(session: Session, endpoint: Endpoint) -> None:
    """Tell who watches the network of an endpoint that it is not plugged in any more, if it was."""
    if endpoint.is_attached:
        kind = HcnNotification.NETWORK_ENDPOINT_DETACHED
        session.notify(Notification(kind, endpoint.id, endpoint.network_id))


def document_text(session: Session, endpoint: Endpoint) -> str:
    """Return the HCN 2 answer of the endpoint as JSON text."""
    return orjson.dumps(endpoint_document(endpoint, session.host.release)).decode()


def not_found(endpoint_id: str) -> HnsError:
    """Return the refusal for an endpoint that is not there."""
    return HnsError(Hr.HCN_E_ENDPOINT_NOT_FOUND, f"there is no endpoint {endpoint_id}")
