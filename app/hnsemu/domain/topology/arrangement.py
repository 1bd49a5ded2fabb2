"""What is drawn of hosts, in which order, and what is only counted."""

import ipaddress
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.endpoints import properties as endpoint_properties
from hnsemu.domain.facts import VSwitch
from hnsemu.domain.hosts import natural_order
from hnsemu.domain.namespaces import Namespace
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import Network
from hnsemu.domain.networks import properties as network_properties
from hnsemu.domain.packet import protocol_name
from hnsemu.domain.policylists import PolicyList, PolicyListKind
from hnsemu.domain.query import matches
from hnsemu.domain.topology.model import Box, HostFacts, Kind, Link, Relation, Topology, View
from hnsemu.domain.winnat import NatRule

MOST_BOXES = 1500
"""A browser draws so many at ease; the others are counted."""

SMALL = 60
"""Endpoints of a picture whose networks are all open when nobody says which."""

ALL = "all"
"""Opens every network."""

SHORT = 8
"""Characters of a GUID that stand for it among the networks of a picture."""

_EQUAL = 8  # endpoints with equal policies that become one box


def opened_networks(hosts: Sequence[HostFacts], view: View) -> frozenset[str]:
    """Return the ids of the networks whose endpoints are drawn."""
    ids = frozenset(network.id for host in hosts for network in host.networks)
    if view.opened is None:
        is_small = sum(sum(host.counts.values()) for host in hosts) <= SMALL
        return ids if is_small else frozenset()
    if ALL in view.opened:
        return ids
    return frozenset(id_ for id_ in ids if not view.opened.isdisjoint({id_, id_[:SHORT]}))


def arrange(hosts: Sequence[HostFacts], view: View, others: int = 0) -> Topology:
    """Return the picture of hosts, in the order of their names. others: hosts that are not read."""
    ordered = sorted(hosts, key=lambda host: natural_order(host.name))
    boxes: list[Box] = []
    of_several = len(ordered) + others > 1
    left_out, room = 0, MOST_BOXES - of_several  # one box says how many hosts are left out
    for host in ordered:
        if room <= 0:
            break
        whole = _host(host, view)
        box, drawn = _capped(whole, room)
        room -= drawn
        left_out += _size(whole) - drawn
        boxes.append(box)
    keys = {box.key for host_box in boxes for box in walk(host_box)}
    links = [link for link in _links(hosts) if link.source in keys and link.target in keys]
    if missing := len(ordered) - len(boxes) + others:
        word = "host" if missing == 1 else "hosts"
        boxes.append(Box(Kind.MORE, "more", f"{missing} more {word}", "", count=missing))
    return Topology(tuple(boxes), tuple(links), left_out, missing)


def walk(box: Box) -> Iterator[Box]:
    """Yield a box and everything in it, from the outside in."""
    yield box
    for inner in box.boxes:
        yield from walk(inner)


def _host(host: HostFacts, view: View) -> Box:
    key = host.name
    parts = [_switch(host, switch, view) for switch in host.switches]
    if "ports" in view.layers:
        parts = [_published(host, rule) for rule in host.published] + parts
    if "loadbalancers" in view.layers:
        parts += [_balancer(host, balancer) for balancer in host.balancers]
    if "namespaces" in view.layers:
        names = {
            endpoint.id: endpoint.name or endpoint.id[:8]
            for endpoints in host.endpoints.values()
            for endpoint in endpoints
        }
        parts += [_namespace(host, namespace, names) for namespace in host.namespaces]
    detail = ", ".join(text for text in (host.release, host.address) if text)
    return Box(Kind.HOST, key, host.name, key, host.name, detail, boxes=tuple(parts))


