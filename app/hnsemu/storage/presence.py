"""Which objects of those that calls made are still on the host."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from hnsemu.domain.leftovers import ObjectKey
from hnsemu.storage.objects import existing_in
from hnsemu.storage.tables import (
    endpoints,
    guest_network_services,
    namespaces,
    networks,
    policy_lists,
    port_reservations,
)
from hnsemu.storage.transaction import Transaction

_TABLES = {
    "network": networks,
    "endpoint": endpoints,
    "namespace": namespaces,
    "loadbalancer": policy_lists,
    "sdnroute": policy_lists,
    "policylist": policy_lists,
    "guestnetworkservice": guest_network_services,
    "portreservation": port_reservations,
}
"""Where the objects of a kind are, in the words of the journal; programs on the host have more."""


def present(tx: Transaction, keys: Iterable[ObjectKey]) -> set[ObjectKey]:
    """Return those that exist."""
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for kind, object_id in keys:
        by_kind[kind].append(object_id)
    return {
        (kind, object_id) for kind, ids in by_kind.items() for object_id in _those(tx, kind, ids)
    }


def _those(tx: Transaction, kind: str, ids: Sequence[str]) -> Iterable[str]:
    if kind not in _TABLES:
        for client in tx.clients:
            yield from client.present(tx, kind, ids)
        return
    yield from existing_in(tx, _TABLES[kind], ids)
