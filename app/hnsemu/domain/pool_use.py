"""How full the address pools of a host are."""

from dataclasses import dataclass

from hnsemu.domain.ipam import IpAddress, Pool
from hnsemu.domain.networks import IpSubnet, Network, Subnet


@dataclass(frozen=True, slots=True)
class PoolUse:
    """A pool, where it belongs, and how many of its addresses local endpoints have.

    in_use:   addresses given to endpoints. released: given back and not given out again yet.
    """

    network: Network
    subnet: Subnet
    ip_subnet: IpSubnet
    pool: Pool
    in_use: int = 0
    released: int = 0

    @property
    def reserved(self) -> tuple[IpAddress, ...]:
        """Return the addresses that HNS keeps for itself, ascending."""
        return self.pool.reserved

    @property
    def free(self) -> int:
        """Return how many addresses an endpoint could still get."""
        return self.pool.network.num_addresses - len(self.reserved) - self.in_use
