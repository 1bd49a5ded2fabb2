"""Which endpoint reaches which on which port: each cell says how a trace of its packet would end.

A walk without access control is the same for endpoints that are alike, so it is traced once for
each kind of pair; what ACLs and firewalls say is worked out for all peers of an endpoint at once
(`verdicts`). Cells that neither covers are traced one by one.
"""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hnsemu.domain.dataplane import PlumbedEndpoint
from hnsemu.domain.fabric import Fabric, HostFabric
from hnsemu.domain.matching import address_set, is_prefix
from hnsemu.domain.packet import TCP, Address, Direction, Packet
from hnsemu.domain.tracing.acl_free import AclFreeFabric
from hnsemu.domain.tracing.model import Reason, Trace, Verdict
from hnsemu.domain.tracing.question import Origin, OriginKind, TraceQuestion
from hnsemu.domain.tracing.trace import trace
from hnsemu.domain.tracing.verdicts import (
    OPEN,
    Cell,
    Peers,
    StageDecision,
    vfp_decisions,
    wfp_decisions,
)
from hnsemu.domain.vfp.acl import ACL_LAYER
from hnsemu.domain.wfp import WfpProxy

_SOURCE_PORT = 40000
_OUT, _IN = Direction.OUT, Direction.IN


@dataclass(frozen=True, slots=True)
class Service:
    """A port to try: protocol number and destination port, 0 for protocols without ports."""

    protocol: int
    port: int


@dataclass(frozen=True, slots=True)
class Target:
    """What the packet is for: an endpoint by its address, or a bare address."""

    address: Address | None
    endpoint: PlumbedEndpoint | None = None


Row = list[Cell]


def rows(
    fabric: Fabric,
    home: str,
    sources: Sequence[PlumbedEndpoint],
    targets: Sequence[Target],
    service: Service,
) -> Iterable[Row]:
    """Yield for each source a cell for each target."""
    matrix = _ServiceMatrix(fabric, home, targets, service)
    inward = matrix.inward(sources)
    for number, source in enumerate(sources):
        yield matrix.row(source, [column[number] for column in inward])


@dataclass(frozen=True, slots=True)
class _Kind:
    """Endpoints of one kind are treated alike by everything but access control."""

    network_id: str
    host: str
    is_attached: bool
    is_of_host: bool
    vlan: int
    lengths: tuple[int, ...]
    routes: tuple[str, ...]
    policies: tuple[str, ...]


