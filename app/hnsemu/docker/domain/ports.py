"""Ports that containers expose and publish: what is asked for, what becomes of it, how it is shown.

Source: docker.md sections 4 and 5 [C], recorded of dockerd 28.5.2 [O].
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from hnsemu.docker.errors import BAD_REQUEST, FAILED, DockerError

_MAX_PORT = 65535
_MANY = 512
_PROTOCOLS = {"tcp", "udp", "sctp"}
_NUMBER = re.compile(r"\d{1,5}")

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
    """Return the port that a key of ExposedPorts or PortBindings names.

    Raises: DockerError 400.
    """
    number, _, protocol = text.partition("/")
    found = _number(number)
    protocol = (protocol or "tcp").lower()
    if found is None or protocol not in _PROTOCOLS:
        raise DockerError(BAD_REQUEST, f'invalid port specification: "{text if found else number}"')
    return Port(found, protocol)


def check_exposed(exposed: Iterable[str]) -> None:
    """Refuse to expose what is no port, or no range of ports such as 80-82/tcp.

    Raises: DockerError 400.
    """
    for text in exposed:
        _check_exposed_port(text)


def check_bindings(bindings: Mapping[str, Sequence[Mapping[str, str]] | None]) -> None:
    """Refuse bindings that are no ports; whether they can be published shows at the start.

    Raises: DockerError 400.
    """
    for key, targets in bindings.items():
        read_port(key)
        for target in targets or ():
            read_host_ports(target["HostPort"])


def read_host_ports(text: str) -> range:
    """Return the host ports to choose from: one, a range such as 8000-8010, or none for any.

    Raises: DockerError 400.
    """
    if not text:
        return range(0)
    first, _, last = text.partition("-")
    low = _number(first, least=0)
    high = _number(last, least=0) if last else low
    if low is None or high is None or high < low:
        raise DockerError(BAD_REQUEST, f'invalid port specification: "{text}"')
    return range(low, high + 1) if low else range(0)


def bindings_of(
    exposed: Iterable[str],
    bindings: Mapping[str, Sequence[Mapping[str, str]] | None],
    *,
    all_exposed: bool,
) -> list[Binding]:
    """Return what is to be published, in the order in which dockerd tells HNS.

    A binding whose key is none of `exposed` is ignored, as before version 29; the bindings of one
    port come last first. A range that is exposed is the port 0, which HNS refuses to publish.
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
        candidates = binding.host_ports or unnamed[binding.port.protocol]
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
    """Return an exposed port; a range such as 80-82/tcp is the port 0, as dockerd has it.

    Clients expand the ranges of --expose and -p themselves. Source: measured with dockerd 28.5.2
    [O], daemon/network.go, where Int() of a range is 0 [C].
    """
    numbers, _, protocol = key.partition("/")
    number = 0 if "-" in numbers else int(numbers)
    return Port(number, (protocol or "tcp").lower())


def _check_exposed_port(text: str) -> None:
    """Refuse a key of ExposedPorts that is neither a port nor a range.

    Raises: DockerError 400.
    """
    numbers, _, protocol = text.partition("/")
    first, _, last = numbers.partition("-")
    for number in (first, last) if last else (first,):
        read_port(f"{number}/{protocol or 'tcp'}")


def _host_port(
    binding: Binding, driver: str, candidates: Iterable[int], held: Collection[tuple[str, int]]
) -> int:
    """Return the host port to ask for, 0 where HNS chooses.

    candidates: where Docker looks, if it allocates the ports itself.
    """
    protocol = binding.port.protocol
    if driver in ALLOCATED_BY_DOCKER:
        host_port = _allocate(binding, candidates, held)
    elif len(binding.host_ports) > 1:
        raise _refused("Windows does not support more than one host port in NAT settings")
    else:
        host_port = binding.host_ports[0] if binding.host_ports else 0
    if _is_one_address(binding.address):
        raise _refused("Windows does not support host IP addresses in NAT settings")
    if protocol not in {"tcp", "udp"}:
        raise _refused(f"invalid protocol {protocol}")
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
    for number in candidates:
        if (binding.port.protocol, number) not in held:
            return number
    if len(binding.host_ports) == 1:
        address = binding.address or "0.0.0.0"  # noqa: S104 (what Docker says)
        number = binding.host_ports[0]
        raise _refused(f"Bind for {address}:{number} failed: port is already allocated")
    raise _refused("all ports are allocated")


def _number(text: str, least: int = 1) -> int | None:
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= _MAX_PORT:
        return None
    return int(text)


def _refused(text: str) -> DockerError:
    return DockerError(FAILED, text)
