"""Where a new endpoint goes: what creating it needs to know of its network."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from hnsemu.domain.facts import Dns
from hnsemu.domain.ipam import Pool
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import MacRange


@dataclass(frozen=True, slots=True)
class Place:
    """A network seen by an endpoint that is being made in it.

    pools:      every IP subnet, in order.
    mac_cursor: how many MACs of the permutation have been drawn; mac_seed names it.
    """

    network_key: int
    network_id: str
    network_name: str
    mode: Mode
    type_text: str
    dns: Dns
    vswitch_key: int
    switch_id: str
    parent_id: str
    isolation: int
    mac_ranges: tuple[MacRange, ...]
    mac_cursor: int
    mac_seed: int
    pools: tuple[Pool, ...]

    def vlan_settings(self, pool_ids: Sequence[str]) -> str:
        """Return the settings of the VLAN policy that goes for these pools, "" for none.

        pool_ids: of the addresses of an endpoint; without any the first subnet's goes.
        """
        behind = [pool for pool in self.pools if pool.id in pool_ids] or self.pools[:1]
        return next((pool.vlan for pool in behind if pool.vlan), "")

    def gateways(self, pool_ids: Collection[str]) -> tuple[str, ...]:
        """Return the gateways behind these pools, as written, in the order of the pools."""
        hops = (pool.next_hop for pool in self.pools if pool.id in pool_ids)
        return tuple(dict.fromkeys(hop for hop in hops if hop))
