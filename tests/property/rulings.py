"""The oracle on access control: linear scans over ACLs, tiers and Host ACLs as they were sent."""

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.property.world import Datagram, Json, Named, Node, Pod

TCP, UDP, ICMP, SCTP = 6, 17, 1, 132
_COMES_IN = {1, 2, 6, 17, 58}
_DEFAULT = "BlockedByDefault"


@dataclass(frozen=True)
class Ruling:
    """What was decided. lost: why the packet dies, "" when it goes on. by: the policy, if any."""

    lost: str = ""
    by: Named | None = None


def firewall(pod: Pod, node: Node, packet: Datagram, direction: str) -> Ruling:
    """Return what the firewall of the pod's compartment says."""
    rules = [
        (settings, named)
        for settings, named in _of(pod.id, pod.policies, "ACL")
        if settings.get("RuleType") == "Host" and settings["Direction"] == direction
    ]
    rules.sort(key=lambda each: (each[0].get("Priority", 0), each[0]["Action"] != "Block"))
    for settings, named in rules:
        if meets(settings, node, packet, direction):
            return _said(settings["Action"], named)
    if direction == "In" and packet.protocol not in _COMES_IN:
        return Ruling(_DEFAULT)
    return Ruling()


def acls(pod: Pod, node: Node, packet: Datagram, direction: str) -> Ruling:
    """Return what tiers, then ACLs say at the pod's port."""
    tiers = list(_of(pod.id, pod.policies, "TierAcl"))
    own = [each for each in _of(pod.id, pod.policies, "ACL") if each[0].get("RuleType") != "Host"]
    shared = list(_of(node.network_id, node.policies, "NetworkACL"))
    if not (tiers or own or shared):
        return Ruling()
    anything = False
    mine = [each for each in tiers if each[0]["Direction"] == direction]
    for tier, named in sorted(mine, key=lambda each: each[0]["Order"]):
        rules = tier["TierAclRules"]
        for rule in sorted(
            rules, key=lambda each: (each["Priority"], each["TierAclRuleAction"] != "Block")
        ):
            anything = True
            if meets(rule, node, packet, direction):
                if rule["TierAclRuleAction"] == "Pass":
                    break
                return _said(rule["TierAclRuleAction"], named)
    both = [(*each, 0) for each in own] + [(*each, 1) for each in shared]
    both = [each for each in both if each[0]["Direction"] == direction]
    both.sort(key=lambda each: (each[0]["Priority"], each[2], each[0]["Action"] != "Block"))
    for settings, named, _ in both:
        anything = True
        if meets(settings, node, packet, direction):
            return _said(settings["Action"], named)
    return Ruling(_DEFAULT if anything else "")


def meets(settings: Json, node: Node, packet: Datagram, direction: str) -> bool:
    """Tell whether a rule is about the packet."""
    protocols = items(settings.get("Protocols", ""))
    if protocols and "256" not in protocols and str(packet.protocol) not in protocols:
        return False
    local, remote = settings.get("LocalAddresses", ""), settings.get("RemoteAddresses", "")
    sets = {each["Id"]: each for each, _ in _of("", node.policies, "SetPolicy")}
    names_sets = any(item in sets for item in (*items(local), *items(remote)))
    if direction == "Out" or names_sets:
        source, destination = local, remote
    else:
        source, destination = remote, local
    if not _among(packet.source, source, sets) or not _among(packet.destination, destination, sets):
        return False
    own, peer = settings.get("LocalPorts", ""), settings.get("RemotePorts", "")
    sports, dports = (own, peer) if direction == "Out" else (peer, own)
    if (sports or dports) and packet.protocol not in {TCP, UDP, SCTP}:
        return False
    return _has_port(packet.sport, sports) and _has_port(packet.port, dports)


def inside(address: str, prefix: str) -> bool:
    """Tell whether the address is in the prefix."""
    return ipaddress.ip_address(address) in ipaddress.ip_network(prefix, strict=False)


def items(text: str) -> list[str]:
    """Return the parts of a list in a text."""
    return [item.strip() for item in text.split(",") if item.strip()]


def _said(action: str, named: Named) -> Ruling:
    return Ruling("BlockedByRule" if action == "Block" else "", named)


def _among(address: str, text: str, sets: dict[str, Json]) -> bool:
    literals = [item for item in items(text) if item not in sets]
    if literals and not any(inside(address, item) for item in literals):
        return False
    return all(_in_set(address, sets[item], sets) for item in items(text) if item in sets)


def _in_set(address: str, settings: Json, sets: dict[str, Json]) -> bool:
    members = items(settings["Values"])
    if settings["PolicyType"] == "NESTEDIPSET":
        return any(_in_set(address, sets[member], sets) for member in members)
    return any(inside(address, member) for member in members)


def _has_port(port: int, text: str) -> bool:
    if not text:
        return True
    for item in items(text):
        first, _, last = item.partition("-")
        if int(first) <= port <= int(last or first):
            return True
    return False


def _of(owner: str, policies: Sequence[Json], kind: str) -> Iterator[tuple[Json, Named]]:
    for position, each in enumerate(policies):
        if each["Type"] == kind:
            yield each["Settings"], (owner, kind, position)
