"""Ports that containers expose and publish: what is asked for, what becomes of it, how it is shown.

Source: docker.md sections 4 and 5 [C], recorded of dockerd 28.5.2 [O]; how texts are read:
go-connections v0.5.0 nat/nat.go and nat/parse.go, with which moby v28.5.2 is built [C].
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from hnsemu.docker.domain.ipam import quoted
from hnsemu.docker.domain.strconv import parse_uint
from hnsemu.docker.errors import BAD_REQUEST, FAILED, DockerError
from hnsemu.domain.digits import number_in

_BITS = 16
_MAX_PORT = 65535
_MANY = 512
_PROTOCOLS = {"tcp", "udp", "sctp"}
_PROTOCOLS_KNOWN = {*_PROTOCOLS, "icmp"}
_UNKNOWN = "0"

DOCKERS_OWN = range(60000, 65001)
"""Where Docker looks for a host port that nobody named, where it allocates the ports itself."""

ALLOCATED_BY_DOCKER = frozenset({"l2bridge", "l2tunnel", "overlay"})
"""Drivers whose host ports Docker chooses and holds; for the others HNS does."""


@dataclass(frozen=True, slots=True)
class Port:
    """A port of a container, such as 80/tcp."""

    number: int
    protocol: str

    def __str__(self) -> str:
        """Return the port as Docker writes it."""
        return f"{self.number}/{self.protocol}"


@dataclass(frozen=True, slots=True)
class Binding:
    """A port to publish. address: "" for all. host_ports: those to choose from, empty for any."""

    port: Port
    address: str
    host_ports: range


@dataclass(frozen=True, slots=True)
class Published:
    """A port that is published on the host."""

    port: Port
    host_port: int


def read_port(text: str) -> Port:
    """Return the port that a label of an image names.

    Raises: DockerError 400.
    """
    protocol, number = split(text)
    protocol = protocol.lower()
    found = number_in(number, _MAX_PORT)
    if not found or protocol not in _PROTOCOLS:
        raise _malformed(text if found else number)
    return Port(found, protocol)


def check_bindings(bindings: Mapping[str, Sequence[Mapping[str, str]] | None]) -> None:
    """Refuse bindings that are no ports; whether they can be published shows at the start.

    What is exposed is not looked at. Source: moby daemon/container.go, validatePortBindings [C].
    Raises: DockerError 400.
    """
    for key, targets in bindings.items():
        _, number = split(key)
        if number and number_in(number, _MAX_PORT) is None:
            raise _malformed(number)
        for target in targets or ():
            read_host_ports(target["HostPort"])


def read_host_ports(text: str) -> range:
    """Return the host ports to choose from: one, a range such as 8000-8010, or none for any.

    A protocol is ignored, and so is what follows a range, as in 8000-8010-9000.
    Raises: DockerError 400.
    """
    _, numbers = split(text)
    try:
        found = read_range(numbers) if numbers else range(1)
    except ValueError as error:
        raise _malformed(text) from error
    return found if found[-1] else range(0)


def read_range(text: str) -> range:
    """Return one port, or several, such as 8000-8010; what follows a range is ignored.

    Raises: ValueError in Go's words.
    """
    first, dash, rest = text.partition("-")
    low = parse_uint(first, _BITS)
    high = parse_uint(rest.partition("-")[0], _BITS) if dash else low
    if high < low:
        raise ValueError(f"invalid range specified for port: {text}")
    return range(low, high + 1)


def bindings_of(
    exposed: Iterable[str],
    bindings: Mapping[str, Sequence[Mapping[str, str]] | None],
    *,
    all_exposed: bool,
) -> list[Binding]:
    """Return what is to be published, in the order in which dockerd tells HNS.

    A binding whose key is none of `exposed` is ignored, as before version 29; the bindings of one
    port come last first.
    """
    wanted = []
    ports = [(_exposed_port(key), bindings.get(key) or []) for key in exposed]
    for port, targets in sorted(ports, key=lambda entry: (entry[0].protocol, entry[0].number)):
        if not targets and all_exposed:
            wanted.append(Binding(port, "", range(0)))
        wanted += [
            Binding(port, target["HostIp"], read_host_ports(target["HostPort"]))
            for target in reversed(targets)
        ]
    return wanted


def nat_policies(
    wanted: Iterable[Binding], driver: str, taken: Collection[tuple[str, int]]
) -> list[dict[str, object]]:
    """Return the NAT policies of an endpoint.

    taken: protocols and host ports that Docker holds already, on networks whose ports it allocates.
    Raises: DockerError 500 in Docker's words, to follow the name of the endpoint.
    """
    held = set(taken)
    unnamed = {protocol: iter(DOCKERS_OWN) for protocol in _PROTOCOLS}
    policies = []
    for binding in wanted:
        candidates = binding.host_ports or unnamed.get(binding.port.protocol, iter(()))
        host_port = _host_port(binding, driver, candidates, held)
        held.add((binding.port.protocol, host_port))
        policy: dict[str, object] = {
            "Type": "NAT",
            "Protocol": binding.port.protocol,
            "InternalPort": binding.port.number,
        }
        if host_port:
            policy["ExternalPort"] = host_port
        policies.append(policy | {"ExternalPortReserved": True})
    return policies


def shown(
    exposed: Iterable[str], published: Sequence[Published]
) -> dict[str, list[dict[str, str]] | None]:
    """Return NetworkSettings.Ports of a running container: null for what is only exposed."""
    ports: dict[str, list[dict[str, str]] | None] = {
        str(_exposed_port(key)): None for key in exposed
    }
    for entry in published:
        targets = ports.get(str(entry.port)) or []
        ports[str(entry.port)] = targets
        targets.append({"HostIp": "0.0.0.0", "HostPort": str(entry.host_port)})  # noqa: S104 (shown)
    return dict(sorted(ports.items()))


def listed(
    ports: Mapping[str, Sequence[Mapping[str, str]] | None],
) -> list[dict[str, object]]:
    """Return the ports of a container as a list of containers shows them."""
    entries: list[dict[str, object]] = []
    for port, targets in ports.items():
        number, _, protocol = port.partition("/")
        private = {"PrivatePort": int(number)}
        if targets is None:
            entries.append({**private, "Type": protocol})
        entries += [
            {
                "IP": target["HostIp"],
                **private,
                "PublicPort": int(target["HostPort"]),
                "Type": protocol,
            }
            for target in targets or ()
        ]
    return entries


def are_many(exposed: Iterable[str]) -> bool:
    """Tell whether the exposed ports are more than any container of a real client has."""
    return sum(1 for _ in exposed) > _MANY


def _exposed_port(key: str) -> Port:
    """Return an exposed port; what is no number, such as 80-82/tcp, is 0, which HNS refuses.

    Clients expand the ranges of --expose and -p themselves. Source: measured with dockerd 28.5.2
    [O], Int() of a nat.Port and ParseProtocol of libnetwork, which knows others as "0" [C].
    """
    protocol, number = split(key)
    protocol = protocol.lower()
    return Port(
        number_in(number, _MAX_PORT) or 0, protocol if protocol in _PROTOCOLS_KNOWN else _UNKNOWN
    )


def split(text: str) -> tuple[str, str]:
    """Return protocol and number of a text such as 80/tcp; neither where there is no number."""
    number, _, rest = text.partition("/")
    return (rest.partition("/")[0] or "tcp", number) if number else ("", "")


def _host_port(
    binding: Binding, driver: str, candidates: Iterable[int], held: Collection[tuple[str, int]]
) -> int:
    """Return the host port to ask for, 0 where HNS chooses.

    candidates: where Docker looks, if it allocates the ports itself.
    """
    protocol, is_own = binding.port.protocol, driver in ALLOCATED_BY_DOCKER
    if is_own:
        host_port = _allocate(binding, candidates, held)
    else:
        host_port = binding.host_ports[0] if binding.host_ports else 0
    if protocol not in {"tcp", "udp"}:
        raise _refused(f"invalid protocol {protocol}")
    if not is_own and len(binding.host_ports) > 1:
        raise _refused("Windows does not support more than one host port in NAT settings")
    if _is_one_address(binding.address):
        raise _refused("Windows does not support host IP addresses in NAT settings")
    return host_port


def _is_one_address(text: str) -> bool:
    """Tell whether a text names one address of the host; what is no address counts as all [C]."""
    try:
        return not ip_address(text).is_unspecified
    except ValueError:
        return False


def _allocate(
    binding: Binding, candidates: Iterable[int], held: Collection[tuple[str, int]]
) -> int:
    if binding.port.protocol not in _PROTOCOLS:
        raise _refused(f"invalid transport protocol: {binding.port.protocol}")
    if binding.host_ports and not binding.host_ports[0]:
        raise _refused(f"invalid port range: 0-{binding.host_ports[-1]}")
    for number in candidates:
        if (binding.port.protocol, number) not in held:
            return number
    if len(binding.host_ports) == 1:
        address = binding.address or "0.0.0.0"  # noqa: S104 (what Docker says)
        number = binding.host_ports[0]
        raise _refused(f"Bind for {address}:{number} failed: port is already allocated")
    raise _refused("all ports are allocated")


def _malformed(text: str) -> DockerError:
    return DockerError(BAD_REQUEST, f"invalid port specification: {quoted(text)}")


def _refused(text: str) -> DockerError:
    return DockerError(FAILED, text)
