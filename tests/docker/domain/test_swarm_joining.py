"""Beginning, joining and leaving a swarm: which addresses count, and what is refused."""

from typing import Any

import pytest

from hnsemu.docker.domain.swarm_joining import (
    InitRequest,
    Interfaces,
    JoinRequest,
    check_join,
    check_leave,
    check_outside,
    decide_init,
    decide_join,
    merged,
)
from hnsemu.docker.domain.swarms import Place, Role, Swarm, SwarmNode
from hnsemu.docker.errors import DockerError

DIGEST, ANY = "d" * 50, "0.0.0.0:2377"
WORKER, MANAGER = (f"SWMTKN-1-{DIGEST}-{secret * 25}" for secret in "wm")
ONE = Interfaces({"Ethernet": "10.0.0.4/24"})
TWO = Interfaces({"Ethernet": "10.0.0.4/24", "Ethernet 2": "10.9.0.4/24"})
NEW = Swarm("s" * 25, {}, WORKER, MANAGER, (), 0, 0)
NODE = SwarmNode("n" * 25, "node", "", Role.WORKER, "28.5.2")
PLACE = Place(NEW.id, NODE.id, "10.0.0.4", ANY)


def _init(interfaces: Interfaces = ONE, **members: Any) -> tuple[Swarm, Place]:
    return decide_init(InitRequest(**{"listen": ANY, **members}), interfaces, NODE, NEW, 7)


def _swarm(*managers: str) -> Swarm:
    nodes = [SwarmNode(name * 25, name, "", Role.MANAGER, "") for name in managers]
    return Swarm(NEW.id, {}, WORKER, MANAGER, (), 24, 4789, tuple(nodes))


def test_a_host_begins_a_swarm_at_its_only_address() -> None:
    swarm, place = _init()
    assert (place.address, place.listen) == ("10.0.0.4", ANY)
    assert [node.manager_address for node in swarm.managers] == ["10.0.0.4:2377"]
    assert (swarm.pools, swarm.subnet_size, swarm.data_path_port) == (("10.0.0.0/8",), 24, 4789)


@pytest.mark.parametrize(
    ("advertise", "listen", "address"),
    [
        ("10.9.0.4", ANY, "10.9.0.4:2377"),
        ("Ethernet 2:4000", ANY, "10.9.0.4:4000"),
        ("10.9.0.4", "0.0.0.0:5000", "10.9.0.4:5000"),
        ("10.9.0.4", "Ethernet", "10.9.0.4:2377"),
    ],
)
def test_it_advertises_what_is_said(advertise: str, listen: str, address: str) -> None:
    swarm, _ = _init(TWO, advertise=advertise, listen=listen)
    assert swarm.managers[0].manager_address == address


@pytest.mark.parametrize(
    ("interfaces", "members", "status", "message"),
    [
        (Interfaces(), {}, 400, "could not find the system's IP address"),
        (TWO, {}, 400, "addresses on different interfaces (10.0.0.4 on Ethernet and 10.9.0.4 on"),
        (ONE, {"listen": ""}, 400, 'invalid ListenAddr "": invalid empty address'),
        (ONE, {"listen": "x:1"}, 400, "listen address must be an IP address or network interface"),
        (ONE, {"listen": "0.0.0.0:x"}, 400, "could not parse listen address 0.0.0.0:x"),
        (ONE, {"advertise": "x"}, 400, "advertise address must be a non-zero IP address"),
        (ONE, {"advertise": "0.0.0.0"}, 400, "advertise address must be a non-zero IP address"),
        (ONE, {"data_path": "x"}, 400, "data path address must be a non-zero IP address"),
        (ONE, {"data_path_port": 80}, 500, "Datapath port number is not in valid range"),
        (ONE, {"pools": ["x"]}, 500, "invalid base pool x: invalid CIDR address: x"),
        (ONE, {"pools": ["10.0.0.0/8"], "subnet_size": 30}, 500, "subnet size is out of range: 30"),
        (ONE, {"pools": ["10.0.0.0/26"]}, 500, "Subnet size is too small for pool: 24"),
        (ONE, {"availability": "x"}, 500, 'invalid Availability: "x"'),
        (ONE, {"spec": {"Name": "x"}}, 400, 'swarm spec must be named "default"'),
        (ONE, {"forces": True}, 501, "does not make new clusters"),
        (
            ONE,
            {"spec": {"EncryptionConfig": {"AutoLockManagers": True}}},
            501,
            "does not lock managers",
        ),
    ],
)
def test_what_no_swarm_can_begin_with(
    interfaces: Interfaces, members: dict[str, Any], status: int, message: str
) -> None:
    with pytest.raises(DockerError) as refusal:
        _init(interfaces, **members)
    assert refusal.value.status == status
    assert message in refusal.value.message


def test_pools_and_the_port_of_packets_are_the_users() -> None:
    swarm, _ = _init(pools=[" 10.20.0.0/16 "], subnet_size=26, data_path_port=5000)
    assert (swarm.pools, swarm.subnet_size, swarm.data_path_port) == (("10.20.0.0/16",), 26, 5000)


