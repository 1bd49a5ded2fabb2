"""Deleting an endpoint: what it gives back to the pools of its network."""

from dataclasses import dataclass

from hnsemu.domain import ipam, mac
from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.notifications import HcnNotification, Notification
from hnsemu.domain.placement import NetworkSite


@dataclass(frozen=True, slots=True)
class EndpointDeletion:
    """What is written when an endpoint goes.

    released, forgotten: addresses as text keys; the pools wait for the former only.
    released_mac, forgotten_mac: numbers, None for none.
    """

    endpoint: Endpoint
    released: tuple[str, ...] = ()
    forgotten: tuple[str, ...] = ()
    released_mac: int | None = None
    forgotten_mac: int | None = None

    @property
    def notifications(self) -> tuple[Notification, ...]:
        """Return what watchers of the network hear: that a plugged endpoint was unplugged."""
        endpoint = self.endpoint
        if not endpoint.is_attached:
            return ()
        kind = HcnNotification.NETWORK_ENDPOINT_DETACHED
        return (Notification(kind, endpoint.id, endpoint.network_id),)


def decide_deletion(endpoint: Endpoint, site: NetworkSite) -> EndpointDeletion:
    """Return what deleting the endpoint gives back.

    Addresses and MACs go back to the pool they came from; those of remote endpoints, of pools that
    never come round and of no pool are forgotten.
    """
    circulating = {pool.id for pool in site.pools if pool.comes_round}
    released: list[str] = []
    forgotten: list[str] = []
    for configuration in endpoint.ip_configurations:
        key = ipam.text_key(ipam.parse_address(configuration.ip_address))
        goes_back = configuration.ip_subnet_id in circulating
        (released if goes_back else forgotten).append(key)
    number = None
    if endpoint.mac_address and not endpoint.is_remote:
        number = mac.parse_mac(endpoint.mac_address)
    in_range = number is not None and mac.holds(site.mac_ranges, number)
    return EndpointDeletion(
        endpoint,
        tuple(released),
        tuple(forgotten),
        released_mac=number if in_range else None,
        forgotten_mac=None if in_range else number,
    )
