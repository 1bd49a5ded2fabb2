"""Endpoints looked at: one, many, their answers and their counters."""

from hnsemu.domain.endpoints import Endpoint, properties
from hnsemu.domain.guid import ZERO
from hnsemu.domain.stats import EndpointStats
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.query import HostComputeQuery
from hnsemu.schema.v2.render_endpoints import endpoint_text
from hnsemu.services.endpoint_records import found, not_found
from hnsemu.services.listing import selected
from hnsemu.storage import counters, endpoint_filters, endpoints
from hnsemu.storage.transaction import Transaction, reads


@reads
def get_endpoint(tx: Transaction, endpoint_id: str) -> Endpoint:
    """Return the endpoint.

    Raises: HCN_E_ENDPOINT_NOT_FOUND.
    """
    return found(tx, endpoint_id)


@reads
def get_endpoint_document(tx: Transaction, endpoint_id: str) -> str:
    """Return the HCN 2 answer of the endpoint, as stored.

    Raises: HCN_E_ENDPOINT_NOT_FOUND.
    """
    text = endpoints.find_document(tx, endpoint_id)
    if text is None:
        _ = tx.host  # an unknown host is told apart from an unknown endpoint
        raise not_found(endpoint_id)
    return text


@reads
def list_endpoints(
    tx: Transaction, query: HostComputeQuery, limit: int | None = None, after: str | None = None
) -> list[Endpoint]:
    """Return the endpoints that `query` selects, in creation order.

    Raises: E_INVALIDARG when there is no endpoint `after`.
    """
    return _selected(tx, query, limit, after)


@reads
def list_endpoint_documents(
    tx: Transaction, query: HostComputeQuery, limit: int | None = None, after: str | None = None
) -> list[str]:
    """Return the HCN 2 answers of the endpoints that `query` selects, as stored.

    Raises: E_INVALIDARG when there is no endpoint `after`.
    """
    wanted = query.wanted
    if not endpoint_filters.is_answered_by_columns(wanted):
        release = tx.host.release
        return [endpoint_text(one, release) for one in _selected(tx, query, limit, after)]
    return endpoint_filters.documents(tx, wanted, limit, _key_of(tx, after))


@reads
def list_endpoint_ids(
    tx: Transaction, query: HostComputeQuery, limit: int | None = None, after: str | None = None
) -> list[str]:
    """Return the ids of the endpoints that `query` selects, as HcnEnumerateEndpoints does.

    Raises: E_INVALIDARG when there is no endpoint `after`.
    """
    return ids_of(tx, query, limit, after)


def ids_of(
    tx: Transaction, query: HostComputeQuery, limit: int | None, after: str | None
) -> list[str]:
    """Return the ids inside another use case.

    Raises: E_INVALIDARG when there is no endpoint `after`.
    """
    wanted = query.wanted
    if not endpoint_filters.is_answered_by_columns(wanted):
        return [endpoint.id for endpoint in _selected(tx, query, limit, after)]
    return endpoint_filters.ids(tx, wanted, limit, _key_of(tx, after))


@reads
def endpoint_stats(tx: Transaction, endpoint_id: str) -> EndpointStats:
    """Return the traffic counters of the endpoint.

    Raises: HCN_E_ENDPOINT_NOT_FOUND.
    """
    return stats_of(tx, endpoint_id)


def stats_of(tx: Transaction, endpoint_id: str) -> EndpointStats:
    """Return the traffic counters inside another use case.

    Raises: HCN_E_ENDPOINT_NOT_FOUND.
    """
    endpoint = found(tx, endpoint_id)
    nic_id = endpoint.port.nic_id if endpoint.port else ZERO
    return EndpointStats(endpoint.id, nic_id, counters.traffic(tx, endpoint.key))


def _selected(
    tx: Transaction, query: HostComputeQuery, limit: int | None, after: str | None
) -> list[Endpoint]:
    wanted = query.wanted
    narrowed = endpoints.all_of(tx, wanted, _key_of(tx, after))
    return selected(narrowed, wanted, properties, limit, None)


def _key_of(tx: Transaction, after: str | None) -> int:
    if after is None:
        return 0
    key = endpoints.find_key(tx, after)
    if key is None:
        raise HnsError(
            Hr.E_INVALIDARG, f"after: there is no {after} any more; list again from the start"
        )
    return key
