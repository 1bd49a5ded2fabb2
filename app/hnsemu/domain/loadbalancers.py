"""Load balancers: what a valid one is, and what it answers on."""

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

from hnsemu.domain.guid import parse_guid
from hnsemu.domain.policylists import PolicyList, PortMapping
from hnsemu.domain.releases import Release, require, supports
from hnsemu.errors import HnsError, Hr

# LoadBalancerFlags. Source: hns-behaviour.md section 2.8 [D].
DIRECT_SERVER_RETURN = 1
IPV6 = 2

# LoadBalancerPortMappingFlags: an internal load balancer; a VIP that the host itself reaches, as
# node ports have. Source: the same.
INTERNAL = 1
LOCAL_ROUTED_VIP = 2
VIP_EXTERNAL_IP = 16  # something outside has the VIP too. Source: kube-proxy [C].

# Any, TCP, UDP and SCTP: what clients send. Source: requests of kube-proxy and moby [C].
_PROTOCOLS = {0, 6, 17, 132}
_DISTRIBUTIONS = {0: "None", 1: "SourceIPProtocol", 2: "SourceIP"}
_LAST_PORT = 65535

# Ours: what HNS itself bears is not known. No list of a document is longer, so it only meets a load
# balancer with several VIPs.
_MOST_FRONTENDS = 100_000

_ANY_IPV4 = ""
_ANY_IPV6 = "::"


@dataclass(frozen=True, slots=True)
class Frontend:
    """Where a load balancer answers; no two load balancers of a host share one.

    vip:      address in its canonical spelling; "" every IPv4 and "::" every IPv6 address.
    protocol: 0 for every protocol. external_port: 0 for every port.
    Source: kubernetes#139519 (equal VIP, port and protocol) [O].
    """

    vip: str
    protocol: int
    external_port: int

    def __str__(self) -> str:
        """Return it as people write it."""
        return f"{self.vip or '*'}:{self.external_port or '*'}/{self.protocol or '*'}"


class LoadBalancerContent(TypedDict, total=False):
    """The members of a load balancer that a modification may change, as far as one names them."""

    name: str
    owner: str
    network: str
    references: tuple[str, ...]
    source_vip: str
    frontend_vips: tuple[str, ...]
    port_mappings: tuple[PortMapping, ...]
    flags: int


# What a whole document does not name is empty afterwards, but for the name and the owner.
_NOTHING = LoadBalancerContent(
    network="", references=(), source_vip="", frontend_vips=(), port_mappings=(), flags=0
)


def with_whole_content(balancer: PolicyList, content: LoadBalancerContent) -> PolicyList:
    """Return the load balancer with `content` in the place of everything it had."""
    return replace(replace(balancer, **_NOTHING), **content)


def with_content(balancer: PolicyList, content: LoadBalancerContent) -> PolicyList:
    """Return the load balancer with the members that `content` names."""
    return replace(balancer, **content)


def with_backends(balancer: PolicyList, added: Sequence[str]) -> PolicyList:
    """Return the load balancer with more backends behind its own; none is there twice."""
    new = _without(added, balancer.references)
    return replace(balancer, references=(*balancer.references, *new))


def without_backends(balancer: PolicyList, removed: Sequence[str]) -> PolicyList:
    """Return the load balancer without some backends; others may be named, too."""
    return replace(balancer, references=_without(balancer.references, removed))


def frontends(balancer: PolicyList) -> tuple[Frontend, ...]:
    """Return everything `balancer` answers on, VIP by VIP.

    The address tells the family; the IPv6 flag only where no VIP is given.
    """
    anywhere = _ANY_IPV6 if balancer.flags & IPV6 else _ANY_IPV4
    vips = [str(ipaddress.ip_address(vip)) for vip in balancer.frontend_vips] or [anywhere]
    return tuple(
        Frontend(vip, mapping.protocol, mapping.external_port)
        for vip in vips
        for mapping in balancer.port_mappings
    )


def as_known_by(balancer: PolicyList, release: Release) -> PolicyList:
    """Return the load balancer without what `release` does not know and takes no notice of.

    Source: Windows-Containers#194: kube-proxy sends DistributionType 2 to WS2019, which takes it
    without affinity [O].
    """
    if supports(release, "SessionAffinity"):
        return balancer
    mappings = tuple(replace(mapping, distribution_type=0) for mapping in balancer.port_mappings)
    return replace(balancer, port_mappings=mappings)


