"""The data plane agrees with a naive oracle on random worlds and packets: 20,000 of them on SQLite.

Compared are the verdict, the receiver, what arrives, every policy that decided on the way, and what
becomes of the answer.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

import hypothesis
import pytest
from hypothesis import strategies as st

from hnsemu.domain.dataplane import parse_address
from hnsemu.domain.packet import Packet
from hnsemu.domain.tracing.model import Result, Trace, Verdict
from hnsemu.domain.tracing.question import Probe
from hnsemu.domain.tracing.text import plain
from hnsemu.services.dataplane.fabric import StoredFabric
from hnsemu.services.dataplane.trace import traced
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Transaction, reads
from tests.property.oracle import Oracle
from tests.property.world import RETURNS, UNTRANSLATED, Datagram, Named, Node, Opinion, Pod
from tests.property.worlds import (
    BRIDGED,
    FAR,
    nat_world,
    settings_of,
    transparent_world,
    vfp_world,
    worlds_on,
)
from tests.scenarios.lab import Lab

OUTSIDE, INTERNET = "203.0.113.9", "93.184.216.34"
PACKETS = 160  # of each world
_WITH_PORTS = {6, 17, 132}
_SERVICES = (
    (6, "10.96.0.10", 80),
    (6, "10.96.0.11", 443),
    (17, "10.96.0.12", 80),
    (6, "10.127.130.35", 81),
)
_INGRESS = ("10.96.0.10", "10.96.0.11", "10.96.0.12", INTERNET)
_ACL_TYPES = {"ACL", "TierAcl", "NetworkACL"}

Sender = tuple[Node, Pod | None]
"""A pod, or with None the node itself."""


@pytest.mark.parametrize(
    ("kind", "release", "worlds"),
    [
        ("L2Bridge", "ws2019", 12),
        ("L2Bridge", "ws2025", 42),
        ("Overlay", "ws2022", 12),
        ("Overlay", "ws2025", 42),
    ],
)
def test_vfp_agrees_with_the_oracle(
    kind: str, release: str, worlds: int, database: Database
) -> None:
    lab, worlds = Lab(database, release), worlds_on(database, worlds)
    to = [*BRIDGED, *FAR, "10.244.1.99", "10.244.2.99", "10.96.0.10", "10.96.0.11", "10.96.0.12",
          "10.127.130.35", "10.127.130.36", INTERNET]  # fmt: skip
    judged = _judge(lab, worlds, lambda data: vfp_world(lab, kind, data), to)
    assert judged == worlds * PACKETS  # 17,280 over all


@pytest.mark.parametrize("release", ["ws2019", "ws2025"])
def test_winnat_agrees_with_the_oracle(release: str, database: Database) -> None:
    lab, worlds = Lab(database, release), worlds_on(database, 10)
    to = ["172.30.0.5", "172.30.0.6", "172.30.0.99", "172.30.0.1", "10.127.130.35", INTERNET]
    judged = _judge(lab, worlds, lambda data: [nat_world(lab, data)], to)
    assert judged == worlds * PACKETS  # 3,200 over all


def test_transparent_networks_agree_with_the_oracle(database: Database) -> None:
    lab, worlds = Lab(database, "ws2022"), worlds_on(database, 10)
    to = ["10.127.130.200", "10.127.130.201", "10.127.130.210", "10.127.130.250",
          "10.127.130.35", "10.127.130.36", INTERNET]  # fmt: skip
    judged = _judge(lab, worlds, lambda data: transparent_world(lab, data), to)
    assert judged == worlds * PACKETS  # 1,600


def _judge(
    lab: Lab, worlds: int, make: Callable[[st.DataObject], list[Node]], to: Sequence[str]
) -> int:
    """Compare packets of all senders of random worlds; return how many."""
    judged = 0

    @settings_of(worlds)
    @hypothesis.given(data=st.data(), seed=st.integers(0, 2**32))
    def agree(data: st.DataObject, seed: int) -> None:
        nonlocal judged
        lab.clear()
        nodes = make(data)
        chance = random.Random(seed)  # noqa: S311 (no secret)
        outside = [_packet(chance, OUTSIDE, [node.address for node in nodes]) for _ in range(10)]
        judged += _compare_all(lab, nodes, None, outside)
        for node in nodes:
            brought = [_packet(chance, OUTSIDE, [*_INGRESS, node.address]) for _ in range(10)]
            judged += _compare_all(lab, nodes, None, brought, brought_to=node)
        senders = [(node, pod) for node in nodes for pod in (*node.pods, None)]
        left = PACKETS - len(outside) - 10 * len(nodes)
        for place, sender in enumerate(senders):
            share = left // (len(senders) - place)
            left -= share
            source = _source(*sender)
            packets = [_packet(chance, source, to) for _ in range(share)]
            judged += _compare_all(lab, nodes, sender, packets)

    agree()
    return judged


def _source(node: Node, pod: Pod | None) -> str:
    return pod.address if pod is not None else node.address


def _packet(chance: random.Random, source: str, to: Sequence[str]) -> Datagram:
    """Draw a packet, biased towards what policies and services name."""
    if "10.96.0.10" in to and chance.random() < 0.3:
        protocol, destination, port = chance.choice(_SERVICES)
        return Datagram(protocol, source, destination, chance.randrange(1024, 49152), port)
    protocol = chance.choice([6, 6, 6, 17, 17, 1, 47, 132])
    if protocol not in _WITH_PORTS:
        return Datagram(protocol, source, chance.choice(to))
    ports = [80, 80, 81, 8080, 8005, 8006, 90, 443, chance.randrange(1, 65536)]
    sport = chance.choice([40000, 40000, 80, chance.randrange(1024, 49152)])
    return Datagram(protocol, source, chance.choice(to), sport, chance.choice(ports))


def _compare_all(
    lab: Lab,
    nodes: list[Node],
    sender: Sender | None,
    packets: Sequence[Datagram],
    brought_to: Node | None = None,
) -> int:
    """Trace packets of one sender in one transaction, and compare; None sends from outside.

    brought_to: where a cloud's balancer delivers them.
    """
    home = sender[0] if sender is not None else nodes[0]

    @reads
    def walks(tx: Transaction) -> list[Trace]:
        fabric = StoredFabric(tx)
        probes = (_asked(sender, each, brought_to) for each in packets)
        return [traced(tx, fabric, probe)[0].trace for probe in probes]

    for packet, walk in zip(packets, walks(lab.host(home.name)), strict=True):
        # A node chooses the source among its addresses.
        sent = replace(packet, source=str(walk.sent.source))
        oracle = Oracle(nodes, walk.backend, walk.packet.source_port)
        _compare(_opinion(oracle, sender, sent, brought_to), walk, nodes)
    return len(packets)


def _opinion(
    oracle: Oracle, sender: Sender | None, packet: Datagram, brought_to: Node | None
) -> Opinion:
    if brought_to is not None:
        return oracle.from_cloud(brought_to, packet)
    if sender is None:
        return oracle.from_outside(packet)
    node, pod = sender
    return oracle.from_host(node, packet) if pod is None else oracle.from_pod(node, pod, packet)


def _asked(sender: Sender | None, packet: Datagram, brought_to: Node | None) -> Probe:
    source, destination = parse_address(packet.source), parse_address(packet.destination)
    assert source is not None
    assert destination is not None
    sent = Packet(
        protocol=packet.protocol,
        source=source,
        destination=destination,
        source_port=packet.sport,
        destination_port=packet.port,
        icmp_type=8 if packet.protocol == 1 else None,
    )
    if sender is None:
        to = "" if brought_to is None else brought_to.name
        return Probe(sent, source, reply=True, arrives_at=to)
    _, pod = sender
    if pod is None:
        return Probe(sent, host=True, reply=True)
    return Probe(sent, source, endpoint=pod.id, reply=True)


def _compare(expected: Opinion, walk: Trace, nodes: list[Node]) -> None:
    told = f"{walk.sent}\n{expected}\n{plain(walk)}\n{nodes}"
    assert walk.reason.value == expected.reason, told
    assert _said(walk) == expected.said, told
    if not expected.receiver:
        assert walk.reply is None, told
        return
    arrival, got, sent = walk.delivered_to, walk.packet, walk.sent
    assert arrival is not None
    assert expected.receiver == (arrival.id or arrival.host), told
    assert (str(got.source), str(got.destination), got.destination_port) == (
        expected.source,
        expected.destination,
        expected.port,
    ), told
    if expected.ports is None or not sent.source_port:
        assert got.source_port == sent.source_port, told
    else:
        assert expected.ports[0] <= got.source_port <= expected.ports[1], told
    _compare_reply(expected.reply, walk, told)


def _said(walk: Trace) -> tuple[Named, ...]:
    """Return the policies that decided, in order."""
    return tuple(
        (step.policy.owner_id, step.policy.type, step.policy.position)
        for step in walk.steps
        if step.policy is not None
        and step.policy.type in _ACL_TYPES
        and step.result in {Result.ALLOW, Result.BLOCK}
    )


def _compare_reply(expected: str, walk: Trace, told: str) -> None:
    reply = walk.reply
    assert reply is not None, told
    told = f"{told}\nreply: {expected}\n{plain(reply)}"
    if expected not in {RETURNS, UNTRANSLATED}:
        assert reply.reason.value == expected, told
        return
    assert reply.verdict is Verdict.DELIVERED, told
    got, sent = reply.packet, walk.sent
    assert (got.destination, got.destination_port) == (sent.source, sent.source_port), told
    if expected == RETURNS:
        assert got.flow == sent.reply_flow, told
    else:
        assert got.source == walk.packet.destination, told
