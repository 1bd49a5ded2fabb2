"""GET /host/ippools: the address pools of HNS."""

from pydantic import Field

from hnsemu.domain.pool_use import PoolUse
from hnsemu.schema.host.view import View


class IpPool(View):
    """The address pool of an IP subnet. No cmdlet shows it; its members are named by hnsemu."""

    network: str
    network_name: str = Field(examples=["nat"])
    subnet: str
    ip_subnet: str
    ip_address_prefix: str = Field(examples=["172.16.0.0/16"])
    gateway_address: str = Field(examples=["172.16.0.1"])
    reserved_addresses: tuple[str, ...] = Field(
        examples=[["172.16.0.0", "172.16.0.1", "172.16.255.255"]]
    )
    allocated: int = Field(description="Addresses of local endpoints.")
    released: int = Field(
        description="Addresses returned to the pool; the oldest is reused when no new one is left."
    )
    free: int = Field(description="Addresses for new endpoints, released ones included.")
    cursor: int = Field(
        description="How many addresses of the pool's random permutation have been used."
    )


def ip_pool(use: PoolUse) -> IpPool:
    """Return the view of a pool."""
    return IpPool(
        network=use.network.id,
        network_name=use.network.name,
        subnet=use.subnet.id,
        ip_subnet=use.ip_subnet.id,
        ip_address_prefix=use.ip_subnet.prefix,
        gateway_address=use.subnet.gateway,
        reserved_addresses=tuple(str(address) for address in use.reserved),
        allocated=use.in_use,
        released=use.released,
        free=use.free,
        cursor=use.pool.cursor,
    )
