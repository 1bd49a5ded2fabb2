"""EndpointSlices: which addresses stand behind a service, and on which nodes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hnsemu.dumps.kubernetes.members import Address, Members, address
from hnsemu.dumps.kubernetes.pods import DEFAULT_NAMESPACE, PROTOCOLS
from hnsemu.dumps.kubernetes.reading import Resource, labels_of

_SERVICE = "kubernetes.io/service-name"
_VERSIONS = {"IPv4": 4, "IPv6": 6, "FQDN": 0}


@dataclass(frozen=True, slots=True)
class Backend:
    """An address behind a service. node: "" if it does not say."""

    address: Address
    node: str
    is_ready: bool
    is_serving: bool


@dataclass(frozen=True, slots=True)
class SlicePort:
    """A port of the backends. number: 0 for every port."""

    name: str
    protocol: str
    number: int


@dataclass(frozen=True, slots=True)
class Slice:
    """An EndpointSlice.

    service: the name of its service in the same namespace, "" for none.
    version: of IP; 0 for names.
    """

    namespace: str
    name: str
    service: str
    version: int
    ports: tuple[SlicePort, ...]
    backends: tuple[Backend, ...]


def slice_of(resource: Resource) -> Slice:
    """Return the EndpointSlice that a document is of.

    Raises: E_INVALIDARG, naming the first wrong member.
    """
    members = resource.members
    version = _VERSIONS[members.one_of("addressType", tuple(_VERSIONS), "IPv4")]
    return Slice(
        namespace=resource.namespace or DEFAULT_NAMESPACE,
        name=resource.name,
        service=labels_of(resource).get(_SERVICE, ""),
        version=version,
        ports=tuple(_ports(members)),
        backends=tuple(_backends(members, version)) if version else (),
    )


def backends_of(slices: Sequence[Slice], name: str, protocol: str) -> Iterator[tuple[Backend, int]]:
    """Yield each backend of a service's port once, with the number of the port there."""
    known = set()
    for one in slices:
        for port in one.ports:
            if (port.name, port.protocol) == (name, protocol):
                for backend in one.backends:
                    if backend.address not in known:
                        known.add(backend.address)
                        yield backend, port.number


def _ports(members: Members) -> Iterator[SlicePort]:
    for port in members.list_of("ports"):
        protocol = port.one_of("protocol", PROTOCOLS, "TCP")
        yield SlicePort(port.text("name"), protocol, port.port("port"))


def _backends(members: Members, version: int) -> Iterator[Backend]:
    """Yield the first address of each endpoint, as kube-proxy takes it."""
    for endpoint in members.list_of("endpoints"):
        conditions = endpoint.members("conditions")
        is_ready = conditions.flag("ready", otherwise=True)
        texts = endpoint.texts("addresses")
        if not texts:
            raise endpoint.wrong("addresses", "is empty; an endpoint has an address")
        known = address(texts[0], f"{endpoint.path('addresses')}[0]")
        if known.version != version:
            what = f"{texts[0]} is no IPv{version} address, as addressType says"
            raise endpoint.wrong("addresses[0]", what)
        yield Backend(
            known,
            endpoint.text("nodeName"),
            is_ready,
            is_serving=conditions.flag("serving", otherwise=is_ready),
        )
