"""Which MAC addresses accelerated networking leaves to the management OS.

Nothing on the emulated host acts on them; they are kept for callers who set and read them.
Source: hns-behaviour.md section 1.2 [O]. That they outlive a restart and a reboot is inferred.
"""

from collections.abc import Sequence

from hnsemu.domain.releases import require
from hnsemu.errors import Hr
from hnsemu.storage import accelnet
from hnsemu.storage.transaction import Transaction, reads, writes


@reads
def get_management_macs(tx: Transaction) -> tuple[str, ...]:
    """Return the addresses in the order they were set.

    Raises: HCN_E_REQUEST_UNSUPPORTED before HNS 15.4.
    """
    _require(tx)
    return accelnet.of_host(tx)


@writes
def set_management_macs(tx: Transaction, addresses: Sequence[str]) -> tuple[str, ...]:
    """Put these addresses in the place of the old ones; none at all is fine.

    Raises: HCN_E_REQUEST_UNSUPPORTED before HNS 15.4.
    """
    _require(tx)
    accelnet.replace(tx, addresses)
    return tuple(addresses)


def _require(tx: Transaction) -> None:
    require(tx.host.release, "Accelnet", Hr.HCN_E_REQUEST_UNSUPPORTED, "/accelnet")
