"""How full the address pools of a host are."""

from dataclasses import dataclass

from app.domain.ipam import IpAddress, Pool
from app.domain.networks import IpSubnet, Network, Subnet


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
        ends = {self.pool.network.network_address, self.pool.network.broadcast_address}
        if self.pool.gateway is not None and self.pool.gateway in self.pool.network:
            ends.add(self.pool.gateway)
        return tuple(sorted(address for address in ends if self.pool.reserves(address)))

    @property
    def free(self) -> int:
        """Return how many addresses an endpoint could still get."""
        return self.pool.network.num_addresses - len(self.reserved) - self.in_use
