"""A second opinion on packets and their answers: linear scans over what was sent.

It knows docs/dataplane.md and nothing of the code that compiles and walks. Slow and plain on
purpose.
"""

import ipaddress
from collections.abc import Callable
from dataclasses import replace

from tests.property.rulings import ICMP, TCP, UDP, Ruling, acls, firewall, inside
from tests.property.world import (
    RETURNS,
    UNTRANSLATED,
    Balancer,
    Datagram,
    Json,
    Named,
    Node,
    Opinion,
    Pod,
)

_DYNAMIC = (49152, 65535)
_BLOCK = 64


class _Lost(Exception):  # noqa: N818 (it is how a packet ends)
    """The packet is lost."""


class Oracle:
    """One packet. backend, new_port: what was chosen where the oracle leaves the choice open."""

    def __init__(self, nodes: list[Node], backend: str = "", new_port: int = 0) -> None:
        """Look at the nodes."""
        self._nodes, self._backend, self._new_port = nodes, backend, new_port
        self._said: list[Named] = []
        self._ports: tuple[int, int] | None = None
        self._is_translated = False  # its source
        self._is_bare = False  # left as it was, for its protocol, where NAT was meant for it

    def from_pod(self, node: Node, pod: Pod, packet: Datagram) -> Opinion:
        """Judge a packet of a pod."""
        return self._judged(lambda: self._out_of_pod(node, pod, packet))

    def from_host(self, node: Node, packet: Datagram) -> Opinion:
        """Judge a packet of a node itself."""
        return self._judged(lambda: self._out_of_host(node, packet))

    def from_outside(self, packet: Datagram) -> Opinion:
        """Judge a packet of a machine outside for the address of a node."""
        node = next(each for each in self._nodes if each.address == packet.destination)
        return self._judged(lambda: self._answered(node, self._into_node(node, packet)))

    def from_cloud(self, node: Node, packet: Datagram) -> Opinion:
        """Judge a packet that something outside brings to a node, whatever its destination."""
        return self._judged(lambda: self._answered(node, self._brought(node, packet)))

    def _answered(self, node: Node, found: Opinion) -> Opinion:
        """Return the opinion; a backend elsewhere that sees the client answers past the node."""
        is_elsewhere = found.reason == "DeliveredToEndpoint" and all(
            pod.id != found.receiver for pod in node.pods
        )
        return (
            replace(found, reply=UNTRANSLATED)
            if is_elsewhere and not self._is_translated
            else found
        )

    def _judged(self, walk: Callable[[], Opinion]) -> Opinion:
        try:
            found = walk()
        except _Lost as lost:
            found = Opinion(str(lost))
        return replace(found, said=tuple(self._said), ports=self._ports)

    # Pods

    def _out_of_pod(self, node: Node, pod: Pod, packet: Datagram) -> Opinion:
        if packet.destination == pod.address:
            return _received(pod, packet)
        self._heed(firewall(pod, node, packet, "Out"))
        if node.kind == "NAT":
            return self._out_of_winnat(node, packet)
        if node.kind == "Transparent":
            return self._on_wire(node, packet)
        balancer = _balancer_for(node, packet)
        if balancer is not None and balancer.dsr:
            packet = self._to_backend(node, balancer, packet)
        self._heed(acls(pod, node, packet, "Out"))
        target = self._kept_for(node, balancer) if balancer and balancer.dsr else None
        if target is None and self._is_encapsulated(node, packet):
            if node.services and inside(packet.destination, node.services):
                return self._out_of_stack(node, packet)
            return self._through_vxlan(node, packet)
        return self._on_wire(node, self._source_nat(pod, node, packet), target)

    def _is_encapsulated(self, node: Node, packet: Datagram) -> bool:
        if node.pod_at(packet.destination) is not None:
            return False
        if node.services and inside(packet.destination, node.services):
            return True
        return node.kind == "Overlay" and _vtep(node, packet.destination) is not None

    def _source_nat(self, pod: Pod, node: Node, packet: Datagram) -> Datagram:
        nats = [each["Settings"] for each in pod.policies if each["Type"] == "OutBoundNAT"]
        has_ports = packet.protocol in {TCP, UDP}
        for settings in nats:
            wanted = settings.get("Destinations", ())
            if any(inside(packet.destination, text) for text in wanted):
                self._is_bare = not has_ports
                return self._hidden(settings, pod, node, packet) if has_ports else packet
        plain = [settings for settings in nats if not settings.get("Destinations")]
        for settings in plain:
            if any(inside(packet.destination, text) for text in settings.get("Exceptions", ())):
                return packet
        self._is_bare = bool(plain) and not has_ports
        return self._hidden(plain[0], pod, node, packet) if has_ports and plain else packet

    def _hidden(self, settings: Json, pod: Pod, node: Node, packet: Datagram) -> Datagram:
        assert pod.block is not None, "source NAT needs a block"
        first = _DYNAMIC[0] + pod.block * _BLOCK
        return self._from(
            packet, settings.get("VirtualIP") or node.address, (first, first + _BLOCK - 1)
        )

    def _from(self, packet: Datagram, source: str, ports: tuple[int, int]) -> Datagram:
        self._ports, self._is_translated = ports, True
        return replace(packet, source=source, sport=self._new_port)

    def _on_wire(self, node: Node, packet: Datagram, target: Pod | None = None) -> Opinion:
        """Judge a frame on the switch of a pod, not encapsulated. target: who gets it anyway."""
        if packet.source == packet.destination:
            raise _Lost("SameSourceAndDestination")
        target = target or node.pod_at(packet.destination)
        if target is not None:
            return self._into_pod(node, target, packet)
        if node.kind == "Overlay" and inside(packet.destination, node.prefix):
            raise _Lost("NoSuchPort")
        found = self._underlay(packet)
        if found is not None:
            return found
        for other in self._nodes:
            if packet.destination == other.address:
                found = self._into_node(other, packet)
                if self._is_translated:
                    return found
                if found.reason == "DeliveredToHost":
                    return replace(found, reply=self._host_answers(other, node))
                goes_around = node.kind == "Overlay" and found.destination != packet.destination
                return replace(found, reply=UNTRANSLATED) if goes_around else found
        return self._outside(node, packet, self._wire_answers(node))

    def _outside(self, node: Node, packet: Datagram, reply: str) -> Opinion:
        """Judge what leaves a node; nobody outside has the address of a service."""
        if any(packet.destination == each.vip and not each.routed for each in node.balancers):
            raise _Lost("NoRoute")
        return _at(packet.destination, "DeliveredToExternal", packet, reply)

    def _host_answers(self, host: Node, node: Node) -> str:
        """Return what becomes of a host's answer to the address of a pod on `node`."""
        if node.kind == "Transparent" or host is not node or host.is_routed:
            return RETURNS
        return "NoRoute"

    def _wire_answers(self, node: Node) -> str:
        """Return what becomes of an answer from outside to what a pod sent."""
        is_known = node.kind in {"L2Bridge", "Transparent"} and not self._is_bare
        if self._is_translated or is_known:
            return RETURNS
        return "NoReturnRoute"

    def _underlay(self, packet: Datagram) -> Opinion | None:
        """Return what a pod says whose address the underlay knows, None for other addresses."""
        for other in self._nodes:
            found = other.pod_at(packet.destination)
            if found is not None and other.kind in {"L2Bridge", "Transparent"}:
                return self._into_pod(other, found, packet)
        return None

    def _through_vxlan(self, node: Node, packet: Datagram) -> Opinion:
        vtep = _vtep(node, packet.destination)
        peer = next((each for each in self._nodes if each.address == vtep), None)
        if peer is None:
            assert vtep is not None
            return _at(vtep, "DeliveredToExternal", packet, RETURNS)
        target = peer.pod_at(packet.destination)
        if target is None:
            raise _Lost("NoSuchPort")
        return self._into_pod(peer, target, packet)

    def _into_pod(self, node: Node, pod: Pod, packet: Datagram) -> Opinion:
        if node.kind in {"L2Bridge", "Overlay"}:
            self._heed(acls(pod, node, packet, "In"))
        self._heed(firewall(pod, node, packet, "In"))
        return _received(pod, packet)

    def _heed(self, ruling: Ruling) -> None:
        if ruling.by is not None:
            self._said.append(ruling.by)
        if ruling.lost:
            raise _Lost(ruling.lost)

    # Load balancers

    def _to_backend(self, node: Node, balancer: Balancer, packet: Datagram) -> Datagram:
        chosen = self._chosen(balancer)
        if balancer.preserves and node.pod_at(chosen) is not None:
            return packet
        return replace(packet, destination=chosen, port=balancer.to or packet.port)

    def _kept_for(self, node: Node, balancer: Balancer) -> Pod | None:
        """Return the local backend that sees the service address."""
        return node.pod_at(self._chosen(balancer)) if balancer.preserves else None

    def _chosen(self, balancer: Balancer) -> str:
        chosen = self._backend.partition(":")[0] or (
            balancer.backends[0] if len(balancer.backends) == 1 else ""
        )
        assert chosen in balancer.backends, "a backend that is none"
        return chosen

    def _at_host_port(self, node: Node, packet: Datagram) -> Opinion | None:
        """Judge a packet that leaves by the port of the node, None without a service for it."""
        balancer = _balancer_for(node, packet)
        if balancer is None:
            return None
        target = self._kept_for(node, balancer)
        packet = self._to_backend(node, balancer, packet)
        are_local = all(node.pod_at(each) is not None for each in balancer.backends)
        if balancer.source_vip and not (balancer.dsr and are_local):
            packet = self._from(packet, balancer.source_vip, _DYNAMIC)
        target = target or node.pod_at(packet.destination)
        if target is not None:
            if packet.source == packet.destination:
                raise _Lost("SameSourceAndDestination")
            return self._into_pod(node, target, packet)
        if node.kind == "Overlay":
            return self._through_vxlan(node, packet)
        found = self._underlay(packet)
        assert found is not None, "backends of the oracle are pods"
        return found

    # Nodes

    def _into_node(self, node: Node, packet: Datagram) -> Opinion:
        """Judge a packet from the wire for the address of a node."""
        if node.kind == "NAT":
            return self._at_winnat(node, packet)
        found = self._at_host_port(node, packet) if node.kind != "Transparent" else None
        return found or _at(node.name, "DeliveredToHost", packet, RETURNS)

    def _brought(self, node: Node, packet: Datagram) -> Opinion:
        """Judge what a node got without being named by it: services and its networks answer."""
        if packet.destination == node.address:
            return self._into_node(node, packet)
        balancer = _balancer_for(node, packet) if node.kind in {"L2Bridge", "Overlay"} else None
        has_backend_here = balancer is not None and any(map(node.pod_at, balancer.backends))
        if balancer is not None and (balancer.routed or has_backend_here):
            found = self._at_host_port(node, packet)
            assert found is not None, "it has that service"
            return found
        if inside(packet.destination, node.prefix):
            return self._out_of_stack(node, packet)
        raise _Lost("NoRoute")

    def _out_of_host(self, node: Node, packet: Datagram) -> Opinion:
        if packet.destination == node.address or node.kind == "NAT":
            return self._into_node(node, packet)
        return self._out_of_stack(node, packet, is_own=True)

    def _out_of_stack(self, node: Node, packet: Datagram, *, is_own: bool = False) -> Opinion:
        """Judge what the stack of a node routes: its own, or what an SDN route brought it."""
        if node.kind != "Transparent":
            self._check_route(node, packet)
            found = self._at_host_port(node, packet)
            if found is not None:
                return found
        target = node.pod_at(packet.destination)
        if target is not None:
            return self._into_pod(node, target, packet)
        if _vtep(node, packet.destination) is not None:
            return self._through_vxlan(node, packet)
        found = self._underlay(packet)
        if found is not None:
            return found
        for other in self._nodes:
            if packet.destination == other.address:
                return self._into_node(other, packet)
        reply = RETURNS if is_own else self._wire_answers(node)
        return self._outside(node, packet, reply)

    def _check_route(self, node: Node, packet: Datagram) -> None:
        """Refuse what the stack of a node has no way to."""
        if not inside(packet.destination, node.prefix):
            return
        leads_on = node.pod_at(packet.destination) or _vtep(node, packet.destination)
        if not node.is_routed or leads_on is None:
            raise _Lost("NoRoute")

    # WinNAT

    def _out_of_winnat(self, node: Node, packet: Datagram) -> Opinion:
        target = node.pod_at(packet.destination)
        if target is not None:
            return self._into_pod(node, target, packet)
        gateway = str(next(ipaddress.ip_network(node.prefix).hosts()))
        if packet.destination in {gateway, node.address}:
            return self._at_winnat(node, packet)
        if inside(packet.destination, node.prefix):
            raise _Lost("NoSuchPort")
        if packet.protocol not in {TCP, UDP, ICMP}:
            raise _Lost("NoNatPorts")
        self._ports = _DYNAMIC if packet.protocol != ICMP else None
        return _at(
            packet.destination, "DeliveredToExternal", replace(packet, source=node.address), RETURNS
        )

    def _at_winnat(self, node: Node, packet: Datagram) -> Opinion:
        """Judge what is for the node: a published port, a pod, somebody outside, or the node."""
        target = node.pod_at(packet.destination)
        if target is not None:
            return self._into_pod(node, target, packet)
        gateway = str(next(ipaddress.ip_network(node.prefix).hosts()))
        if packet.destination in {gateway, node.address}:
            found = self._published(node, packet)
            return found or _at(node.name, "DeliveredToHost", packet, RETURNS)
        if inside(packet.destination, node.prefix):
            raise _Lost("NoSuchPort")
        return _at(packet.destination, "DeliveredToExternal", packet, RETURNS)

    def _published(self, node: Node, packet: Datagram) -> Opinion | None:
        for pod in node.pods:
            for each in pod.policies:
                settings = each["Settings"]
                if each["Type"] == "PortMapping" and (
                    (settings["Protocol"], settings["ExternalPort"])
                    == (packet.protocol, packet.port)
                ):
                    inner = replace(packet, destination=pod.address, port=settings["InternalPort"])
                    found = self._into_pod(node, pod, inner)
                    is_near = node.pod_at(packet.source) is not None
                    return replace(found, reply=UNTRANSLATED) if is_near else found
        return None


def _vtep(node: Node, destination: str) -> str | None:
    """Return behind which provider address the destination is: the longest prefix decides."""
    found = [prefix for prefix in node.peers if inside(destination, prefix)]
    longest = max(found, key=lambda each: ipaddress.ip_network(each).prefixlen, default=None)
    return None if longest is None else node.peers[longest]


def _balancer_for(node: Node, packet: Datagram) -> Balancer | None:
    for balancer in node.balancers:
        if (
            packet.destination == (balancer.vip or node.address)
            and balancer.protocol in {0, packet.protocol}
            and balancer.port in {0, packet.port}
        ):
            return balancer
    return None


def _received(pod: Pod, packet: Datagram) -> Opinion:
    return _at(pod.id, "DeliveredToEndpoint", packet, RETURNS)


def _at(receiver: str, reason: str, packet: Datagram, reply: str) -> Opinion:
    return Opinion(
        reason, receiver, packet.source, packet.destination, packet.port, None, (), reply
    )
