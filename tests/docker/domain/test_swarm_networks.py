"""Networks of a swarm: which subnet, VXLAN id and address comes next, and what is refused."""

import tracemalloc
from dataclasses import replace
from typing import Any

import pytest

from hnsemu.docker.domain.network_creation import NetworkRequest
from hnsemu.docker.domain.networks import DockerNetwork, Pool
from hnsemu.docker.domain.swarm_networks import (
    VXLAN_IDS,
    attachable,
    check_name_in,
    check_unused,
    seen,
    with_address,
    with_created,
    with_ingress,
)
from hnsemu.docker.domain.swarms import Swarm, SwarmNetwork, without_network
from hnsemu.docker.errors import DockerError

NEW = Swarm("s" * 25, {}, "", "", ("10.0.0.0/8",), 24, 4789)
BEGUN = with_ingress(NEW, "i" * 25, 7)


def _created(swarm: Swarm, name: str = "mesh", **members: Any) -> Swarm:
    request = NetworkRequest(name, "overlay", **{"attachable": True, **members})
    return with_created(swarm, request, {}, name.ljust(25, "0"), 7)


def _network(swarm: Swarm, name: str = "mesh") -> SwarmNetwork:
    found = swarm.network(name)
    assert found is not None
    return found


def test_a_swarm_begins_with_ingress() -> None:
    network = _network(BEGUN, "ingress")
    assert (network.ingress, network.attachable, network.vxlans) == (True, False, (4096,))
    assert network.pools == (Pool("10.0.0.0/24", "", "10.0.0.1"),)


def test_each_network_gets_the_next_subnet_and_vxlan_id() -> None:
    swarm = _created(_created(BEGUN), "other")
    assert [network.pools[0].subnet for network in swarm.networks] == [
        "10.0.0.0/24",
        "10.0.1.0/24",
        "10.0.2.0/24",
    ]
    assert [network.vxlans for network in swarm.networks] == [(4096,), (4097,), (4098,)]


def test_a_subnet_is_used_again_and_a_vxlan_id_is_not() -> None:
    swarm = _created(without_network(_created(BEGUN), _network(_created(BEGUN)).id), "other")
    network = _network(swarm, "other")
    assert (network.pools[0].subnet, network.vxlans) == ("10.0.1.0/24", (4098,))


def test_subnets_of_users_are_gone_around() -> None:
    swarm = _created(BEGUN, pools=(Pool("10.0.1.128/25", "", "10.0.1.129"),))
    assert _network(_created(swarm, "next"), "next").pools[0].subnet == "10.0.2.0/24"


def test_pools_and_sizes_are_those_of_the_swarm() -> None:
    swarm = replace(NEW, pools=("10.20.0.0/25", "10.30.0.0/16"), subnet_size=26)
    for name in ("a", "b", "c"):
        swarm = _created(swarm, name)
    assert [network.pools[0].subnet for network in swarm.networks] == [
        "10.20.0.0/26",
        "10.20.0.64/26",
        "10.30.0.0/26",
    ]


def test_vxlan_ids_of_users_count_and_leave_the_others_as_they_are() -> None:
    swarm = _created(BEGUN, options={VXLAN_IDS: "5000"})
    assert _network(swarm).options == {VXLAN_IDS: "5000"}
    assert _network(_created(swarm, "next"), "next").vxlans == (4097,)


def test_a_vxlan_id_may_have_any_number_of_zeros_before_it() -> None:
    assert _network(_created(BEGUN, options={VXLAN_IDS: "0" * 5000 + "5000"})).vxlans == (5000,)


@pytest.mark.parametrize(
    ("members", "status", "message"),
    [
        ({"name": "a b"}, 400, "name must be valid as a DNS name component"),
        ({"name": "a" * 64}, 400, "name must be 63 characters or fewer"),
        ({"ingress": True}, 400, "ingress network cannot be attachable"),
        ({"ingress": True, "attachable": False}, 409, "is already present"),
        ({"ipam_driver": "custom"}, 400, "plugin custom not supported"),
        ({"pools": (Pool("10.0.0.0/16"),)}, 403, "Pool overlaps with other one"),
        ({"pools": (Pool("10.9.0.0/31"),)}, 403, "no available IPv4 addresses"),
        ({"pools": (Pool("10.9.0.5/24"),)}, 400, "it should be 10.9.0.0/24"),
        ({"options": {VXLAN_IDS: "x"}}, 500, 'invalid vxlan id value "x" passed'),
        ({"options": {VXLAN_IDS: "4096"}}, 500, "could not assign vxlan id 4096"),
    ],
)
def test_what_a_swarm_does_not_take(members: dict[str, Any], status: int, message: str) -> None:
    with pytest.raises(DockerError) as refusal:
        _created(BEGUN, **members)
    assert refusal.value.status == status
    assert message in refusal.value.message


