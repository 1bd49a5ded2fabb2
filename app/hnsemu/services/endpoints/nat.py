"""Blocks of ports for source NAT: taken with the first OutBoundNAT, given back with the last.

Source: dataplane.md section 7.4 ([O] blocks of 64, that a pod without one cannot get out).
"""

from dataclasses import replace

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.network_types import network_type
from hnsemu.domain.vfp.nat import BLOCKS
from hnsemu.storage import endpoints
from hnsemu.storage.transaction import Transaction


def with_block(tx: Transaction, endpoint: Endpoint) -> Endpoint:
    """Return the endpoint with a block if its policies need one, as long as the host has one left.

    An endpoint that got none is kept as it is asked for: its policies read well, and its packets
    find no port.
    """
    needs = (
        not endpoint.is_remote
        and network_type(endpoint.network_mode).vfp
        and any(policy.type == "OutBoundNAT" for policy in endpoint.policies)
    )
    if needs == (endpoint.nat_block is not None):
        return endpoint
    free = endpoints.free_nat_block(tx, BLOCKS) if needs else None
    return replace(endpoint, nat_block=free)