def _switch(host: HostFacts, switch: VSwitch, view: View) -> Box:
    on_it = [
        network for network in host.networks if network.vswitch and network.vswitch.id == switch.id
    ]
    networks = [_network(host, network, view) for network in sorted(on_it, key=_order)]
    return Box(
        Kind.SWITCH,
        f"{host.name}/switch/{switch.id}",
        switch.name,
        host.name,
        switch.id,
        " ".join([str(switch.kind), *switch.adapters]),
        is_faded=bool(view.wanted) and all(network.is_faded for network in networks),
        boxes=tuple(networks),
    )


def _network(host: HostFacts, network: Network, view: View) -> Box:
    endpoints = sorted(host.endpoints.get(network.id, ()), key=_order)
    by_subnet = _by_subnet(network, endpoints)
    boxes: list[Box] = []
    for subnet in network.subnets:
        inside = by_subnet[subnet.prefix]
        boxes.append(
            Box(
                Kind.SUBNET,
                f"{host.name}/{network.id}/{subnet.prefix}",
                subnet.prefix,
                host.name,
                detail=f"gateway {subnet.gateway}" if subnet.gateway else "",
                boxes=tuple(_endpoints(host, inside, view)),
            )
        )
    boxes += _endpoints(host, by_subnet[""], view)
    is_drawn = network.id in host.endpoints
    count = 0 if is_drawn else host.counts.get(network.id, 0)
    detail = str(network.mode) + (f" VSID {network.vsid}" if network.vsid else "")
    is_faded = (
        bool(view.wanted)
        and not matches(view.wanted, network_properties(network))
        and all(_is_faded(endpoint, view) for endpoint in endpoints)
    )
    return Box(
        Kind.NETWORK, f"{host.name}/{network.id}", network.name, host.name, network.id, detail,
        count, is_faded, tuple(boxes) if is_drawn or not count else (),
    )  # fmt: skip


def _by_subnet(network: Network, endpoints: Sequence[Endpoint]) -> Mapping[str, list[Endpoint]]:
    """Return the endpoints by the prefix of their subnet, "" for those in none."""
    prefixes = [(subnet.prefix, subnet.network) for subnet in network.subnets]
    found: Mapping[str, list[Endpoint]] = defaultdict(list)
    for endpoint in endpoints:
        address = next((configured.ip_address for configured in endpoint.ip_configurations), "")
        at = ipaddress.ip_address(address) if address else None
        prefix = next((prefix for prefix, network in prefixes if at and at in network), "")
        found[prefix].append(endpoint)
    return found


def _endpoints(host: HostFacts, endpoints: Sequence[Endpoint], view: View) -> Iterator[Box]:
    """Yield a box for each endpoint, or one for those that are equal in all but their names."""
    alike: dict[object, list[Endpoint]] = defaultdict(list)
    for endpoint in endpoints:
        likeness = (endpoint.policies, endpoint.flags, endpoint.state, bool(endpoint.namespace_id))
        alike[likeness if view.grouped else endpoint.id].append(endpoint)
    for equal in alike.values():
        if len(equal) < _EQUAL:
            yield from (_endpoint(host, endpoint, view) for endpoint in equal)
            continue
        faded = all(_is_faded(endpoint, view) for endpoint in equal)
        yield Box(
            Kind.GROUP,
            f"{host.name}/{equal[0].id}+",
            f"{len(equal)} equal endpoints",
            host.name,
            detail=f"{equal[0].name} … {equal[-1].name}",
            count=len(equal),
            is_faded=faded,
        )


def _endpoint(host: HostFacts, endpoint: Endpoint, view: View) -> Box:
    addresses = ", ".join(configured.ip_address for configured in endpoint.ip_configurations)
    return Box(
        Kind.REMOTE if endpoint.is_remote else Kind.ENDPOINT,
        f"{host.name}/{endpoint.id}",
        endpoint.name or endpoint.id[:8],
        host.name,
        endpoint.id,
        addresses or endpoint.mac_address,
        is_faded=_is_faded(endpoint, view),
    )


def _is_faded(endpoint: Endpoint, view: View) -> bool:
    return bool(view.wanted) and not matches(view.wanted, endpoint_properties(endpoint))


