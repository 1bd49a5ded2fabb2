"""How an import is to make a cluster's network."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from typing import TypeVar

from hnsemu.domain.shown import shown
from hnsemu.domain.state.shapes import wrong
from hnsemu.dumps.kubernetes.members import prefix

E = TypeVar("E", bound=StrEnum)


class PodNetwork(StrEnum):
    """The type of the network that pods are on."""

    L2BRIDGE = "l2bridge"
    OVERLAY = "overlay"


class PolicyStyle(StrEnum):
    """Who makes rules of the policies."""

    CALICO = "calico"
    KUBERNETES = "kubernetes"


SERVICES = IPv4Network("10.96.0.0/12")
"""The prefix of cluster IPs that kubeadm gives."""
SERVICES6 = IPv6Network("fd00:10:96::/112")
"""The one of IPv6 that kind gives; kubeadm has none."""

ServicePrefixes = tuple[IPv4Network, IPv6Network]


@dataclass(frozen=True, slots=True)
class Options:
    """What the documents do not say.

    network:  of each node.
    services: the prefixes of cluster IPs, --service-cluster-ip-range of the API server.
    has_dsr:  whether kube-proxy runs with --enable-dsr, as Calico's scripts start it.
    policies: who makes ACLs of NetworkPolicies.
    """

    network: PodNetwork = PodNetwork.L2BRIDGE
    services: ServicePrefixes = (SERVICES, SERVICES6)
    has_dsr: bool = True
    policies: PolicyStyle = PolicyStyle.CALICO


def read_network(text: str) -> PodNetwork:
    """Return the type of the network in `?network=`.

    Raises: E_INVALIDARG.
    """
    return _member(PodNetwork, "network", text)


def read_services(text: str) -> ServicePrefixes:
    """Return the prefixes in `?services=`: of IPv4, and with a comma one of IPv6, in any order.

    Raises: E_INVALIDARG.
    """
    known = [prefix(part.strip(), "services") for part in text.split(",")]
    of_ipv4 = [one for one in known if isinstance(one, IPv4Network)]
    of_ipv6 = [one for one in known if isinstance(one, IPv6Network)]
    if len(of_ipv4) != 1 or len(of_ipv6) > 1:
        what = (
            "must have one prefix of IPv4, and one of IPv6 at most, as in 10.96.0.0/12,fd00::/112"
        )
        raise wrong("services", what)
    return of_ipv4[0], of_ipv6[0] if of_ipv6 else SERVICES6


def read_dsr(text: str) -> bool:
    """Return whether kube-proxy runs with --enable-dsr, from `?dsr=`.

    Raises: E_INVALIDARG.
    """
    if text not in {"true", "false"}:
        raise wrong("dsr", f"{shown(text)} is unknown; write true or false")
    return text == "true"


def read_policies(text: str) -> PolicyStyle:
    """Return who makes ACLs of NetworkPolicies, from `?policies=`.

    Raises: E_INVALIDARG.
    """
    return _member(PolicyStyle, "policies", text)


def _member(known: type[E], name: str, text: str) -> E:
    try:
        return known(text)
    except ValueError:
        raise wrong(name, f"{shown(text)} is unknown; write {' or '.join(known)}") from None