class _ServiceMatrix:
    """The rows of one service, and what they share."""

    def __init__(
        self, fabric: Fabric, home: str, targets: Sequence[Target], service: Service
    ) -> None:
        self._fabric, self._home = fabric, home
        self._host: HostFabric = fabric.host(home)
        self._open = AclFreeFabric(fabric)
        self._targets, self._service = targets, service
        self._peers = Peers([target.address for target in targets])
        self._versions = {
            target.address.version for target in targets if target.address is not None
        }
        self._paths: dict[tuple[int, int, bool], Cell | None] = {}
        self._kinds: dict[tuple[_Kind, int], int] = {}
        self._texts: tuple[str, ...] = ()
        self._target_kinds: list[int] = []

    def inward(
        self, sources: Sequence[PlumbedEndpoint]
    ) -> list[list[tuple[StageDecision, StageDecision]]]:
        """Return for each target what its VFP and its firewall say to each source."""
        self._texts = _prefixes_of(
            [*sources, *(target.endpoint for target in self._targets if target.endpoint)],
            self._host,
        )
        self._target_kinds = [
            -1 if target.endpoint is None or target.address is None
            else self._kind(target.endpoint, target.address)
            for target in self._targets
        ]  # fmt: skip
        peers: dict[int, Peers] = {
            version: Peers([source.address(version) for source in sources])
            for version in self._versions
        }
        return [self._verdicts_of(target, peers, len(sources)) for target in self._targets]

    def _verdicts_of(
        self, target: Target, peers: Mapping[int, Peers], count: int
    ) -> list[tuple[StageDecision, StageDecision]]:
        if target.address is None or target.endpoint is None:
            return [(OPEN, OPEN)] * count
        sample = self._packet(target.address, target.address)
        network = self._host.network(target.endpoint.endpoint.network_id)
        among = peers[target.address.version]
        vfp = vfp_decisions(network, target.endpoint, _IN, sample, among)
        wfp = wfp_decisions(self._host, network, target.endpoint, _IN, sample, among)
        return list(zip(among.spread(vfp), among.spread(wfp), strict=True))

    def row(
        self, source: PlumbedEndpoint, inward: Sequence[tuple[StageDecision, StageDecision]]
    ) -> Row:
        """Return the cells of one source."""
        network = self._host.network(source.endpoint.network_id)
        found: Row = [_NOWHERE] * len(self._targets)
        for version in self._versions:
            own = source.address(version)
            if own is None:
                continue
            sample = self._packet(own, own)
            peers = self._peers
            wfp = peers.spread(wfp_decisions(self._host, network, source, _OUT, sample, peers))
            vfp = peers.spread(vfp_decisions(network, source, _OUT, sample, peers))
            kind = self._kind(source, own)
            has_proxy = bool(source.policies.of(WfpProxy))
            for number, target in enumerate(self._targets):
                address = target.address
                if address is not None and address.version == version:
                    path = None if has_proxy else self._path(source, kind, number, own)
                    found[number] = (
                        _cell_of(self._trace(self._fabric, source, own, address))
                        if path is None
                        else _decided(path, source, target, wfp[number], vfp[number],
                                      inward[number])
                    )  # fmt: skip
        return found

    def _path(self, source: PlumbedEndpoint, kind: int, number: int, own: Address) -> Cell | None:
        """Return how the packet ends without access control; None when it is not that simple."""
        target = self._targets[number]
        endpoint, address = target.endpoint, target.address
        if endpoint is None or address is None or endpoint.policies.of(WfpProxy):
            return None
        key = (kind, self._target_kinds[number], source is endpoint or source.id == endpoint.id)
        if key not in self._paths:
            walk = self._trace(self._open, source, own, address)
            delivered = walk.delivered_to
            reaches = delivered is not None and delivered.id == endpoint.id
            same = walk.packet.flow == walk.sent.flow
            is_simple = walk.verdict is not Verdict.DELIVERED or (reaches and same)
            self._paths[key] = Cell(walk.verdict, walk.reason) if is_simple else None
        return self._paths[key]

    def _kind(self, endpoint: PlumbedEndpoint, address: Address) -> int:
        """Return the number of the kind; its address counts by the prefixes that it is in."""
        marks = sum(
            1 << number
            for number, text in enumerate(self._texts)
            if address in address_set((text,))
        )
        kind = (_kind_of(endpoint, self._home), marks)
        return self._kinds.setdefault(kind, len(self._kinds))

    def _trace(
        self, fabric: Fabric, source: PlumbedEndpoint, own: Address, address: Address
    ) -> Trace:
        origin = Origin(OriginKind.ENDPOINT, source.id)
        question = TraceQuestion(origin, self._packet(own, address))
        return trace(fabric, self._home, question)[0].trace

    def _packet(self, source: Address, destination: Address) -> Packet:
        return Packet(
            protocol=self._service.protocol,
            source=source,
            destination=destination,
            source_port=_SOURCE_PORT if self._service.port else 0,
            destination_port=self._service.port,
            tcp_flags=("SYN",) if self._service.protocol == TCP else (),
        )


_NOWHERE = Cell(Verdict.DROPPED, Reason.NO_ROUTE)


