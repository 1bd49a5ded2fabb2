"""Where a new endpoint goes: what creating it needs to know of its network."""

from dataclasses import dataclass

from app.domain.facts import Dns, Route
from app.domain.ipam import Pool
from app.domain.network_types import Mode
from app.domain.networks import MacRange


@dataclass(frozen=True, slots=True)
class Place:
    """A network seen by an endpoint that is being made in it.

    pools:      every IP subnet, in order.
    gateways:   gateway text of each subnet that has one, in order.
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
    gateways: tuple[str, ...]

    @property
    def default_routes(self) -> tuple[Route, ...]:
        """Return the routes an endpoint inherits: one per gateway."""
        return tuple(Route(each, "::/0" if ":" in each else "0.0.0.0/0") for each in self.gateways)
