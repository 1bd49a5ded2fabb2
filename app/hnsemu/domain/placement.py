"""Where a new endpoint goes: what creating it needs to know of its network."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from hnsemu.domain.facts import Dns
from hnsemu.domain.ipam import Pool
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import MacRange


@dataclass(frozen=True, slots=True)
class NetworkSite:
    """A network as the site of an endpoint: what one gets that is created there.

    pools:        every IP subnet, in order.
    mac_cursor:   how many MACs of the permutation have been drawn; mac_seed names it.
    subnet_vlans: what VLAN policies of subnets say, by pool id, once they were read.
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
    subnet_vlans: Mapping[str, int] = field(default_factory=dict)

    def vlan(self, pool_ids: Collection[str]) -> int:
        """Return the VLAN of a port whose endpoint has none of its own, 0 for none.

        pool_ids: of the addresses of the endpoint; without any the first subnet counts.
        Source: dataplane.md section 5.1 [D].
        """
        behind = [pool.id for pool in self.pools if pool.id in pool_ids]
        behind = behind or [pool.id for pool in self.pools[:1]]
        vlans = (self.subnet_vlans[pool] for pool in behind if pool in self.subnet_vlans)
        return next(vlans, 0) or self.isolation

    def gateways(self, pool_ids: Collection[str]) -> tuple[str, ...]:
        """Return the gateways behind these pools, as written, in the order of the pools."""
        hops = (pool.next_hop for pool in self.pools if pool.id in pool_ids)
        return tuple(dict.fromkeys(hop for hop in hops if hop))
