"""VFP as vfpctrl shows it: every port of the host with its layers, groups and rules."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain, count, dropwhile, islice

from hnsemu.domain.dataplane import PlumbedNetwork
from hnsemu.domain.guid import is_guid
from hnsemu.domain.network_types import Mode
from hnsemu.domain.switch_ports import external_ports
from hnsemu.domain.vfp.building import resolve_rules
from hnsemu.domain.vfp.container_port import container_port
from hnsemu.domain.vfp.counters import RuleCounter, RuleKey
from hnsemu.domain.vfp.dr_port import dr_port, external_port
from hnsemu.domain.vfp.host_port import host_port
from hnsemu.domain.vfp.model import PortKind, VfpPort
from hnsemu.domain.vfp.text.tuples import TupleQuery
from hnsemu.domain.vfp.text.tuples import process_tuple as print_tuple
from hnsemu.errors import HnsError, Hr
from hnsemu.services.dataplane.fabric import StoredFabric, StoredHost
from hnsemu.storage import counters, switch_ports
from hnsemu.storage.transaction import Transaction, reads

Counters = Mapping[RuleKey, RuleCounter]
_NamedPort = tuple[str, Callable[[], VfpPort]]


@reads
def show_vfp_ports(tx: Transaction, limit: int | None = None, after: str = "") -> list[VfpPort]:
    """Return the ports of the host's virtual switches, without their layers; the host's first.

    limit: at most so many; no more are read. after: Port name (GUID) of the port before the first.
    Raises: HCN_E_PORT_NOT_FOUND when no port is called `after`.
    """
    host = StoredFabric(tx).host(tx.host.name)
    ports = _ports_behind(tx, host, after, limit) if after else _ports(host, limit)
    return [replace(port(), layers=()) for _, port in islice(ports, limit)]


@reads
def show_vfp_port(tx: Transaction, named: str) -> tuple[VfpPort, Counters]:
    """Return one port with the counters of its rules.

    named: Port name (GUID), Port Friendly name, or id of the endpoint, in any case.
    Raises: HCN_E_PORT_NOT_FOUND.
    """
    port = vfp_port(StoredFabric(tx).host(tx.host.name), named)
    return resolve_rules(port), counters.of_port(tx, port.id)


@reads
def process_tuple(tx: Transaction, named: str, query: TupleQuery) -> str:
    """Return what one port would do with a packet, as text.

    Raises: HCN_E_PORT_NOT_FOUND.
    """
    return print_tuple(vfp_port(StoredFabric(tx).host(tx.host.name), named), query)


def vfp_port(host: StoredHost, named: str) -> VfpPort:
    """Return the port with that name.

    Raises: HCN_E_PORT_NOT_FOUND.
    """
    wanted = named.strip().strip("{}").lower()
    endpoint = host.endpoint(wanted)
    if endpoint is None and is_guid(wanted):
        endpoint = host.endpoint_with_port(wanted)
    if endpoint is None:
        for make in _own_ports(host):
            port = make()
            if wanted in {port.id.lower(), port.friendly_name.lower()}:
                return port
        endpoint = host.endpoint_with_port_named(wanted)
    if endpoint is None or endpoint.endpoint.port is None:
        raise _unknown(named)
    network = host.network(endpoint.endpoint.network_id)
    return container_port(host, network, endpoint, endpoint.endpoint.port.vms_port_id)


def host_vfp_port(host: StoredHost, switch_id: str) -> VfpPort | None:
    """Return the port of the host on a switch, None where the host has none."""
    made = (port() for _, port in _switch_ports(host))
    return next(
        (port for port in made if port.kind is PortKind.HOST and port.switch_id == switch_id), None
    )


def _unknown(named: str) -> HnsError:
    return HnsError(
        Hr.HCN_E_PORT_NOT_FOUND,
        f"no switch port is called {named!r}; GET /host/vfp/ports lists names and friendly names",
    )


def _ports_behind(
    tx: Transaction, host: StoredHost, after: str, size: int | None
) -> Iterator[_NamedPort]:
    """Return the ports behind the one called `after`; those before it are not read.

    Raises: HCN_E_PORT_NOT_FOUND.
    """
    of_endpoint = switch_ports.endpoint_of(tx, after)
    if of_endpoint is not None:
        return _network_ports(host, of_endpoint.network_id, of_endpoint.key, size=size)
    for network in host.networks:
        if after in (name for name, _ in _own_port(host, network)):
            return islice(_network_ports(host, network.id, size=size), 1, None)
    of_switches = list(_switch_ports(host))
    place = next((n for n, (name, _) in enumerate(of_switches, 1) if name == after), None)
    if place is None:
        raise _unknown(after)
    return chain(of_switches[place:], _network_ports(host, size=size))


def _ports(host: StoredHost, size: int | None = None) -> Iterator[_NamedPort]:
    """Yield the id of every port and what compiles it; the switch's own come first.

    size: how many endpoints are read at once, None for all of a network.
    """
    yield from _switch_ports(host)
    yield from _network_ports(host, size=size)


def _network_ports(
    host: StoredHost, first: str = "", key: int = 0, *, size: int | None
) -> Iterator[_NamedPort]:
    """Yield the ports of networks: its own, then those of its endpoints.

    first, key: the network and the endpoint there to begin behind, "" and 0 for all.
    """
    for network in dropwhile(lambda network: first not in {"", network.id}, host.networks):
        behind = key if network.id == first else 0
        if not behind:
            yield from _own_port(host, network)
        for endpoint in host.endpoints_behind(network.id, behind, size):
            plug = endpoint.endpoint.port
            if plug is not None:
                number = plug.vms_port_id
                yield plug.port_id, partial(container_port, host, network, endpoint, number)


def _own_ports(host: StoredHost) -> Iterator[Callable[[], VfpPort]]:
    """Yield what compiles each port that no endpoint has: those of switches, and of networks."""
    for _, make in _switch_ports(host):
        yield make
    for network in host.networks:
        for _, make in _own_port(host, network):
            yield make


def _own_port(host: StoredHost, network: PlumbedNetwork) -> Iterator[_NamedPort]:
    """Yield the port of an overlay network itself, the distributed router's."""
    own = network.network.rdid_port
    if network.network.mode is Mode.OVERLAY and own is not None:
        yield own.port_id, partial(dr_port, host, network, own.vms_port_id)


def _switch_ports(host: StoredHost) -> Iterator[_NamedPort]:
    """Yield the ports of the switches themselves; they have small numbers."""
    numbers = count(1)
    networks = [network.network for network in host.networks]
    for switch in host.switches:
        for port in external_ports(switch, host.adapters, networks):
            number = next(numbers)
            if port.kind == "HostVnic":
                yield port.port_id, partial(host_port, host, port, switch, number)
            else:
                yield port.port_id, partial(external_port, port, switch, number)
