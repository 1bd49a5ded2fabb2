"""ACLs of a pod's endpoint that Calico makes of NetworkPolicies on Windows.

Source: Felix' Windows dataplane [C], requests/calico-felix--endpoint-acl-apply: the host may send
to its pods (priority 900), what policies allow is allowed (1000), everything else is blocked
(1001), and the firewall of the container lets everything through. Felix skips rules with named
ports or with `except`, and logs that; as Kubernetes means them is the other style. Ids say which
rule of which policy it is; those of Felix have a hash there, and none on the last rule [M].
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hnsemu.domain.packet import NUMBERS
from hnsemu.dumps.kubernetes.members import Address, Prefix, within
from hnsemu.dumps.kubernetes.options import PolicyStyle
from hnsemu.dumps.kubernetes.pods import Pod, host_prefix
from hnsemu.dumps.kubernetes.policies import Peer, Policy, PolicyPort, PolicyRule

Json = dict[str, Any]

METADATA_NAME = "kubernetes.io/metadata.name"
_ANY = 256
_IPV4 = 4
_FROM_HOST, _ALLOWED, _REST = 900, 1000, 1001  # priorities
_LONGEST = 4000  # addresses of a rule
_NAMED = 3  # policies that the name of a rule has


@dataclass(slots=True)
class World:
    """What policies can mean.

    pods:       those with an address of their own.
    namespaces: labels by name; a namespace that is missing has its name as its only label.
    """

    pods: Sequence[Pod]
    namespaces: Mapping[str, Mapping[str, str]]
    style: PolicyStyle = PolicyStyle.CALICO
    _known: dict[tuple[Peer, str], Sequence[Pod]] = field(default_factory=dict)

    def labels_of(self, namespace: str) -> Mapping[str, str]:
        """Return the labels of a namespace; the API server adds its name."""
        return {**self.namespaces.get(namespace, {}), METADATA_NAME: namespace}

    def pods_of(self, peer: Peer, namespace: str) -> Sequence[Pod]:
        """Return the pods that a peer means in a policy of a namespace."""
        key = (peer, namespace)
        if key not in self._known:
            self._known[key] = [pod for pod in self.pods if self._means(peer, namespace, pod)]
        return self._known[key]

    def _means(self, peer: Peer, namespace: str, pod: Pod) -> bool:
        if peer.block is None:
            return self._selects(peer, namespace, pod)
        own = [known for known in (pod.address, pod.address6) if known is not None]
        return any(known in part for known in own for part in parts_of(peer))

    def _selects(self, peer: Peer, namespace: str, pod: Pod) -> bool:
        if peer.namespaces is None:
            in_namespace = pod.namespace == namespace
        else:
            in_namespace = peer.namespaces.selects(self.labels_of(pod.namespace))
        return in_namespace and (peer.pods is None or peer.pods.selects(pod.labels))


@dataclass(frozen=True, slots=True)
class _Match:
    """What one ACL allows. remote: addresses, None for all; ports: "" for all."""

    protocol: str
    remote: Sequence[str] | None
    ports: str


def acls_of(
    pod: Pod, policies: Sequence[Policy], world: World, own: Sequence[Address]
) -> list[Json]:
    """Return the ACLs of a pod's endpoint. own: addresses of its host."""
    selecting = [policy for policy in policies if selects(policy, pod)]
    into = [policy for policy in selecting if policy.ingress is not None]
    out = [policy for policy in selecting if policy.egress is not None]
    return [
        _acl("Allow", "In", _FROM_HOST, "allow-host-to-endpoint",
             RemoteAddresses=",".join(_of_style(own, world))),
        *_directed(pod, into, world, "In"),
        *_directed(pod, out, world, "Out"),
        _host_rule("In"),
        _host_rule("Out"),
    ]  # fmt: skip


def selects(policy: Policy, pod: Pod) -> bool:
    """Tell whether a policy is for a pod."""
    return policy.namespace == pod.namespace and policy.pods.selects(pod.labels)


