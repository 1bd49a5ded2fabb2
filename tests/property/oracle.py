"""A second opinion on packets: linear scans over the policies as they were sent.

It knows docs/dataplane.md and nothing of the code that compiles and walks. Slow and plain on
purpose.
"""

import ipaddress
from dataclasses import dataclass, field, replace
from typing import Any

Json = dict[str, Any]
TCP, UDP, ICMP = 6, 17, 1
_COMES_IN = {1, 2, 6, 17, 58}


@dataclass(frozen=True)
class Pod:
    """An endpoint as it was asked for. id: as the service made it."""

    name: str
    address: str
    policies: tuple[Json, ...] = ()
    id: str = ""


@dataclass(frozen=True)
class Balancer:
    """A load balancer; backends are addresses, vip "" stands for the node's own."""

    vip: str
    protocol: int
    port: int
    to: int
    backends: tuple[str, ...]
    dsr: bool


@dataclass
class Node:
    """A host with one network. kind: L2Bridge, Overlay or NAT."""

    name: str
    address: str
    kind: str
    prefix: str
    network_policies: list[Json] = field(default_factory=list)
    pods: list[Pod] = field(default_factory=list)
    balancers: list[Balancer] = field(default_factory=list)
    peers: dict[str, str] = field(default_factory=dict)  # prefix to node address

    def pod_at(self, address: str) -> Pod | None:
        """Return the pod with that address."""
        return next((pod for pod in self.pods if pod.address == address), None)


@dataclass(frozen=True)
class Datagram:
    """A packet to judge. new_port: which source port NAT chose, if it translates the packet."""

    protocol: int
    source: str
    destination: str
    sport: int = 40000
    port: int = 0
    new_port: int = 0


@dataclass(frozen=True)
class Opinion:
    """How it ends. source: "" where the oracle leaves the exact value open."""

    reason: str
    receiver: str = ""
    source: str = ""
    destination: str = ""
    port: int = 0
    source_port_kept: bool = True


def judge(nodes: list[Node], sender: Pod, node: Node, packet: Datagram, backend: str) -> Opinion:
    """Return what happens to a packet of a pod. backend: the one that was chosen, "" for none."""
    if packet.destination == sender.address:
        return _received(sender, packet)
    blocked = _firewall(sender, node, packet, "Out")
    if blocked:
        return Opinion(blocked)
    if node.kind == "NAT":
        return _from_nat(node, packet)
    seen = packet
    balancer = _balancer_for(node, packet) if node.balancers else None
    if balancer is not None and balancer.dsr:
        seen = _to_backend(balancer, packet, backend)
    blocked = _acls(sender, node, seen, "Out")
    if blocked:
        return Opinion(blocked)
    if node.kind == "Overlay" and node.pod_at(seen.destination) is None:
        for prefix, address in node.peers.items():
            if _inside(seen.destination, prefix):
                return _on_peer(nodes, address, seen)
    translated = _source_nat(sender, node, seen)
    return _switched(nodes, node, translated or seen, kept=translated is None)


def _switched(nodes: list[Node], node: Node, packet: Datagram, *, kept: bool) -> Opinion:
    if packet.source == packet.destination:
        return Opinion("SameSourceAndDestination")
    target = node.pod_at(packet.destination)
    if target is not None:
        return _arrive(target, node, packet, kept=kept)
    if node.kind == "Overlay" and _inside(packet.destination, node.prefix):
        return Opinion("NoSuchPort")
    for other in nodes:
        found = other.pod_at(packet.destination) if other.kind == "L2Bridge" else None
        if found is not None:
            return _arrive(found, other, packet, kept=kept)
    node_names = {each.address: each.name for each in nodes}
    receiver = node_names.get(packet.destination)
    return Opinion(
        "DeliveredToHost" if receiver else "DeliveredToExternal",
        receiver or packet.destination,
        packet.source,
        packet.destination,
        packet.port,
        kept,
    )


def _on_peer(nodes: list[Node], address: str, packet: Datagram) -> Opinion:
    peer = next(node for node in nodes if node.address == address)
    target = peer.pod_at(packet.destination)
    return _arrive(target, peer, packet) if target is not None else Opinion("NoSuchPort")


