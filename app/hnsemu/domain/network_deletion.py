"""Deleting a network: what goes with it, and who is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from hnsemu.domain.networks import Network
from hnsemu.domain.notifications import HcnNotification, Notification


@dataclass(frozen=True, slots=True)
class NetworkDeletion:
    """What is written when a network is deleted; its endpoints go with it.

    heir:           id of the network that owns its switch from now on, "" when that stays.
    removes_switch: whether the switch goes with it.
    notifications:  what listeners are told.
    """

    network: Network
    heir: str
    removes_switch: bool
    notifications: tuple[Notification, ...]


def network_deletion(
    network: Network, attached: Sequence[str], others: Sequence[str]
) -> NetworkDeletion:
    """Return what deleting a network does.

    A switch goes with the last network on it, unless it was made with the Hyper-V tools.
    attached: ids of its endpoints that are plugged in. others: ids of the other networks on its
    switch, oldest first; the oldest one inherits the switch.
    Source: hns-behaviour.md section 7.7 [O]/[I].
    """
    switch = network.vswitch
    assert switch is not None  # noqa: S101 (every stored network stands on one)
    inherits = bool(others) and switch.owner_id == network.id
    data = {"Flags": network.flags}
    detached = HcnNotification.NETWORK_ENDPOINT_DETACHED
    return NetworkDeletion(
        network=network,
        heir=others[0] if inherits else "",
        removes_switch=not others and switch.by_hns,
        notifications=(
            Notification(HcnNotification.NETWORK_PRE_DELETE, network.id, data=data),
            *(Notification(detached, endpoint_id, network.id) for endpoint_id in attached),
            Notification(HcnNotification.NETWORK_DELETE, network.id, data=data),
        ),
    )
