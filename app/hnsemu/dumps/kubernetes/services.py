"""Services: their addresses, ports and traffic policies."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hnsemu.dumps.kubernetes.members import Address, Members, address, of_ipv4, of_ipv6
from hnsemu.dumps.kubernetes.pods import DEFAULT_NAMESPACE, PROTOCOLS
from hnsemu.dumps.kubernetes.reading import Resource, annotations_of

_TYPES = ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")
_POLICIES = ("Cluster", "Local")
_AFFINITIES = ("None", "ClientIP")
_MODES = ("VIP", "Proxy")
_NONE = "None"
_PRESERVE = "preserve-destination"


@dataclass(frozen=True, slots=True)
class ServicePort:
    """A port of a service. target: 0 for a named one; node: 0 for none."""

    name: str
    protocol: str
    number: int
    target: int
    node: int


@dataclass(frozen=True, slots=True)
class Service:
    """A service.

    cluster_ip:         of IPv4; None for a headless one, and for one without IPv4.
    cluster_ip6:        of IPv6.
    is_headless:        whether it has no cluster IP at all.
    is_internal_local:  whether packets to the cluster IP stay on their node.
    is_external_local:  whether packets from outside stay on the node that they come to.
    preserves:          whether backends see the address of the service (an annotation).
    has_source_ranges:  whether it names the clients of its balancer.
    """

    namespace: str
    name: str
    type: str
    cluster_ip: Address | None
    is_headless: bool
    ports: tuple[ServicePort, ...]
    external_ips: tuple[Address, ...] = ()
    ingress_ips: tuple[Address, ...] = ()
    cluster_ip6: Address | None = None
    has_affinity: bool = False
    is_internal_local: bool = False
    is_external_local: bool = False
    preserves: bool = False
    has_source_ranges: bool = False


def service_of(resource: Resource) -> Service:
    """Return the service that a document is of.

    Raises: E_INVALIDARG, naming the first wrong member.
    """
    spec = resource.members.members("spec")
    return Service(
        namespace=resource.namespace or DEFAULT_NAMESPACE,
        name=resource.name,
        type=spec.one_of("type", _TYPES, "ClusterIP"),
        cluster_ip=next(iter(of_ipv4(_cluster_ips(spec))), None),
        cluster_ip6=next(iter(of_ipv6(_cluster_ips(spec))), None),
        is_headless=spec.text("clusterIP") in {_NONE, ""} and not spec.texts("clusterIPs"),
        ports=tuple(_ports(spec)),
        external_ips=tuple(_addresses(spec, "externalIPs")),
        ingress_ips=tuple(_ingress(resource.members.members("status"))),
        has_affinity=spec.one_of("sessionAffinity", _AFFINITIES, _NONE) != _NONE,
        is_internal_local=_is_local(spec, "internalTrafficPolicy"),
        is_external_local=_is_local(spec, "externalTrafficPolicy"),
        preserves=annotations_of(resource).get(_PRESERVE) == "true",
        has_source_ranges="loadBalancerSourceRanges" in spec,
    )


def of_family(service: Service, version: int) -> Service | None:
    """Return what the proxier of a family sees of a service, None if it has no cluster IP there."""
    own = service.cluster_ip if version == 4 else service.cluster_ip6  # noqa: PLR2004
    if own is None:
        return None
    return replace(
        service,
        cluster_ip=own,
        external_ips=tuple(known for known in service.external_ips if known.version == version),
        ingress_ips=tuple(known for known in service.ingress_ips if known.version == version),
    )


def reason_to_leave(service: Service, *, takes_ipv6: bool) -> str:
    """Return why no load balancer is made of a service, "" if some are.

    takes_ipv6: whether a host does.
    """
    if service.type == "ExternalName":
        return "ExternalName: it is a name in DNS, and has no address"
    if service.is_headless:
        return "it is headless: its clients know the addresses of its pods"
    if service.cluster_ip is None and not (takes_ipv6 and service.cluster_ip6):
        return "it has no cluster IP that is IPv4" + (
            "" if takes_ipv6 else ", and no host has IPv6"
        )
    if not service.ports:
        return "it has no ports"
    return ""


def _is_local(spec: Members, name: str) -> bool:
    return spec.one_of(name, _POLICIES, "Cluster") == "Local"


def _ports(spec: Members) -> Iterator[ServicePort]:
    for port in spec.list_of("ports"):
        if "port" not in port:
            raise port.wrong("port", "is missing; write the port of the service")
        target = port.port_or_name("targetPort")
        yield ServicePort(
            port.text("name"),
            port.one_of("protocol", PROTOCOLS, "TCP"),
            port.port("port"),
            (target or port.port("port")) if isinstance(target, int) else 0,
            port.port("nodePort"),
        )


def _cluster_ips(spec: Members) -> Iterator[Address]:
    of_all = [(text, f"{spec.path('clusterIPs')}[{n}]")
              for n, text in enumerate(spec.texts("clusterIPs"))]  # fmt: skip
    for text, at in [(spec.text("clusterIP"), spec.path("clusterIP")), *of_all]:
        if text not in {_NONE, ""}:
            yield address(text, at)


def _addresses(spec: Members, name: str) -> Iterator[Address]:
    for number, text in enumerate(spec.texts(name)):
        yield address(text, f"{spec.path(name)}[{number}]")


def _ingress(status: Members) -> Iterator[Address]:
    """Yield the addresses of the balancer outside that nodes take packets for."""
    for item in status.members("loadBalancer").list_of("ingress"):
        text = item.text("ip")
        known = address(text, item.path("ip")) if text else None
        if known is not None and item.one_of("ipMode", _MODES, "VIP") == "VIP":
            yield known