def test_a_swarm_whose_pools_are_used_up_has_no_subnet_left() -> None:
    swarm = _created(replace(NEW, pools=("10.20.0.0/24",)))
    with pytest.raises(DockerError, match="could not find an available"):
        _created(swarm, "other")


def test_a_name_of_the_daemon_is_taken() -> None:
    request = NetworkRequest("mesh", "overlay")
    with pytest.raises(DockerError, match="network with name mesh already exists"):
        with_created(BEGUN, request, {"mesh": DockerNetwork("1", "mesh", "nat")}, "m" * 25, 7)
    with pytest.raises(DockerError, match="network with name ingress already exists"):
        check_name_in(BEGUN, "ingress")
    check_name_in(BEGUN, "mesh")


def test_addresses_go_upwards_and_begin_again_at_the_end() -> None:
    swarm = _created(BEGUN, pools=(Pool("10.9.0.0/29", "", "10.9.0.1"),))
    given: list[str] = []
    for _ in range(7):
        swarm, address = with_address(swarm, _network(swarm), given[-1:], "", 7)
        given.append(address)
    assert given == [*(f"10.9.0.{number}" for number in range(2, 7)), "10.9.0.2", "10.9.0.3"]


def test_an_address_of_a_large_subnet_costs_no_list_of_all() -> None:
    swarm = _created(BEGUN, pools=(Pool("128.0.0.0/9", "", "128.0.0.1"),))
    tracemalloc.start()
    try:
        address = with_address(swarm, _network(swarm), (), "", 7)[1]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert address == "128.0.0.2"
    assert most < 1_000_000


def test_addresses_that_nobody_asks_for_are_of_the_range() -> None:
    swarm = _created(BEGUN, pools=(Pool("10.9.0.0/24", "10.9.0.252/30", "10.9.0.1"),))
    given: list[str] = []
    for _ in range(4):
        swarm, address = with_address(swarm, _network(swarm), given[-1:], "", 7)
        given.append(address)
    assert given == ["10.9.0.252", "10.9.0.253", "10.9.0.254", "10.9.0.252"]
    assert with_address(swarm, _network(swarm), (), "10.9.0.7", 7)[1] == "10.9.0.7"


def test_an_address_that_is_wanted_is_given_once() -> None:
    swarm = _created(BEGUN)
    changed, address = with_address(swarm, _network(swarm), (), "10.0.1.50", 7)
    assert address == "10.0.1.50"
    assert with_address(changed, _network(changed), {address}, "", 7)[1] == "10.0.1.2"
    for wanted, taken in (
        ("10.0.1.50", {"10.0.1.50"}),
        ("10.7.0.1", ()),
        ("10.0.1.1", ()),
        ("x", ()),
        ("fd00::1", ()),
    ):
        with pytest.raises(DockerError, match="attaching to network failed"):
            with_address(changed, _network(changed), taken, wanted, 7)


def test_a_container_joins_what_may_be_joined() -> None:
    swarm = _created(BEGUN)
    assert attachable(swarm, "mesh") == (swarm, _network(swarm))
    for known, target, message in (
        (None, "mesh", "context deadline exceeded"),
        (swarm, "gone", "code = NotFound desc = network gone not found"),
        (swarm, "ingress", "code = PermissionDenied desc = network ingress not manually"),
    ):
        with pytest.raises(DockerError, match=message):
            attachable(known, target)


def test_a_network_in_use_stays() -> None:
    check_unused(_network(_created(BEGUN)), [])
    with pytest.raises(DockerError, match=r"is in use by task e{25}$") as refusal:
        check_unused(_network(_created(BEGUN)), ["e" * 64])
    assert refusal.value.status == 400


def test_a_daemon_shows_a_network_in_the_scope_of_the_swarm() -> None:
    shown = seen(_network(_created(BEGUN)))
    assert (shown.scope, shown.driver, shown.attachable, shown.ingress) == (
        "swarm",
        "overlay",
        True,
        False,
    )