def not_taken(policy: Policy, world: World) -> Iterator[str]:
    """Yield what no ACL is made of, and why."""
    has_ipv6 = any(pod.address6 for pod in world.pods if selects(policy, pod))
    for rule in policy.rules:
        for peer in rule.peers:
            if peer.block is not None and peer.block.version != _IPV4 and not has_ipv6:
                yield f"{peer.path}: no pod that the policy selects has IPv6"
            elif _is_left_out(peer, world):
                yield f"{peer.path}: Calico on Windows makes no rule for IPv6"
            elif peer.excepted and world.style is PolicyStyle.CALICO:
                yield f"{peer.path}: Calico on Windows skips an ipBlock with except"
        named = {port.protocol for port in rule.ports if port.name}
        if named and world.style is PolicyStyle.CALICO:
            protocols = " and ".join(sorted(named))
            yield f"{rule.path}: Calico on Windows skips {protocols} where a port has a name"
    missing = sorted({pod.namespace for pod in world.pods} - world.namespaces.keys())
    asked = (peer.namespaces.keys for rule in policy.rules for peer in rule.peers
             if peer.namespaces is not None)  # fmt: skip
    if missing and {key for keys in asked for key in keys} - {METADATA_NAME}:
        yield f"the files have no Namespace {', '.join(missing)}, so it has no labels"


def _is_left_out(peer: Peer, world: World) -> bool:
    """Tell whether a block is of a family of which the style makes no rules."""
    is_calico = world.style is PolicyStyle.CALICO
    return is_calico and peer.block is not None and peer.block.version != _IPV4


def parts_of(peer: Peer) -> list[Prefix]:
    """Return the prefixes of a block without what it excepts, in order."""
    parts: list[Prefix] = [peer.block] if peer.block is not None else []
    for excepted in peer.excepted:
        parts = [rest for part in parts for rest in _without(part, excepted)]
    return sorted(parts, key=lambda part: (int(part.network_address), part.prefixlen))


def _without(part: Prefix, excepted: Prefix) -> list[Prefix]:
    if within(part, excepted):
        return []
    if not within(excepted, part):
        return [part]
    same: Any = excepted  # of one family with the part: it is within it
    return list(part.address_exclude(same))


def _directed(pod: Pod, policies: Sequence[Policy], world: World, direction: str) -> Iterator[Json]:
    """Yield the ACLs of a direction; without policies, what the profile of the namespace says."""
    if not policies:
        yield _acl("Allow", direction, _ALLOWED, f"profile-kns.{pod.namespace}")
        yield _acl("Block", direction, _REST)
        return
    for policy in policies:
        rules = policy.ingress if direction == "In" else policy.egress
        for rule in rules or ():
            for number, match in enumerate(_matches(rule, policy.namespace, pod, world, direction)):
                name = f"policy-{policy.namespace}/{policy.name}-{rule.path}-{number}"
                yield _allowed(match, direction, name)
    names = [f"{policy.namespace}/{policy.name}" for policy in policies]
    more = "+…" if len(names) > _NAMED else ""
    yield _acl("Block", direction, _REST, f"deny-of-{'+'.join(names[:_NAMED])}{more}")


def _allowed(match: _Match, direction: str, name: str) -> Json:
    tuple_of: Json = {}
    if match.remote is not None:
        tuple_of["RemoteAddresses"] = ",".join(match.remote)
    if match.ports:
        tuple_of["LocalPorts" if direction == "In" else "RemotePorts"] = match.ports
    number = NUMBERS.get(match.protocol, _ANY)
    return _acl("Allow", direction, _ALLOWED, name, number, **tuple_of)


