"""VFP as vfpctrl shows it: every port of the host with its layers, groups and rules."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import count, dropwhile, islice

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


@reads
def show_vfp_ports(tx: Transaction, limit: int | None = None, after: str = "") -> list[VfpPort]:
    """Return the ports of the host's virtual switches, without their layers; the host's first.

    limit: at most so many; no more are read. after: Port name (GUID) of the port before the first.
    Raises: HCN_E_PORT_NOT_FOUND when no port is called `after`.
    """
    host = StoredFabric(tx).host(tx.host.name)
    of_endpoint = switch_ports.endpoint_of(tx, after) if after else None
    if of_endpoint is not None:
        ports = _network_ports(host, *of_endpoint, size=limit)
    else:
        ports = _ports(host, limit)
        if after and after not in (name for name, _ in ports):
            raise _unknown(after)
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
    if endpoint is not None and not endpoint.is_remote:
        network = host.network(endpoint.endpoint.network_id)
        key = endpoint.endpoint.port.vms_port_id if endpoint.endpoint.port else 0
        return container_port(host, network, endpoint, key)
    for _, make in _ports(host):
        port = make()
        if wanted in {port.id.lower(), port.friendly_name.lower()}:
            return port
    raise _unknown(named)


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


def _ports(
    host: StoredHost, size: int | None = None
) -> Iterator[tuple[str, Callable[[], VfpPort]]]:
    """Yield the id of every port and what compiles it; the switch's own come first.

    size: how many endpoints are read at once, None for all of a network.
    """
    yield from _switch_ports(host)
    yield from _network_ports(host, size=size)


def _network_ports(
    host: StoredHost, first: str = "", key: int = 0, *, size: int | None
) -> Iterator[tuple[str, Callable[[], VfpPort]]]:
    """Yield the ports of networks: its own, then those of its endpoints.

    first, key: the network and the endpoint there to begin behind, "" and 0 for all.
    """
    for network in dropwhile(lambda network: first not in {"", network.id}, host.networks):
        own = network.network.rdid_port
        behind = key if network.id == first else 0
        if network.network.mode is Mode.OVERLAY and own is not None and not behind:
            yield own.port_id, partial(dr_port, host, network, own.vms_port_id)
        for endpoint in host.endpoints_behind(network.id, behind, size):
            plug = endpoint.endpoint.port
            if plug is not None:
                number = plug.vms_port_id
                yield plug.port_id, partial(container_port, host, network, endpoint, number)


def _switch_ports(host: StoredHost) -> Iterator[tuple[str, Callable[[], VfpPort]]]:
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