def _namespace(host: HostFacts, namespace: Namespace, names: Mapping[str, str]) -> Box:
    inside = ", ".join(names[id_] for _, id_ in namespace.resources if id_ in names)
    detail = f"{namespace.type}: {inside}" if inside else str(namespace.type)
    return Box(
        Kind.NAMESPACE,
        f"{host.name}/{namespace.id}",
        namespace.name or namespace.id[:8],
        host.name,
        namespace.id,
        detail,
    )


def _balancer(host: HostFacts, balancer: PolicyList) -> Box:
    ports = ", ".join(
        f"{protocol_name(mapping.protocol)} {mapping.external_port}"
        for mapping in balancer.port_mappings
    )
    vips = ", ".join(balancer.frontend_vips) or "every address"
    backends = len(balancer.references)
    word = "backend" if backends == 1 else "backends"
    return Box(
        Kind.BALANCER, f"{host.name}/{balancer.id}", f"{vips} {ports}".strip(), host.name,
        balancer.id, f"{backends} {word}",
    )  # fmt: skip


def _published(host: HostFacts, rule: NatRule) -> Box:
    mapping = rule.mapping
    protocol = protocol_name(mapping.protocol)
    return Box(
        Kind.PORT, f"{host.name}/port/{rule.key}", f"{protocol} {mapping.external_port}",
        host.name, detail=f"→ {rule.internal_address}:{mapping.internal_port}",
    )  # fmt: skip


def _links(hosts: Sequence[HostFacts]) -> Iterator[Link]:
    for host in hosts:
        for namespace in host.namespaces:
            for _, id_ in namespace.resources:
                yield Link(Relation.MEMBER, f"{host.name}/{namespace.id}", f"{host.name}/{id_}")
        for balancer in host.balancers:
            if balancer.kind is PolicyListKind.LOAD_BALANCER:
                for id_ in balancer.references:
                    yield Link(
                        Relation.BACKEND, f"{host.name}/{balancer.id}", f"{host.name}/{id_.lower()}"
                    )
        for rule in host.published:
            yield Link(
                Relation.PUBLISHED,
                f"{host.name}/port/{rule.key}",
                f"{host.name}/{rule.endpoint_id}",
            )
    yield from _tunnels(hosts)


def _tunnels(hosts: Sequence[HostFacts]) -> Iterator[Link]:
    """Yield a link between neighbours among the hosts that have a VXLAN with the same VSID."""
    by_vsid: dict[int, list[str]] = defaultdict(list)
    for host in sorted(hosts, key=lambda host: natural_order(host.name)):
        for network in host.networks:
            if network.mode is Mode.OVERLAY and network.vsid:
                by_vsid[network.vsid].append(f"{host.name}/{network.id}")
    for vsid, keys in sorted(by_vsid.items()):
        for one, other in pairwise(keys):
            yield Link(Relation.TUNNEL, one, other, f"VXLAN {vsid}")


def _capped(box: Box, room: int) -> tuple[Box, int]:
    """Return a box with at most `room` boxes drawn, itself among them, and how many those are."""
    if (size := _size(box)) <= room:
        return box, size
    drawn = 1
    kept: list[Box] = []
    for number, inner in enumerate(box.boxes):
        if drawn >= room:
            missing = sum(_size(other) for other in box.boxes[number:])
            more = Box(Kind.MORE, f"{box.key}/more", f"{missing} more", box.host, count=missing)
            return replace(box, boxes=(*kept, more)), drawn
        part, size = _capped(inner, room - drawn)
        kept.append(part)
        drawn += size
    return replace(box, boxes=tuple(kept)), drawn


def _size(box: Box) -> int:
    return 1 + sum(_size(inner) for inner in box.boxes)


def _order(thing: Network | Endpoint) -> tuple[str, str]:
    return (thing.name, thing.id)
