"""What access control says to many peers at once: the same as rule by rule."""

from ipaddress import ip_address

import pytest

from hnsemu.domain.dataplane import PlumbedEndpoint
from hnsemu.domain.matching import AddressMatch, address_set, to_addresses
from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import Direction
from hnsemu.domain.tracing.model import Reason
from hnsemu.domain.tracing.verdicts import (
    OPEN,
    Peers,
    StageDecision,
    stage_decision,
    vfp_decisions,
    wfp_decisions,
)
from tests.domain.worlds import acl, network, node, packet, pod, tier

OUT, IN = Direction.OUT, Direction.IN
TAGS = {"eu": address_set(("10.1.0.7", "fd00::/8"))}
BRIDGE = network(Mode.L2BRIDGE, "10.1.0.0/24", tags=TAGS)
NAT = network(Mode.NAT, "10.1.0.0/24")
ADDRESSES = [ip_address(text) for text in ("10.1.0.7", "10.1.0.5", "10.1.0.6")]
PEERS = Peers([*ADDRESSES, None])


def bits(*indices: int) -> int:
    """Return the bits of peers by their rank in the order of the addresses."""
    return sum(1 << index for index in indices)


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        (None, bits(0, 1, 2)),
        (to_addresses("10.1.0.6"), bits(1)),
        (to_addresses("10.1.0.6/31"), bits(1, 2)),
        (to_addresses("10.1.0.5", "10.1.0.7"), bits(0, 2)),
        (to_addresses("10.9.0.0/16"), 0),
        (to_addresses("fd00::/8"), 0),
        (AddressMatch(None, ("eu",)), bits(2)),
        (AddressMatch(None, ("gone",)), 0),
        (AddressMatch(address_set(("10.1.0.0/24",)), ("eu",)), bits(2)),
    ],
)
def test_a_condition_is_met_by_the_bits_of_its_peers(
    match: AddressMatch | None, expected: int
) -> None:
    assert PEERS.matching(match, TAGS) == expected
    assert PEERS.matching(match, TAGS) == expected  # and again from memory


def test_decisions_come_back_in_the_order_of_the_peers() -> None:
    blocked = stage_decision(Reason.BLOCKED_BY_RULE, "rule")
    assert PEERS.spread([(OPEN, bits(0, 1)), (blocked, bits(2))]) == [blocked, OPEN, OPEN, OPEN]


def reasons(decisions: list[StageDecision]) -> list[str]:
    """Return why each of the three peers is stopped: rule, default, or nothing."""
    words = {None: "-", Reason.BLOCKED_BY_RULE: "rule", Reason.BLOCKED_BY_DEFAULT: "default"}
    return [
        words[decision.blocked.reason if decision.blocked else None] for decision in decisions[:3]
    ]


FIVE = acl("Block", "Out", 50, remote_addresses="10.1.0.5")


@pytest.mark.parametrize(
    ("endpoint", "direction", "expected"),
    [
        pytest.param(pod(BRIDGE, "web", "10.1.0.9"), OUT, "- - -", id="without policies"),
        pytest.param(
            pod(BRIDGE, "web", "10.1.0.9", acls=(FIVE,)), OUT, "default rule default", id="a block"
        ),
        pytest.param(
            pod(BRIDGE, "web", "10.1.0.9", acls=(FIVE, acl("Allow", "Out"))),
            OUT,
            "- rule -",
            id="the first match decides",
        ),
        pytest.param(
            pod(BRIDGE, "web", "10.1.0.9", acls=(acl("Allow", "In", remote_addresses="10.1.0.6"),)),
            IN,
            "default default -",
            id="a closed port",
        ),
        pytest.param(
            pod(
                BRIDGE,
                "web",
                "10.1.0.9",
                acls=(acl("Allow", "Out"),),
                tiers=(
                    tier(
                        1, acl("Pass", "Out", 10, remote_addresses="10.1.0.5"), acl("Block", "Out")
                    ),
                ),
            ),
            OUT,
            "rule - rule",
            id="what a tier passes goes on",
        ),
        pytest.param(
            pod(
                BRIDGE,
                "web",
                "10.1.0.9",
                acls=(acl("Block", "Out", remote_ports="443"), acl("Allow", "Out", 200)),
            ),
            OUT,
            "- - -",
            id="another port",
        ),
        pytest.param(
            pod(
                BRIDGE,
                "web",
                "10.1.0.9",
                acls=(acl("Block", "Out", local_addresses="10.1.0.8"), acl("Allow", "Out", 200)),
            ),
            OUT,
            "- - -",
            id="another own address",
        ),
        pytest.param(
            pod(
                BRIDGE,
                "web",
                "10.1.0.9",
                acls=(acl("Block", "In", remote_addresses="eu"), acl("Allow", "In", 200)),
            ),
            IN,
            "- - -",
            id="sets are sources, and so the own side of what enters",
        ),
    ],
)
def test_the_port_says_to_each_peer(
    endpoint: PlumbedEndpoint, direction: Direction, expected: str
) -> None:
    sample = packet("10.1.0.9", "10.1.0.9")
    split = vfp_decisions(BRIDGE, endpoint, direction, sample, PEERS)
    assert " ".join(reasons(PEERS.spread(split))) == expected


def test_without_vfp_the_port_says_nothing() -> None:
    split = vfp_decisions(
        NAT, pod(NAT, "web", "10.1.0.9", acls=(FIVE,)), OUT, packet("10.1.0.9", "10.1.0.9"), PEERS
    )
    assert PEERS.spread(split) == [OPEN] * 4


HOST_FIVE = acl("Block", "Out", 50, host=True, remote_addresses="10.1.0.5")


@pytest.mark.parametrize(
    ("endpoint", "direction", "release", "expected"),
    [
        pytest.param(
            pod(NAT, "web", "10.1.0.9", acls=(HOST_FIVE,)), OUT, "ws2025", "- rule -", id="a block"
        ),
        pytest.param(
            pod(NAT, "web", "10.1.0.9"), IN, "ws2016", "default default default", id="WS2016"
        ),
        pytest.param(
            pod(
                NAT,
                "web",
                "10.1.0.9",
                acls=(acl("Allow", "In", host=True, remote_addresses="10.1.0.6"),),
            ),
            IN,
            "ws2016",
            "default default -",
            id="an opening",
        ),
        pytest.param(
            pod(
                NAT,
                "web",
                "10.1.0.9",
                acls=(acl("Block", "In", host=True, remote_addresses="fd00::/8"),),
            ),
            IN,
            "ws2025",
            "- - -",
            id="the other family",
        ),
    ],
)
def test_the_firewall_says_to_each_peer(
    endpoint: PlumbedEndpoint, direction: Direction, release: str, expected: str
) -> None:
    sample = packet("10.1.0.9", "10.1.0.9")
    split = wfp_decisions(node(NAT, release=release), NAT, endpoint, direction, sample, PEERS)
    assert " ".join(reasons(PEERS.spread(split))) == expected
