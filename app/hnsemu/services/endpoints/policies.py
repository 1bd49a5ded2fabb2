"""What the policies of an endpoint are checked against, gathered from the storage."""

import functools

from hnsemu.domain.network_types import Mode
from hnsemu.policies.endpoint_checks import PolicyContext
from hnsemu.policies.network_requests import ip_sets
from hnsemu.storage import policies
from hnsemu.storage.transaction import Transaction


def context_of(tx: Transaction, mode: Mode, network_key: int, *, remote: bool) -> PolicyContext:
    """Return where the policies of an endpoint of this network stand; sets are read when named."""

    @functools.cache
    def set_ids() -> frozenset[str]:
        return frozenset(known.id for known in ip_sets(policies.of(tx, "network", network_key)))

    return PolicyContext(mode, tx.host.release, remote, set_ids)
