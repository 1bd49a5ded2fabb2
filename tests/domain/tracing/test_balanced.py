"""Which backend each sender's packet is for, and what the sender's port says of it."""

from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from hnsemu.domain.dataplane import PlumbedEndpoint
from hnsemu.domain.loadbalancers import DIRECT_SERVER_RETURN
from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import TCP
from hnsemu.domain.tracing.acl_free import AclFreeFabric
from hnsemu.domain.tracing.balanced import Backends
from hnsemu.domain.tracing.model import Reason
from hnsemu.domain.tracing.question import Origin, OriginKind, TraceQuestion
from hnsemu.domain.tracing.trace import trace
from hnsemu.domain.tracing.walks import Numbers, Service, World, packet_of, receiver_of
from tests.domain.tracing.walks import walks_of_matrices
from tests.domain.worlds import Node, acl, balancer, network, node, pod, wfp_proxy, world

WEB = Service(TCP, 80)
VIP = ip_address("10.96.0.1")
KIND = 0
OVERLAY = network(Mode.OVERLAY, "10.244.1.0/24")
SENDERS = [pod(OVERLAY, f"p{n}", f"10.244.1.{n}") for n in range(20, 40)]
BACKENDS = [pod(OVERLAY, f"b{n}", f"10.244.1.{n}") for n in (2, 3, 4)]


def host_of(
    backends: Sequence[PlumbedEndpoint], flags: int = DIRECT_SERVER_RETURN, *others: PlumbedEndpoint
) -> Node:
    service = balancer(backends, str(VIP), flags=flags)
    return node(OVERLAY, pods=[*backends, *SENDERS, *others], services=[service])


def backends_on(host: Node, most_kept: int = 100) -> Backends:
    fabric = world(host)
    return Backends(World(fabric, AclFreeFabric(fabric), host.name, Numbers()), WEB, most_kept)


def drawn(backends: Backends, source: PlumbedEndpoint) -> tuple[str, int] | None:
    """Return the backend that the sender draws, and the port that it is asked for there."""
    backend = backends.drawn(KIND, source, source.addresses[0], VIP)
    return None if backend is None else (backend.met.endpoint.id, backend.service.port)


def traced(host: Node, source: PlumbedEndpoint) -> tuple[str, int]:
    """Return who receives the sender's packet, and on which port."""
    sent = packet_of(WEB, source.addresses[0], VIP)
    question = TraceQuestion(Origin(OriginKind.ENDPOINT, source.id), sent)
    result = trace(world(host), host.name, question)[0]
    receiver = receiver_of(result)
    assert receiver is not None
    return receiver.id, result.trace.packet.destination_port


@pytest.mark.parametrize("most_kept", [1, 100])
def test_a_sender_draws_the_backend_that_its_trace_reaches(most_kept: int) -> None:
    host = host_of(BACKENDS)
    backends = backends_on(host, most_kept)
    found = [drawn(backends, sender) for sender in SENDERS]
    assert found == [traced(host, sender) for sender in SENDERS]
    assert {backend for backend in found if backend} == {(b.id, 8080) for b in BACKENDS}


def test_few_of_the_senders_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    walked = walks_of_matrices(monkeypatch)
    backends = backends_on(host_of(BACKENDS))
    for sender in SENDERS:
        drawn(backends, sender)
    assert len(walked) == len(BACKENDS)


def test_a_backend_that_draws_itself_is_traced_and_hides_no_other() -> None:
    backends = backends_on(host_of(BACKENDS))
    found = [drawn(backends, source) for source in (*BACKENDS, *SENDERS)]
    assert None in found[: len(BACKENDS)]
    assert None not in found[len(BACKENDS) :]


PROXIED = pod(OVERLAY, "proxied", "10.244.1.9", others=(wfp_proxy(0, 15003),))
GONE = pod(OVERLAY, "gone", "10.244.1.9")


@pytest.mark.parametrize(
    "host",
    [
        pytest.param(host_of([PROXIED]), id="a proxy of the receiver decides"),
        pytest.param(host_of(BACKENDS, 0), id="nobody balances"),
        pytest.param(
            node(OVERLAY, pods=SENDERS, services=[balancer([GONE], str(VIP), flags=1)]),
            id="nobody has the backend's address",
        ),
    ],
)
def test_a_packet_of_another_way_is_traced(host: Node) -> None:
    assert drawn(backends_on(host), SENDERS[0]) is None


def test_the_senders_port_says_of_each_backend_what_its_acls_say() -> None:
    mute = pod(
        OVERLAY,
        "mute",
        "10.244.1.60",
        acls=(acl("Block", "Out", remote_addresses="10.244.1.2"), acl("Allow", "Out")),
    )
    backends = backends_on(host_of(BACKENDS, DIRECT_SERVER_RETURN, mute))
    met = {backends.drawn(KIND, sender, sender.addresses[0], VIP) for sender in SENDERS} - {None}
    asked = [backend for backend in met if backend is not None]
    said = backends.said_by(mute, mute.addresses[0], asked)
    blocked = {
        str(backend.met.address): decision.blocked.reason if decision.blocked else None
        for backend, decision in said.items()
    }
    assert blocked == {"10.244.1.2": Reason.BLOCKED_BY_RULE, "10.244.1.3": None, "10.244.1.4": None}