def _decided(
    path: Cell,
    source: PlumbedEndpoint,
    target: Target,
    wfp_out: StageDecision,
    vfp_out: StageDecision,
    inward: tuple[StageDecision, StageDecision],
) -> Cell:
    """Return the end of the path, or of the first stage that blocks the packet."""
    endpoint = target.endpoint
    if endpoint is None or source.id == endpoint.id or not source.endpoint.is_attached:
        return path
    stages: tuple[StageDecision, ...] = (wfp_out, vfp_out, *inward)
    if path.reason is Reason.NO_ROUTE:  # found out before the port is reached
        stages = (wfp_out,)
    elif path.verdict is not Verdict.DELIVERED:
        stages = (wfp_out, vfp_out)
    last = OPEN
    for stage in stages:
        if stage.blocked is not None:
            return stage.blocked
        if stage.rule:
            last = stage
    return last.allowed if path.verdict is Verdict.DELIVERED else _ending(path, last)


def _ending(path: Cell, last: StageDecision) -> Cell:
    return replace(path, rule=last.rule, policy=last.policy) if last.rule else path


def _cell_of(walk: Trace) -> Cell:
    """Return how a traced packet ended, with the last ACL rule that it met."""
    rule, policy = "", None
    for step in walk.steps:
        if step.layer == ACL_LAYER and step.rule:
            rule, policy = step.rule, step.policy
        elif step.stage == "WFP" and step.policy is not None and step.direction:
            rule, policy = "WFP", step.policy
    if walk.reason is Reason.BLOCKED_BY_DEFAULT:
        rule, policy = "", None
    return Cell(walk.verdict, walk.reason, rule, policy)


def _kind_of(endpoint: PlumbedEndpoint, host: str) -> _Kind:
    """Return the kind; an endpoint's own address in a policy counts as "itself"."""
    stored = endpoint.endpoint
    own = [str(address) for address in endpoint.addresses]
    return _Kind(
        network_id=stored.network_id,
        host=host,
        is_attached=stored.is_attached,
        is_of_host=endpoint.is_of_host,
        vlan=stored.port.isolation if stored.port else 0,
        lengths=tuple(configuration.prefix_length for configuration in stored.ip_configurations),
        routes=(
            *(f"{route.destination_prefix} {route.next_hop}" for route in stored.routes),
            *(str(route.route) for route in endpoint.policies.routes),
        ),
        policies=tuple(
            f"{policy.type} {_without(policy.settings, own)}"
            for policy in stored.policies
            if policy.type not in {"ACL", "TierAcl"}
        ),
    )


def _without(text: str, own: Sequence[str]) -> str:
    for address in own:
        text = text.replace(f'"{address}/', '"itself/').replace(f'"{address}"', '"itself"')
    return text


def _prefixes_of(endpoints: Iterable[PlumbedEndpoint], host: HostFabric) -> tuple[str, ...]:
    """Return every prefix that tells addresses apart on the way, but those of single endpoints."""
    found: dict[str, None] = {}
    for network in host.networks:
        for subnet in network.network.subnets:
            found[subnet.prefix] = None
        for route in network.remote_routes:
            found[route.prefix] = None
    for adapter in host.adapters:
        if adapter.address:
            found[f"{adapter.address}/{adapter.prefix_length}"] = None
    for endpoint in endpoints:
        own = {str(address) for address in endpoint.addresses}
        for text in _named_prefixes(endpoint):
            if text.partition("/")[0] not in own:
                found[text] = None
    return tuple(text for text in found if is_prefix(text))


def _named_prefixes(endpoint: PlumbedEndpoint) -> Iterable[str]:
    policies = endpoint.policies
    for nat in policies.nats:
        yield from (*nat.exceptions, *nat.destinations)
    for route in policies.routes:
        yield route.route.destination_prefix
    for proxy in policies.proxies:
        yield from (proxy.destination, *proxy.exceptions)
    for stored in endpoint.endpoint.routes:
        yield stored.destination_prefix
    for configuration in endpoint.endpoint.ip_configurations:
        text = f"{configuration.ip_address}/{configuration.prefix_length}"
        if is_prefix(text):
            yield str(ipaddress.ip_network(text, strict=False))