def check_load_balancer(balancer: PolicyList, release: Release) -> None:
    """Refuse a load balancer that is malformed or that `release` does not have yet.

    Raises: HCN_E_INVALID_JSON_REFERENCE without a backend; HCN_E_INVALID_POLICY for a bad address,
            port, protocol, distribution or feature; HCN_E_INVALID_INTERNAL_PORT when only the
            internal port is missing; E_INVALIDARG for more frontends than anybody can store;
            E_ALREADY_EXISTS when it answers twice on the same.
    Source: kubernetes#100384 (no backend) [O]; features hns-behaviour.md section 5 [D]; the rest
            by analogy with ACLs, hcsshim#1059 [I].
    """
    if not balancer.references:
        raise HnsError(
            Hr.HCN_E_INVALID_JSON_REFERENCE,
            "HostComputeEndpoints: a reference is required; name at least one endpoint",
        )
    _check_addresses(balancer)
    _check_features(balancer, release)
    if not balancer.port_mappings:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY, "PortMappings is missing or empty; map at least one port"
        )
    for position, mapping in enumerate(balancer.port_mappings):
        _check_mapping(mapping, f"PortMappings[{position}]")
    _check_number(balancer)
    answered = frontends(balancer)
    for frontend in _repeated(answered):
        raise HnsError(
            Hr.E_ALREADY_EXISTS, f"{frontend} is mapped twice; leave one of the mappings out"
        )


def _without(references: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    excluded = {parse_guid(other) for other in others}
    return tuple(reference for reference in references if parse_guid(reference) not in excluded)


def _check_addresses(balancer: PolicyList) -> None:
    named = [(f"FrontendVIPs[{n}]", vip) for n, vip in enumerate(balancer.frontend_vips)]
    if balancer.source_vip:
        named.append(("SourceVIP", balancer.source_vip))
    for name, text in named:
        if not _is_address(text):
            raise HnsError(
                Hr.HCN_E_INVALID_POLICY,
                f"{name} {text!r} is not an address; write an IPv4 or IPv6 address without prefix",
            )


def _check_features(balancer: PolicyList, release: Release) -> None:
    if balancer.flags & DIRECT_SERVER_RETURN:
        require(release, "DSR", Hr.HCN_E_INVALID_POLICY, "Flags EnableDirectServerReturn (1)")
    if balancer.flags & IPV6 or any(":" in vip for vip in balancer.frontend_vips):
        require(release, "IPv6DualStack", Hr.HCN_E_INVALID_POLICY, "an IPv6 load balancer")


def _check_number(balancer: PolicyList) -> None:
    number = len(balancer.frontend_vips) * len(balancer.port_mappings)
    if number > _MOST_FRONTENDS:
        raise HnsError(
            Hr.E_INVALIDARG,
            f"FrontendVIPs and PortMappings: {number} pairs of an address and a port are more than "
            f"{_MOST_FRONTENDS}; make several load balancers",
        )


def _check_mapping(mapping: PortMapping, name: str) -> None:
    if mapping.protocol not in _PROTOCOLS:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY,
            f"{name}.Protocol {mapping.protocol} cannot be balanced; "
            "use 6 (TCP), 17 (UDP), 132 (SCTP) or 0 for every protocol",
        )
    if mapping.distribution_type not in _DISTRIBUTIONS:
        known = ", ".join(f"{number} ({word})" for number, word in _DISTRIBUTIONS.items())
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY,
            f"{name}.DistributionType {mapping.distribution_type} is unknown; use one of {known}",
        )
    for member, port in (
        ("InternalPort", mapping.internal_port),
        ("ExternalPort", mapping.external_port),
    ):
        if not 0 <= port <= _LAST_PORT:
            raise HnsError(
                Hr.HCN_E_INVALID_POLICY,
                f"{name}.{member} {port} is out of range; use 1 to {_LAST_PORT}, or 0 for all",
            )
    if mapping.external_port and not mapping.internal_port:
        raise HnsError(
            Hr.HCN_E_INVALID_INTERNAL_PORT,
            f"{name}.InternalPort is 0 for ExternalPort {mapping.external_port}; "
            "give both, or neither for every port",
        )


def _repeated(answered: tuple[Frontend, ...]) -> Iterator[Frontend]:
    seen = set()
    for frontend in answered:
        if frontend in seen:
            yield frontend
        seen.add(frontend)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
