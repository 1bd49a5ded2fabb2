"""Packets for load balancers in a matrix: each sender draws a backend, and few of them walk.

Where the sender's own port balances (DSR), the way behind that is the same for all senders of a
kind that draw the same backend. So it is walked once, without access control, and what ACLs and
firewalls say is put on it, as on other ways.
"""

from collections.abc import Collection
from dataclasses import dataclass

from hnsemu.domain.dataplane import PlumbedEndpoint
from hnsemu.domain.packet import Address, Direction
from hnsemu.domain.tracing.trace import TraceResult
from hnsemu.domain.tracing.verdicts import Peers, StageDecision, vfp_decisions
from hnsemu.domain.tracing.walks import (
    MetEndpoint,
    Service,
    World,
    changed_before_acls,
    packet_of,
    receiver_of,
)
from hnsemu.domain.vfp.container_port import LB_DSR
from hnsemu.domain.vfp.evaluate import by_hash
from hnsemu.domain.vfp.model import Balance, Rule
from hnsemu.domain.wfp import WfpProxy


@dataclass(frozen=True, slots=True, eq=False)
class Backend:
    """An endpoint that a load balancer chose, and the service it is asked for there."""

    met: MetEndpoint
    service: Service


class Backends:
    """The backends of one service, as senders draw them."""

    def __init__(self, world: World, service: Service, most_kept: int) -> None:
        """Know nothing yet. most_kept: ways that are held at once."""
        self._world, self._service, self._most_kept = world, service, most_kept
        self._rules: dict[tuple[int, Address], Rule] = {}
        self._ways: dict[tuple[int, Address, int], Backend | None] = {}

    def drawn(
        self, kind: int, source: PlumbedEndpoint, own: Address, vip: Address
    ) -> Backend | None:
        """Return the backend that gets the sender's packet; None if only a trace of it tells.

        kind: of the sender when it is met by its address `own`.
        """
        rule, result = self._rules.get((kind, vip)), None
        if rule is None:
            result = self._walk(source, own, vip)
            rule = result.balanced
            if rule is None:
                return None
            self._rules[kind, vip] = rule
        way = (kind, vip, self._number(rule, own, vip))
        if way not in self._ways:
            result = result or self._walk(source, own, vip)
            receiver = receiver_of(result)
            if receiver is not None and receiver.id == source.id:
                return None  # others of its kind reach this backend another way
            self._keep(way, self._reached(source, own, result))
        backend = self._ways[way]
        return None if backend is not None and backend.met.endpoint.id == source.id else backend

    def said_by(
        self, source: PlumbedEndpoint, own: Address, backends: Collection[Backend]
    ) -> dict[Backend, StageDecision]:
        """Return what the sender's port, which sees backends as receivers, says of packets."""
        network = self._world.host.network(source.endpoint.network_id)
        said: dict[Backend, StageDecision] = {}
        for service in dict.fromkeys(backend.service for backend in backends):
            asked = [backend for backend in backends if backend.service == service]
            peers = Peers([backend.met.address for backend in asked])
            sample = packet_of(service, own, own)
            split = vfp_decisions(network, source, Direction.OUT, sample, peers)
            said.update(zip(asked, peers.spread(split), strict=True))
        return said

    def _walk(self, source: PlumbedEndpoint, own: Address, vip: Address) -> TraceResult:
        return self._world.trace(self._world.open, source, own, vip, self._service)

    def _number(self, rule: Rule, own: Address, vip: Address) -> int:
        """Return which backend of the rule the sender's packet is for."""
        assert isinstance(rule.data, Balance)  # noqa: S101 (only load balancing chooses)
        return by_hash(rule, packet_of(self._service, own, vip), len(rule.data.dips))

    def _keep(self, way: tuple[int, Address, int], backend: Backend | None) -> None:
        if len(self._ways) >= self._most_kept:
            self._ways.clear()
        self._ways[way] = backend

    def _reached(
        self, source: PlumbedEndpoint, own: Address, result: TraceResult
    ) -> Backend | None:
        """Return who received a packet, if nothing but the sender's own port has changed it."""
        walk, receiver = result.trace, receiver_of(result)
        if receiver is None or self._world.is_crossed(result, {source.id, receiver.id}):
            return None
        endpoint = self._world.fabric.host(receiver.host).endpoint(receiver.id)
        assert endpoint is not None  # noqa: S101 (it has just received)
        to = walk.packet
        service = Service(self._service.protocol, to.destination_port)
        is_plain = to.flow == packet_of(service, own, to.destination).flow
        is_balanced = changed_before_acls(walk) == [(LB_DSR, Direction.OUT.value)]
        if not (is_balanced and is_plain) or endpoint.policies.of(WfpProxy):
            return None
        return Backend(MetEndpoint(receiver.host, endpoint, to.destination), service)