def _from_nat(node: Node, packet: Datagram) -> Opinion:
    if _inside(packet.destination, node.prefix):
        target = node.pod_at(packet.destination)
        if target is not None:
            return _arrive(target, node, packet)
        gateway = str(next(ipaddress.ip_network(node.prefix).hosts()))
        if packet.destination == gateway:
            return _to_node(node, packet)
        return Opinion("NoSuchPort")
    if packet.destination == node.address:
        return _to_node(node, packet)
    if packet.protocol not in {TCP, UDP, ICMP}:
        return Opinion("NoNatPorts")
    return Opinion(
        "DeliveredToExternal", packet.destination, node.address, packet.destination, packet.port,
        source_port_kept=packet.protocol == ICMP,
    )  # fmt: skip


def from_outside(nodes: list[Node], packet: Datagram, backend: str) -> Opinion:
    """Return what happens to a packet of a machine outside for the address of a node."""
    node = next(each for each in nodes if each.address == packet.destination)
    if node.kind == "NAT":
        return _to_node(node, packet)
    balancer = _balancer_for(node, packet)
    if balancer is None:
        return Opinion("DeliveredToHost", node.name, packet.source, packet.destination, packet.port)
    inner = _to_backend(balancer, packet, backend)
    target = node.pod_at(inner.destination)
    assert target is not None, "node ports of the oracle have local backends"
    return _arrive(target, node, inner)


def _to_node(node: Node, packet: Datagram) -> Opinion:
    """Return what a published port of a NAT network does."""
    for pod in node.pods:
        for settings in _of(pod.policies, "PortMapping"):
            if (settings["Protocol"], settings["ExternalPort"]) == (packet.protocol, packet.port):
                inner = Datagram(packet.protocol, packet.source, pod.address, packet.sport,
                                 settings["InternalPort"])  # fmt: skip
                return _arrive(pod, node, inner)
    return Opinion("DeliveredToHost", node.name, packet.source, packet.destination, packet.port)


def _arrive(pod: Pod, node: Node, packet: Datagram, *, kept: bool = True) -> Opinion:
    if node.kind != "NAT":
        blocked = _acls(pod, node, packet, "In")
        if blocked:
            return Opinion(blocked)
    blocked = _firewall(pod, node, packet, "In")
    if blocked:
        return Opinion(blocked)
    return _received(pod, packet, kept=kept)


def _received(pod: Pod, packet: Datagram, *, kept: bool = True) -> Opinion:
    return Opinion("DeliveredToEndpoint", pod.id, packet.source, packet.destination, packet.port,
                   kept)  # fmt: skip


def _balancer_for(node: Node, packet: Datagram) -> Balancer | None:
    for balancer in node.balancers:
        vip = balancer.vip or node.address
        if (
            packet.destination == vip
            and balancer.protocol in {0, packet.protocol}
            and balancer.port in {0, packet.port}
        ):
            return balancer
    return None


def _to_backend(balancer: Balancer, packet: Datagram, backend: str) -> Datagram:
    chosen = backend.partition(":")[0] or (
        balancer.backends[0] if len(balancer.backends) == 1 else ""
    )
    assert chosen in balancer.backends, "a backend that is none"
    port = balancer.to or packet.port
    return replace(packet, destination=chosen, port=port)


def _source_nat(pod: Pod, node: Node, packet: Datagram) -> Datagram | None:
    nats = _of(pod.policies, "OutBoundNAT")
    if packet.protocol in {TCP, UDP}:
        for settings in nats:
            if any(_inside(packet.destination, text) for text in settings.get("Destinations", ())):
                return _translated(settings, node, packet)
    plain = [settings for settings in nats if not settings.get("Destinations")]
    for settings in plain:
        if any(_inside(packet.destination, text) for text in settings.get("Exceptions", ())):
            return None
    if packet.protocol in {TCP, UDP} and plain:
        return _translated(plain[0], node, packet)
    return None


def _translated(settings: Json, node: Node, packet: Datagram) -> Datagram:
    source = settings.get("VirtualIP") or node.address
    return Datagram(packet.protocol, source, packet.destination, packet.new_port, packet.port)


