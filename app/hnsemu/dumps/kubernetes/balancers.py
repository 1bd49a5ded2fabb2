"""Load balancers that kube-proxy makes of a service on one node.

Source: kube-proxy's Windows proxier [C], requests/kube-proxy--loadbalancer-create-*; one for the
cluster IP, the node port, each external and each ingress address, in this order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Any

from hnsemu.domain.packet import NUMBERS
from hnsemu.dumps.kubernetes.identity import id_of
from hnsemu.dumps.kubernetes.members import Address
from hnsemu.dumps.kubernetes.nodes import SCHEMA, Node, mac_of, mac_with
from hnsemu.dumps.kubernetes.overlay import Overlay, remote_endpoint
from hnsemu.dumps.kubernetes.services import Service, ServicePort
from hnsemu.dumps.kubernetes.slices import Backend, Slice, backends_of

Json = dict[str, Any]

_IPV6 = 6
_DSR, _FOR_IPV6 = 1, 2  # flags of a load balancer
_ROUTED, _MUX, _PRESERVED, _EXTERNAL = 2, 4, 8, 16  # flags of a port mapping
_BY_CLIENT = 2  # DistributionType


@dataclass(frozen=True, slots=True)
class Target:
    """A backend as the node knows it: the id of its endpoint there."""

    address: Address
    endpoint: str
    is_local: bool


@dataclass(frozen=True, slots=True)
class Site:
    """What kube-proxy finds on a node.

    locals:     ids of the endpoints of its pods by address.
    has_dsr:    whether it runs with --enable-dsr.
    overlay:    None on l2bridge.
    version:    of IP: one proxier runs for each.
    """

    node: Node
    locals: Mapping[Address, str]
    has_dsr: bool
    overlay: Overlay | None = None
    version: int = 4

    def source_vip(self, targets: Sequence[Target]) -> IPv4Address | None:
        """Return the address from which packets to backends leave the node.

        None for IPv6. Source: proxier.go: the node's own on l2bridge, and where a backend is
        another node [C]; requests/kube-proxy--loadbalancer-create-ipv6.
        """
        if self.version == _IPV6:
            return None
        if self.overlay is None:
            return self.node.address
        nodes = {node.address for node in self.overlay.others}
        is_node = any(target.address in nodes for target in targets)
        return self.node.address if is_node else self.overlay.source_vip


@dataclass(frozen=True, slots=True)
class Balanced:
    """What is made of a service on a node.

    passed_over: why it makes nothing of a backend, by its address.
    """

    remotes: Sequence[Json]
    balancers: Sequence[Json]
    passed_over: Mapping[Address, str]


@dataclass(frozen=True, slots=True)
class _Front:
    """One load balancer of a port. vip: None for the node's own address."""

    kind: str
    vip: Address | None
    port: int
    is_dsr: bool
    flags: int
    is_local: bool


def balanced(service: Service, slices: Sequence[Slice], site: Site) -> Balanced:
    """Return the load balancers of a service, and the endpoints of backends on other nodes."""
    remotes: dict[Address, Json] = {}
    balancers: list[Json] = []
    passed_over: dict[Address, str] = {}
    for port in service.ports:
        used = _used(service, list(backends_of(slices, port.name, port.protocol)), site)
        targets = []
        for backend, _ in used:
            reason = _reason_to_pass(backend, site)
            if reason:
                passed_over[backend.address] = reason
                continue
            target = _target(backend, site)
            targets.append(target)
            if not target.is_local:
                remotes[target.address] = _remote(target, site)
        inside = port.target or next((number for _, number in used if number), port.number)
        for front in _fronts(service, port, site):
            own = [target for target in targets if target.is_local or not front.is_local]
            if own:
                balancers.append(_balancer(service, port, inside, front, own, site))
    if balancers and site.overlay is not None and service.cluster_ip is not None:
        node, vip = site.node, service.cluster_ip
        remotes[vip] = remote_endpoint(node, str(vip), node.address, mac_of(node))
    return Balanced(list(remotes.values()), balancers, passed_over)


def _used(
    service: Service, backends: Sequence[tuple[Backend, int]], site: Site
) -> list[tuple[Backend, int]]:
    """Return the backends that get packets: the ready ones.

    Behind a balancer outside, those that end but still serve do when none is ready.
    """
    found = [(one, port) for one, port in backends if one.is_ready]
    if not found and service.ingress_ips:
        found = [(one, port) for one, port in backends if one.is_serving]
    if service.is_internal_local and service.is_external_local:
        found = [(one, port) for one, port in found if _is_local(one, site)]
    return found


def _is_local(backend: Backend, site: Site) -> bool:
    return backend.node == site.node.name or (not backend.node and backend.address in site.locals)


def _reason_to_pass(backend: Backend, site: Site) -> str:
    """Return why kube-proxy passes a backend over, "" if it does not."""
    if _is_local(backend, site):
        return "" if backend.address in site.locals else "has no endpoint"
    if site.overlay is not None and site.overlay.provider_of(backend.address) is None:
        return "is behind no RemoteSubnetRoute"
    return ""


def _target(backend: Backend, site: Site) -> Target:
    """Return a backend as the node knows it."""
    if _is_local(backend, site):
        return Target(backend.address, site.locals[backend.address], is_local=True)
    made = id_of(site.node.host, "remote", str(backend.address))
    return Target(backend.address, made, is_local=False)


def _remote(target: Target, site: Site) -> Json:
    mac = mac_with(0x0211, target.address).lower()  # as kube-proxy writes it
    provider = None if site.overlay is None else site.overlay.provider_of(target.address)
    return remote_endpoint(site.node, str(target.address), provider, mac)


def _fronts(service: Service, port: ServicePort, site: Site) -> Iterator[_Front]:
    is_local, preserves = service.is_external_local, service.preserves
    internal = service.is_internal_local
    yield _Front("cluster", service.cluster_ip, port.number, site.has_dsr, 0, internal)
    if port.node:
        flags = _ROUTED | _EXTERNAL
        yield _Front("node", None, port.node, is_local, flags, is_local or preserves)
    for vip in service.external_ips:
        yield _Front("external", vip, port.number, is_local, _EXTERNAL, is_local)
    kept = _MUX | _PRESERVED if preserves else 0
    for vip in service.ingress_ips:
        is_dsr = is_local or preserves
        yield _Front("ingress", vip, port.number, is_dsr, _EXTERNAL | kept, is_dsr)


def _balancer(
    service: Service,
    port: ServicePort,
    inside: int,
    front: _Front,
    targets: Sequence[Target],
    site: Site,
) -> Json:
    mapping: Json = {
        "Protocol": NUMBERS[port.protocol],
        "InternalPort": inside,
        "ExternalPort": front.port,
    }
    if service.has_affinity:
        mapping["DistributionType"] = _BY_CLIENT
    if front.flags:
        mapping["Flags"] = front.flags
    made: Json = {
        "ID": id_of(
            site.node.host, "service", service.namespace, service.name,
            port.protocol, str(front.port), front.kind,
            str(front.vip or ("ipv6" if site.version == _IPV6 else "")),
        ),
        "HostComputeEndpoints": [target.endpoint for target in targets],
        "PortMappings": [mapping],
        "SchemaVersion": SCHEMA,
    }  # fmt: skip
    if source_vip := site.source_vip(targets):
        made["SourceVIP"] = str(source_vip)
    if front.vip is not None:
        made["FrontendVIPs"] = [str(front.vip)]
    if flags := (_DSR if front.is_dsr else 0) | (_FOR_IPV6 if site.version == _IPV6 else 0):
        made["Flags"] = flags
    return made
