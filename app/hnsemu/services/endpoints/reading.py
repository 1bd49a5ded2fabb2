"""Endpoint use cases: HcnCreateEndpoint and its kin."""

from hnsemu.domain.endpoints import Endpoint, properties
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.query import HostComputeQuery
from hnsemu.services.endpoints import addresses as endpoint_addresses
from hnsemu.services.endpoints.creation import add_endpoint
from hnsemu.services.endpoints.records import document_text, found, not_found, tell_unplugged
from hnsemu.services.listing import selected
from hnsemu.storage import endpoint_filters, endpoints, networks, placement
from hnsemu.storage.transaction import Transaction, reads, writes


@writes
def create_endpoint(
    tx: Transaction,
    network_id: str | None,
    asked: HostComputeEndpoint,
    network_name: str = "",
) -> Endpoint:
    """Make an endpoint and return it; see `add_endpoint`."""
    return add_endpoint(tx, network_id, asked, network_name)[0]


@writes
def create_endpoint_document(
    tx: Transaction,
    network_id: str | None,
    asked: HostComputeEndpoint,
    network_name: str = "",
) -> tuple[str, str]:
    """Make an endpoint and return its id and its HCN 2 answer; see `add_endpoint`."""
    made, text = add_endpoint(tx, network_id, asked, network_name)
    return made.id, text


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
    """Return the endpoints that `query` selects, in creation order."""
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
        return [document_text(tx, each) for each in _selected(tx, query, limit, after)]
    _check_after(tx, after)
    return endpoint_filters.documents(tx, wanted, limit, after)


@reads
def list_endpoint_ids(
    tx: Transaction, query: HostComputeQuery, limit: int | None = None, after: str | None = None
) -> list[str]:
    """Return the ids of the endpoints that `query` selects, as HcnEnumerateEndpoints does.

    Raises: E_INVALIDARG when there is no endpoint `after`.
    """
    wanted = query.wanted
    if not endpoint_filters.is_answered_by_columns(wanted):
        return [each.id for each in _selected(tx, query, limit, after)]
    _check_after(tx, after)
    return endpoint_filters.ids(tx, wanted, limit, after)


@writes
def delete_endpoint(tx: Transaction, endpoint_id: str) -> None:
    """Delete the endpoint; its addresses, MAC and published ports are free again.

    Raises: HCN_E_ENDPOINT_NOT_FOUND.
    """
    remove_endpoint(tx, found(tx, endpoint_id))


def remove_endpoint(tx: Transaction, endpoint: Endpoint) -> None:
    """Delete the endpoint inside another use case."""
    place = placement.find(tx, endpoint.network_id)
    assert place is not None  # noqa: S101 (an endpoint goes before its network)
    endpoint_addresses.give_back(tx, place, endpoint)
    endpoints.remove(tx, endpoint.key)
    networks.count_endpoint(tx, endpoint.network_key, -1)
    tell_unplugged(tx, endpoint)


def _selected(
    tx: Transaction, query: HostComputeQuery, limit: int | None, after: str | None
) -> list[Endpoint]:
    _check_after(tx, after)
    wanted = query.wanted
    narrowed = endpoints.all_of(tx, wanted, after)
    return selected(narrowed, wanted, properties, limit, None)


def _check_after(tx: Transaction, after: str | None) -> None:
    if after is not None and not endpoints.exists(tx, after):
        raise HnsError(
            Hr.E_INVALIDARG, f"after: there is no {after} any more; list again from the start"
        )
