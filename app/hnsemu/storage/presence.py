"""Which objects of those that calls made are still on the host, and what they are called."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from hnsemu.domain.leftovers import ObjectKey
from hnsemu.storage.objects import names_in
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


def present(tx: Transaction, keys: Iterable[ObjectKey]) -> dict[ObjectKey, str]:
    """Return the names of those that exist; one that has none is called ""."""
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for kind, object_id in keys:
        by_kind[kind].append(object_id)
    return {
        (kind, object_id): name
        for kind, ids in by_kind.items()
        for object_id, name in _those(tx, kind, ids).items()
    }


def _those(tx: Transaction, kind: str, ids: Sequence[str]) -> Mapping[str, str]:
    if kind in _TABLES:
        return names_in(tx, _TABLES[kind], ids)
    found: dict[str, str] = {}
    for client in tx.clients:
        found.update(client.present(tx, kind, ids))
    return found
