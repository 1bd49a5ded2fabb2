"""How an import is to make a cluster's network."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network
from typing import TypeVar

from hnsemu.domain.state.shapes import shown, wrong
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


@dataclass(frozen=True, slots=True)
class Options:
    """What the documents do not say.

    network:  of each node.
    services: the prefix of cluster IPs, --service-cluster-ip-range of the API server.
    has_dsr:  whether kube-proxy runs with --enable-dsr, as Calico's scripts start it.
    policies: who makes ACLs of NetworkPolicies.
    """

    network: PodNetwork = PodNetwork.L2BRIDGE
    services: IPv4Network = SERVICES
    has_dsr: bool = True
    policies: PolicyStyle = PolicyStyle.CALICO


def read_network(text: str) -> PodNetwork:
    """Return the type of the network in `?network=`.

    Raises: E_INVALIDARG.
    """
    return _member(PodNetwork, "network", text)


def read_services(text: str) -> IPv4Network:
    """Return the prefix in `?services=`.

    Raises: E_INVALIDARG.
    """
    known = prefix(text, "services")
    if known is None:
        raise wrong("services", "is of IPv6; write an IPv4 prefix such as 10.96.0.0/12")
    return known


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