def _firewall(pod: Pod, node: Node, packet: Datagram, direction: str) -> str:
    rules = [
        settings
        for settings in _of(pod.policies, "ACL")
        if settings.get("RuleType") == "Host" and settings["Direction"] == direction
    ]
    for settings in _in_order(rules):
        if _meets(settings, node, packet, direction):
            return "BlockedByRule" if settings["Action"] == "Block" else ""
    if direction == "In" and packet.protocol not in _COMES_IN:
        return "BlockedByDefault"
    return ""


def _acls(pod: Pod, node: Node, packet: Datagram, direction: str) -> str:
    tiers = _of(pod.policies, "TierAcl")
    own = [each for each in _of(pod.policies, "ACL") if each.get("RuleType") != "Host"]
    shared = _of(node.network_policies, "NetworkACL")
    if not (tiers or own or shared):
        return ""
    anything = False
    mine = [tier for tier in tiers if tier["Direction"] == direction]
    for tier in sorted(mine, key=lambda each: each["Order"]):
        for rule in _in_order(tier["TierAclRules"], "TierAclRuleAction"):
            anything = True
            if _meets(rule, node, packet, direction):
                if rule["TierAclRuleAction"] == "Pass":
                    break
                return "BlockedByRule" if rule["TierAclRuleAction"] == "Block" else ""
    rules = [(each, 0) for each in own] + [(each, 1) for each in shared]
    rules = [(each, late) for each, late in rules if each["Direction"] == direction]
    rules.sort(key=lambda each: (each[0]["Priority"], each[1], each[0]["Action"] != "Block"))
    for settings, _ in rules:
        anything = True
        if _meets(settings, node, packet, direction):
            return "BlockedByRule" if settings["Action"] == "Block" else ""
    return "BlockedByDefault" if anything else ""


def _in_order(rules: list[Json], action: str = "Action") -> list[Json]:
    return sorted(rules, key=lambda each: (each["Priority"], each[action] != "Block"))


def _meets(settings: Json, node: Node, packet: Datagram, direction: str) -> bool:
    protocols = _items(settings.get("Protocols", ""))
    if protocols and "256" not in protocols and str(packet.protocol) not in protocols:
        return False
    local, remote = settings.get("LocalAddresses", ""), settings.get("RemoteAddresses", "")
    sets = {each["Id"]: each for each in _of(node.network_policies, "SetPolicy")}
    names_sets = any(item in sets for item in (*_items(local), *_items(remote)))
    if direction == "Out" or names_sets:
        source, destination = local, remote
    else:
        source, destination = remote, local
    if not _among(packet.source, source, sets):
        return False
    if not _among(packet.destination, destination, sets):
        return False
    if direction == "Out":
        sports, dports = settings.get("LocalPorts", ""), settings.get("RemotePorts", "")
    else:
        sports, dports = settings.get("RemotePorts", ""), settings.get("LocalPorts", "")
    if (sports or dports) and packet.protocol not in {TCP, UDP}:
        return False
    return _has_port(packet.sport, sports) and _has_port(packet.port, dports)


def _among(address: str, text: str, sets: dict[str, Json]) -> bool:
    items = _items(text)
    literals = [item for item in items if item not in sets]
    if literals and not any(_inside(address, item) for item in literals):
        return False
    return all(_in_set(address, sets[item], sets) for item in items if item in sets)


def _in_set(address: str, settings: Json, sets: dict[str, Json]) -> bool:
    members = _items(settings["Values"])
    if settings["PolicyType"] == "NESTEDIPSET":
        return any(_in_set(address, sets[member], sets) for member in members)
    return any(_inside(address, member) for member in members)


def _has_port(port: int, text: str) -> bool:
    if not text:
        return True
    for item in _items(text):
        first, _, last = item.partition("-")
        if int(first) <= port <= int(last or first):
            return True
    return False


def _inside(address: str, prefix: str) -> bool:
    return ipaddress.ip_address(address) in ipaddress.ip_network(prefix, strict=False)


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _of(policies: "tuple[Json, ...] | list[Json]", kind: str) -> list[Json]:
    return [each["Settings"] for each in policies if each["Type"] == kind]
