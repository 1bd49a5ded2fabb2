"""Deleting a network: what happens to its switch, and who hears of it."""

import pytest

from hnsemu.domain.facts import VSwitch
from hnsemu.domain.network_deletion import network_deletion
from hnsemu.domain.network_types import Mode, SwitchKind
from hnsemu.domain.networks import Network
from hnsemu.domain.notifications import HcnNotification, Notification


def network(owner: str = "gone", *, by_hns: bool = True) -> Network:
    switch = VSwitch(1, "s", "s", SwitchKind.EXTERNAL, "", "layer", owner, "parent", by_hns=by_hns)
    return Network(1, "gone", "gone", Mode.OVERLAY, "Overlay", flags=8, vswitch=switch)


@pytest.mark.parametrize(
    ("owner", "by_hns", "others", "heir", "removes_switch"),
    [
        pytest.param("gone", True, [], "", True, id="the last one takes its switch"),
        pytest.param("gone", False, [], "", False, id="one of the Hyper-V tools stays"),
        pytest.param("gone", True, ["old", "new"], "old", False, id="the oldest inherits"),
        pytest.param("old", True, ["old", "new"], "", False, id="the owner stays"),
    ],
)
def test_switch_goes_stays_or_is_inherited(
    owner: str, others: list[str], heir: str, *, by_hns: bool, removes_switch: bool
) -> None:
    deletion = network_deletion(network(owner, by_hns=by_hns), [], others)
    assert (deletion.heir, deletion.removes_switch) == (heir, removes_switch)


def test_endpoints_are_detached_between_the_notifications_of_the_network() -> None:
    detached = HcnNotification.NETWORK_ENDPOINT_DETACHED
    assert network_deletion(network(), ["a", "b"], []).notifications == (
        Notification(HcnNotification.NETWORK_PRE_DELETE, "gone", data={"Flags": 8}),
        Notification(detached, "a", "gone"),
        Notification(detached, "b", "gone"),
        Notification(HcnNotification.NETWORK_DELETE, "gone", data={"Flags": 8}),
    )
