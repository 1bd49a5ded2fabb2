"""NetworkPolicies as they are written: whom they select, and whom they let in and out."""

from collections.abc import Iterator
from dataclasses import dataclass

from hnsemu.domain.shown import shown
from hnsemu.dumps.kubernetes.members import LARGEST_PORT, Members, Prefix, prefix, within
from hnsemu.dumps.kubernetes.pods import DEFAULT_NAMESPACE, PROTOCOLS
from hnsemu.dumps.kubernetes.reading import Resource
from hnsemu.dumps.kubernetes.selectors import Selector, selector_of

_INGRESS, _EGRESS = "Ingress", "Egress"


@dataclass(frozen=True, slots=True)
class Peer:
    """One of those whom a rule means.

    pods:       of the namespaces; None for all.
    namespaces: None for the policy's own.
    block:      in place of both.
    excepted:   parts of the block that are not meant.
    """

    path: str
    pods: Selector | None = None
    namespaces: Selector | None = None
    block: Prefix | None = None
    excepted: tuple[Prefix, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyPort:
    """A port of a rule: a name, or numbers; without both, every port of the protocol."""

    protocol: str
    name: str = ""
    first: int = 0
    last: int = 0

    @property
    def text(self) -> str:
        """Return the numbers as ACLs have them, "" for every port."""
        if not self.first:
            return ""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """A rule of a policy; () for every peer, and for every port."""

    path: str
    peers: tuple[Peer, ...]
    ports: tuple[PolicyPort, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A NetworkPolicy. ingress, egress: None for a direction of which it does not speak."""

    namespace: str
    name: str
    pods: Selector
    ingress: tuple[PolicyRule, ...] | None
    egress: tuple[PolicyRule, ...] | None

    @property
    def rules(self) -> tuple[PolicyRule, ...]:
        """Return the rules of both directions."""
        return (*(self.ingress or ()), *(self.egress or ()))


def policy_of(resource: Resource) -> Policy:
    """Return the NetworkPolicy that a document is of.

    Raises: E_INVALIDARG, naming the first wrong member.
    """
    spec = resource.members.members("spec")
    types = _types(spec)
    ingress = tuple(_rules(spec, "ingress", "from"))
    egress = tuple(_rules(spec, "egress", "to"))
    return Policy(
        namespace=resource.namespace or DEFAULT_NAMESPACE,
        name=resource.name,
        pods=selector_of(spec.members("podSelector")),
        ingress=ingress if _INGRESS in types else None,
        egress=egress if _EGRESS in types else None,
    )


def _types(spec: Members) -> set[str]:
    """Return the directions; the API server writes these where the author did not."""
    texts = spec.texts("policyTypes")
    for number, text in enumerate(texts):
        if text not in {_INGRESS, _EGRESS}:
            what = f"{shown(text)} is unknown; write {_INGRESS} or {_EGRESS}"
            raise spec.wrong(f"policyTypes[{number}]", what)
    return set(texts) or ({_INGRESS, _EGRESS} if "egress" in spec else {_INGRESS})


def _rules(spec: Members, direction: str, peers: str) -> Iterator[PolicyRule]:
    for number, rule in enumerate(spec.list_of(direction)):
        path = f"{direction}[{number}]"
        yield PolicyRule(
            path,
            tuple(
                _peer(item, f"{path}.{peers}[{position}]")
                for position, item in enumerate(rule.list_of(peers))
            ),
            tuple(map(_port, rule.list_of("ports"))),
        )


def _peer(item: Members, path: str) -> Peer:
    if "ipBlock" in item:
        if "podSelector" in item or "namespaceSelector" in item:
            raise item.wrong("ipBlock", "stands alone; write the selectors as another peer")
        return _block(item.members("ipBlock"), path)
    if "podSelector" not in item and "namespaceSelector" not in item:
        raise item.wrong("podSelector", "is missing, as are namespaceSelector and ipBlock")
    return Peer(
        path,
        pods=selector_of(item.members("podSelector")) if "podSelector" in item else None,
        namespaces=selector_of(item.members("namespaceSelector"))
        if "namespaceSelector" in item
        else None,
    )


def _block(item: Members, path: str) -> Peer:
    block = prefix(item.text("cidr"), item.path("cidr"))
    excepted = []
    for number, text in enumerate(item.texts("except")):
        known = prefix(text, f"{item.path('except')}[{number}]")
        if not within(known, block):
            raise item.wrong(f"except[{number}]", f"{text} is not within {block}")
        excepted.append(known)
    return Peer(path, block=block, excepted=tuple(excepted))


def _port(item: Members) -> PolicyPort:
    protocol = item.one_of("protocol", PROTOCOLS, "TCP")
    port, last = item.port_or_name("port"), item.port("endPort")
    if last and (not isinstance(port, int) or not port):
        raise item.wrong("endPort", "needs a port that is a number")
    if isinstance(port, str):
        return PolicyPort(protocol, name=port)
    if last and last < port:
        raise item.wrong("endPort", f"{last} is below {port}; write {port} to {LARGEST_PORT}")
    return PolicyPort(protocol, first=port, last=last or port)
