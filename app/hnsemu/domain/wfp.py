"""The Windows Firewall of a container's compartment: Host ACLs, defaults, redirection to proxies.

It is the host's for process-isolated containers only; the one of a virtual machine lets everything
in. Source: dataplane.md sections 5.1 and 6.1 [D]; docs/dataplane.md, "ACLs".
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hnsemu.domain.dataplane import (
    AclRule,
    PlumbedEndpoint,
    PlumbedNetwork,
)
from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.matching import conditions, prefixes, to_ports
from hnsemu.domain.packet import ICMP, ICMPV6, IGMP, TCP, UDP, Direction, Packet, protocol_name
from hnsemu.domain.policies.acl import Tuple5, parts
from hnsemu.domain.releases import Release

# From 1709 on everything with these protocols comes in; before, nothing but published ports [D].
_OPEN_SINCE = (5, 0)
_INBOUND = {ICMP, IGMP, TCP, UDP, ICMPV6}


@dataclass(frozen=True, slots=True)
class WfpExceptions:
    """What a WFP proxy leaves alone: addresses or prefixes, and ports."""

    addresses: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WfpProxy:
    """An L4WFPPROXY. A port of 0 redirects nothing.

    user_sid: of the user whose own connections are not redirected.
    """

    outbound_port: int
    inbound_port: int
    match: Tuple5
    user_sid: str
    outbound: WfpExceptions
    inbound: WfpExceptions
    policy: PolicyRef


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the firewall does. rule: None when the default decided."""

    allows: bool
    rule: AclRule | None
    text: str


def ruling_for(
    endpoint: PlumbedEndpoint,
    network: PlumbedNetwork,
    direction: Direction,
    packet: Packet,
    release: Release,
) -> Ruling:
    """Return what the firewall of the endpoint's compartment does with a new connection."""
    for rule in host_acls(endpoint, network, direction):
        if conditions(rule.match, rule.direction).match(packet, network.tags) and (
            packet.version in conditions(rule.match, rule.direction).versions
        ):
            name = f"Host ACL {rule.policy.id or rule.policy.position}"
            allows = rule.action != "Block"
            return Ruling(allows, rule, f"{name} {'allows' if allows else 'blocks'} it")
    if direction is Direction.OUT:
        return Ruling(allows=True, rule=None, text="outbound connections are allowed by default")
    return inbound_default(endpoint, packet, release)


def host_acls(
    endpoint: PlumbedEndpoint, network: PlumbedNetwork, direction: Direction
) -> Sequence[AclRule]:
    """Return the Host ACLs of a direction in the order they are tried; none in a guest."""
    if endpoint.is_in_guest:
        return []
    found = [
        (rule.priority, is_shared, rule.action != "Block", place, rule)
        for is_shared, acls in enumerate((endpoint.policies.acls, network.acls))
        for place, rule in enumerate(acls)
        if rule.is_host and rule.direction.upper() == direction
    ]
    return [entry[-1] for entry in sorted(found, key=lambda entry: entry[:4])]


def proxy_for(
    endpoint: PlumbedEndpoint, direction: Direction, packet: Packet, user_sid: str
) -> tuple[WfpProxy, int] | None:
    """Return the proxy that gets the connection, and its port on localhost.

    IPv4 and TCP only; what runs under the proxy's own SID goes out untouched [D].
    """
    if packet.version != 4 or packet.protocol != TCP or endpoint.is_in_guest:  # noqa: PLR2004
        return None
    for proxy in endpoint.policies.of(WfpProxy):
        is_out = direction is Direction.OUT
        port = proxy.outbound_port if is_out else proxy.inbound_port
        exceptions = proxy.outbound if is_out else proxy.inbound
        if not port or (is_out and proxy.user_sid and proxy.user_sid == user_sid):
            continue
        required = conditions(proxy.match, "Out" if is_out else "In")
        if required.match(packet, {}) and not _is_exempt(packet, exceptions, is_out=is_out):
            return proxy, port
    return None


def _is_exempt(packet: Packet, exceptions: WfpExceptions, *, is_out: bool) -> bool:
    peer = packet.destination if is_out else packet.source
    texts = [item for text in exceptions.addresses for item in parts(text)]
    ports = to_ports(item for text in exceptions.ports for item in parts(text))
    among = prefixes(*texts) if texts else None
    if among is not None and among.matches(peer, {}):
        return True
    return any(first <= packet.destination_port <= last for first, last in ports)


def inbound_default(endpoint: PlumbedEndpoint, packet: Packet, release: Release) -> Ruling:
    """Return what happens to a new connection into the compartment that no Host ACL is about."""
    if endpoint.is_in_guest:
        return Ruling(allows=True, rule=None, text="a guest's firewall is its own affair")
    if release.hns >= _OPEN_SINCE:
        allows = packet.protocol in _INBOUND
        text = (
            "TCP, UDP, ICMP and IGMP are allowed in by default"
            if allows
            else f"{protocol_name(packet.protocol)} comes in only where a Host ACL allows it"
        )
        return Ruling(allows, None, text)
    mappings = [port.mapping for port in endpoint.policies.published]
    is_open = any(
        mapping.protocol == packet.protocol and mapping.internal_port == packet.destination_port
        for mapping in mappings
    )
    text = (
        "a published port is open"
        if is_open
        else (f"{release.title} lets in nothing but published ports")
    )
    return Ruling(is_open, None, text)