def test_a_host_in_a_swarm_enters_no_other() -> None:
    check_outside(None)
    with pytest.raises(DockerError, match="This node is already part of a swarm"):
        check_outside(PLACE)


@pytest.mark.parametrize(
    ("token", "role", "address"),
    [(WORKER, Role.WORKER, ""), (MANAGER, Role.MANAGER, "10.0.0.4:2377")],
)
def test_a_token_says_what_a_node_becomes(token: str, role: Role, address: str) -> None:
    request = JoinRequest(ANY, ["10.0.0.5:2377"], token)
    arrival = decide_join(request, ONE, NEW, "10.0.0.5:2377", NODE)
    assert (arrival.node.role, arrival.node.manager_address) == (role, address)
    assert (arrival.place.address, arrival.place.remote) == ("10.0.0.4", "10.0.0.5:2377")


@pytest.mark.parametrize(
    ("token", "status", "message"),
    [
        ("", 400, "A valid join token is necessary to join this cluster"),
        (WORKER.replace("w", "x"), 400, "A valid join token is necessary to join this cluster"),
        (WORKER.replace("d", "e"), 500, "remote CA does not match fingerprint. Expected: "),
    ],
)
def test_a_token_of_another_swarm_opens_nothing(token: str, status: int, message: str) -> None:
    with pytest.raises(DockerError) as refusal:
        decide_join(JoinRequest(ANY, ["r:1"], token), ONE, NEW, "r:1", NODE)
    assert refusal.value.status == status
    assert message in refusal.value.message


def test_where_nobody_manages_nobody_answers() -> None:
    with pytest.raises(DockerError, match=r"dial tcp 10\.0\.0\.5:2377") as refusal:
        decide_join(JoinRequest(ANY, ["x"], WORKER), ONE, None, "10.0.0.5:2377", NODE)
    assert refusal.value.status == 503


@pytest.mark.parametrize(
    ("remotes", "token", "message"),
    [
        ([], WORKER, "at least 1 RemoteAddr is required to join"),
        ([""], WORKER, 'invalid remoteAddr "": invalid empty address'),
        (["10.0.0.5"], "nonsense", "invalid join token"),
    ],
)
def test_what_cannot_join_at_all(remotes: list[str], token: str, message: str) -> None:
    with pytest.raises(DockerError, match=message):
        check_join(JoinRequest(ANY, remotes, token))


def test_an_address_without_a_port_has_that_of_swarms() -> None:
    assert check_join(JoinRequest(ANY, ["10.0.0.5", "[fd00::5]:1"], WORKER)) == [
        "10.0.0.5:2377",
        "fd00::5:1",
    ]


@pytest.mark.parametrize(
    ("managers", "reachable", "message"),
    [
        ("a", 1, "Removing the last manager erases all current state of the swarm."),
        ("ab", 2, "Removing this node leaves 1 managers out of 2."),
        ("abc", 3, "The only way to restore a swarm that has lost consensus"),
    ],
)
def test_a_manager_leaves_by_force_only(managers: str, reachable: int, message: str) -> None:
    swarm = _swarm(*managers)
    with pytest.raises(DockerError) as refusal:
        check_leave(PLACE, swarm, reachable, forces=False)
    assert refusal.value.status == 503
    assert message in refusal.value.message
    assert check_leave(PLACE, swarm, reachable, forces=True) == PLACE


def test_a_worker_leaves_when_it_wants() -> None:
    assert check_leave(PLACE, None, 0, forces=False) == PLACE
    with pytest.raises(DockerError, match="This node is not part of a swarm"):
        check_leave(None, None, 0, forces=True)


def test_settings_that_say_nothing_leave_others_as_they_are() -> None:
    before = {"Name": "default", "Labels": {"a": "b"}, "Orchestration": {}, "Raft": {"Tick": 3}}
    said = {"Raft": {"Tick": 0}, "Orchestration": {"TaskHistoryRetentionLimit": 0}}
    after = merged(before, said)
    assert after["Raft"] == {"Tick": 3}
    assert after["Orchestration"] == {"TaskHistoryRetentionLimit": 0}
    assert after["Labels"] == {"a": "b"}


def test_a_swarm_that_kept_old_snapshots_keeps_none_from_now_on() -> None:
    before = {"Raft": {"KeepOldSnapshots": 5, "ElectionTick": 3}}
    after = merged(before, {"Raft": {"KeepOldSnapshots": 0, "ElectionTick": 0}})
    assert after["Raft"] == {"KeepOldSnapshots": 0, "ElectionTick": 3}
    assert merged(before, {"Raft": {"KeepOldSnapshots": None}})["Raft"] == before["Raft"]


@pytest.mark.parametrize(
    ("remote", "address"), [("10.9.0.9:2377", "10.9.0.4"), ("10.200.0.9:2377", "10.0.0.4")]
)
def test_a_node_comes_from_the_address_beside_the_manager(remote: str, address: str) -> None:
    arrival = decide_join(JoinRequest(ANY, [remote], WORKER), TWO, NEW, remote, NODE)
    assert arrival.place.address == address


def test_a_size_counts_for_the_pools_of_the_user_alone() -> None:
    assert _init(subnet_size=40)[0].subnet_size == 24
