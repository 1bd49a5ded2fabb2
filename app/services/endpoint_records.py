"""Endpoints found and kept inside other use cases, with the answers stored for them."""

from dataclasses import replace

import orjson

from app.domain.endpoints import Endpoint
from app.errors import HnsError, Hr
from app.schema.v2.render_endpoints import endpoint_document
from app.storage import endpoints
from app.storage.engine import Session


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


def document_text(session: Session, endpoint: Endpoint) -> str:
    """Return the HCN 2 answer of the endpoint as JSON text."""
    return orjson.dumps(endpoint_document(endpoint, session.host.release)).decode()


def not_found(endpoint_id: str) -> HnsError:
    """Return the refusal for an endpoint that is not there."""
    return HnsError(Hr.HCN_E_ENDPOINT_NOT_FOUND, f"there is no endpoint {endpoint_id}")
