"""GET /host/ippools: the pools that HNS draws addresses from."""

from pydantic import Field

from hnsemu.domain.pool_use import PoolUse
from hnsemu.schema.host.view import View


class IpPool(View):
    """The pool of one IP subnet. No cmdlet shows it; the names are ours."""

    network: str
    network_name: str = Field(examples=["nat"])
    subnet: str
    ip_subnet: str
    ip_address_prefix: str = Field(examples=["172.16.0.0/16"])
    gateway_address: str = Field(examples=["172.16.0.1"])
    reserved_addresses: tuple[str, ...] = Field(
        examples=[["172.16.0.0", "172.16.0.1", "172.16.255.255"]]
    )
    allocated: int = Field(description="Addresses that local endpoints have.")
    released: int = Field(
        description="Given back; the oldest is given out again when no fresh one is left."
    )
    free: int = Field(description="Addresses an endpoint can still get, released ones included.")
    cursor: int = Field(description="How far the pool's random permutation has been drawn.")


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
