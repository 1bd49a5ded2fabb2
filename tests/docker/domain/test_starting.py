"""What a start of the daemon makes of its networks and of those of HNS."""

import pytest

from hnsemu.docker.domain.networks import HNS_ID, HNS_NAME, HNS_OWNED, DockerNetwork, Ipam, Pool
from hnsemu.docker.domain.starting import HnsNetwork, decide_start, restarts

IPAM = Ipam(pools=(Pool("10.1.0.0/16", gateway="10.1.0.1"),))


def _hns(number: int, name: str, kind: str = "NAT") -> HnsNetwork:
    return HnsNetwork(f"g{number}", f"G{number}", name, kind, (("10.9.0.0/16", "10.9.0.1"),))


def _docker(name: str, driver: str = "nat", hns_id: str = "lost") -> DockerNetwork:
    options = {HNS_ID: hns_id.upper(), HNS_NAME: "old", "k": "v"}
    return DockerNetwork(
        name[0] * 64, name, driver, hns_id, 1, ipam=IPAM, options=options, labels={"a": "b"}, key=7
    )


def _names(*networks: HnsNetwork, known: tuple[DockerNetwork, ...] = ()) -> list[str]:
    return [network.name for network in decide_start(known, networks, 5).adopted]


@pytest.mark.parametrize(
    ("networks", "names"),
    [
        ((), []),
        ((_hns(1, "aaa"), _hns(2, "bbb")), ["nat", "bbb"]),
        ((_hns(1, "aaa", "L2Bridge"), _hns(2, "bbb", "nat")), ["aaa", "nat"]),
        ((_hns(1, "a", "Internal"), _hns(2, "b", "PRIVATE"), _hns(3, "c", "mirrored")), []),
        ((_hns(1, "vxlan0", "Overlay"), _hns(2, "vxlan1", "overlay")), []),
        ((_hns(1, "none", "ICS"), _hns(2, "", "ICS"), _hns(3, " ", "ICS")), []),
        ((_hns(1, "x", "ICS"), _hns(2, "x", "Transparent")), ["x"]),
    ],
)
def test_networks_of_hns_are_adopted(networks: tuple[HnsNetwork, ...], names: list[str]) -> None:
    assert _names(*networks) == names


def test_an_adopted_network_says_where_it_comes_from() -> None:
    (network,) = decide_start((), (_hns(1, "Up", "Transparent"),), 5).adopted
    assert network.options == {HNS_NAME: "Up", HNS_ID: "G1", HNS_OWNED: "true"}
    assert (network.driver, network.hns_id, network.created) == ("transparent", "g1", 5)
    assert network.ipam == Ipam(pools=(Pool("10.9.0.0/16", gateway="10.9.0.1"),))


def test_a_known_network_keeps_id_name_labels_and_options_but_is_renamed_in_them() -> None:
    known = _docker("web", hns_id="g1")
    (network,) = decide_start((known,), (_hns(1, "hex"),), 5).adopted
    assert (network.id, network.name, network.key) == (known.id, "web", 7)
    assert network.options == {HNS_NAME: "web", HNS_ID: "G1", "k": "v"}
    assert network.labels == {"a": "b"}


def test_a_known_network_has_its_name_before_one_that_hns_lists_first() -> None:
    assert _names(_hns(2, "web", "ICS"), _hns(1, "x"), known=(_docker("web", hns_id="g1"),)) == [
        "web"
    ]


def test_a_default_network_that_hns_still_has_stays_the_default() -> None:
    assert _names(_hns(1, "a"), _hns(2, "b"), known=(_docker("nat", hns_id="g2"),)) == ["a", "nat"]


def test_lost_nat_networks_are_made_again_with_their_subnet_without_labels() -> None:
    start = decide_start((_docker("web"),), (), 5)
    (again,) = start.recreated
    assert (again.network.id, again.network.labels) == ("w" * 64, {})
    assert again.network.options == {"k": "v"}
    assert again.subnets == (("10.1.0.0/16", "10.1.0.1"),)


@pytest.mark.parametrize(
    "network",
    [
        _docker("nat"),
        _docker("lan", "transparent"),
        _docker("bridge", "l2bridge"),
        DockerNetwork("0" * 64, "none", "null"),
        DockerNetwork("c" * 64, "conf", "null", config_only=True),
    ],
    ids=lambda network: network.name,
)
def test_other_networks_that_hns_does_not_have_are_gone(network: DockerNetwork) -> None:
    start = decide_start((network,), (), 5)
    assert (start.gone, start.recreated, start.adopted) == ((network,), (), ())


@pytest.mark.parametrize(
    ("policy", "exit_code", "by_hand", "ran", "starts"),
    [
        ("always", 0, True, True, True),
        ("always", 0, False, False, False),
        ("unless-stopped", 255, False, True, True),
        ("unless-stopped", 255, True, True, False),
        ("on-failure", 255, False, True, True),
        ("on-failure", 0, False, True, False),
        ("no", 255, False, True, False),
        ("", 255, False, True, False),
    ],
)
def test_a_restart_policy_decides(
    policy: str, exit_code: int, *, by_hand: bool, ran: bool, starts: bool
) -> None:
    assert restarts(policy, exit_code, stopped_by_hand=by_hand, ran_before=ran) is starts
