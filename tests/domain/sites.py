"""Networks as sites of endpoints, and a source without chance, for tables of decisions."""

import ipaddress
from dataclasses import replace

from hnsemu.domain.drawing import Draw, State
from hnsemu.domain.facts import Dns
from hnsemu.domain.ipam import Pool
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import MacRange
from hnsemu.domain.placement import NetworkSite

NOW = 133_000_000_000_000_000


class Numbers:
    """A source that counts: GUIDs g1, g2, …, and the numbers it was given."""

    def __init__(self, *numbers: int) -> None:
        """Start with the numbers that `below` returns, in this order."""
        self.guids, self.numbers = 0, list(numbers)

    def filetime(self) -> int:
        """Return always the same time."""
        return NOW

    def guid(self) -> str:
        """Return the next GUID."""
        self.guids += 1
        return f"g{self.guids}"

    def below(self, limit: int) -> int:
        """Return the next number."""
        number = self.numbers.pop(0)
        assert number < limit
        return number


def pool(key: int, prefix: str, gateway: str = "", vlan: str = "") -> Pool:
    """Return the pool `p<key>`, which keeps its gateway."""
    return Pool(
        key,
        f"p{key}",
        ipaddress.ip_network(prefix),
        flags=3,
        gateway=ipaddress.ip_address(gateway) if gateway else None,
        next_hop=gateway,
        vlan=vlan,
    )


def site(*pools: Pool, mode: Mode = Mode.L2BRIDGE, **members: object) -> NetworkSite:
    """Return a network with these pools and three MACs."""
    plain = NetworkSite(
        network_key=7,
        network_id="network",
        network_name="cbr0",
        mode=mode,
        type_text=mode.value,
        dns=Dns(),
        vswitch_key=3,
        switch_id="switch",
        parent_id="parent",
        isolation=0,
        mac_ranges=(MacRange("02-00-00-00-00-01", "02-00-00-00-00-03"),),
        mac_cursor=0,
        mac_seed=0,
        pools=pools,
    )
    return replace(plain, **members)  # type: ignore[arg-type]


def draws(*addresses: str, state: State = "free") -> list[Draw[str]]:
    """Return what a pool gives next: these addresses, each one step further."""
    return [
        Draw(ipaddress.ip_address(address).packed.hex(), state, cursor)
        for cursor, address in enumerate(addresses, 1)
    ]