def _matches(
    rule: PolicyRule, namespace: str, pod: Pod, world: World, direction: str
) -> Iterator[_Match]:
    """Yield what a rule allows: by protocol and peer, as Calico divides it."""
    for protocol, ports in _by_protocol(rule, world.style).items():
        for peer in rule.peers or (None,):
            if peer is not None and not _is_of(peer, pod):
                continue
            named = [port.name for port in ports if port.name]
            texts = [port.text for port in ports if not port.name]
            if direction == "In":
                texts += _numbers([pod], named, protocol)
            elif named:
                pods = _named_peers(peer, namespace, world)
                yield from _towards(pods, named, protocol, world)
            if ports and not texts:
                continue
            for remote in _chunks(_remote(peer, namespace, world)):
                yield _Match(
                    protocol, remote, "" if "" in texts else ",".join(dict.fromkeys(texts))
                )


def _is_of(peer: Peer, pod: Pod) -> bool:
    """Tell whether a pod has addresses of the family of a block."""
    return peer.block is None or peer.block.version == _IPV4 or pod.address6 is not None


def _by_protocol(rule: PolicyRule, style: PolicyStyle) -> dict[str, list[PolicyPort]]:
    """Return the ports of a rule by protocol; "" and no port for every protocol."""
    if not rule.ports:
        return {"": []}
    found: dict[str, list[PolicyPort]] = {}
    for port in rule.ports:
        found.setdefault(port.protocol, []).append(port)
    if style is PolicyStyle.CALICO:
        return {
            protocol: ports
            for protocol, ports in sorted(found.items())
            if not any(port.name for port in ports)
        }
    return dict(sorted(found.items()))


def _remote(peer: Peer | None, namespace: str, world: World) -> Sequence[str] | None:
    """Return the addresses of a peer, None for everybody, [] for nobody."""
    if peer is None:
        return None
    if peer.block is not None:
        if _is_left_out(peer, world) or (peer.excepted and world.style is PolicyStyle.CALICO):
            return []
        return [str(part) for part in parts_of(peer)]
    return _addresses(world.pods_of(peer, namespace), world)


def _addresses(pods: Sequence[Pod], world: World) -> list[str]:
    both = (known for pod in pods for known in (pod.address, pod.address6))
    return _of_style([known for known in both if known is not None], world)


def _of_style(known: Sequence[Address], world: World) -> list[str]:
    """Return the prefixes of addresses; Calico on Windows knows those of IPv4."""
    is_calico = world.style is PolicyStyle.CALICO
    return [host_prefix(one) for one in known if one.version == _IPV4 or not is_calico]


def _chunks(remote: Sequence[str] | None) -> Iterator[Sequence[str] | None]:
    if remote is None:
        yield None
        return
    for start in range(0, len(remote), _LONGEST):
        yield remote[start : start + _LONGEST]


def _named_peers(peer: Peer | None, namespace: str, world: World) -> Sequence[Pod]:
    return world.pods if peer is None else world.pods_of(peer, namespace)


def _towards(
    pods: Sequence[Pod], names: Sequence[str], protocol: str, world: World
) -> Iterator[_Match]:
    """Yield the named ports of pods, those with the same number together."""
    by_number: dict[str, list[Pod]] = {}
    for pod in pods:
        for number in _numbers([pod], names, protocol):
            by_number.setdefault(number, []).append(pod)
    for number, several in by_number.items():
        for remote in _chunks(_addresses(several, world)):
            yield _Match(protocol, remote, number)


def _numbers(pods: Sequence[Pod], names: Sequence[str], protocol: str) -> list[str]:
    return [
        str(port.number)
        for pod in pods
        for port in pod.ports
        if port.name in names and port.protocol == protocol
    ]


def _acl(
    action: str, direction: str, priority: int, name: str = "", protocol: int = _ANY, **more: str
) -> Json:
    settings: Json = {
        "Protocols": str(protocol),
        "Action": action,
        "Direction": direction,
        "RuleType": "Switch",
        "Priority": priority,
        **more,
    }
    if name:
        settings["Id"] = name
    return {"Type": "ACL", "Settings": settings}


def _host_rule(direction: str) -> Json:
    settings = {"Protocols": str(_ANY), "Action": "Allow", "Direction": direction}
    return {"Type": "ACL", "Settings": {**settings, "RuleType": "Host"}}
