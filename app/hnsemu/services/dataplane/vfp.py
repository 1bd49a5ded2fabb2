"""VFP as vfpctrl shows it: every port of the host with its layers, groups and rules."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hnsemu.domain.network_types import Mode
from hnsemu.domain.switch_ports import external_ports
from hnsemu.domain.vfp.building import resolve_rules
from hnsemu.domain.vfp.container_port import container_port
from hnsemu.domain.vfp.counters import RuleCounter, RuleKey
from hnsemu.domain.vfp.dr_port import dr_port, external_port
from hnsemu.domain.vfp.host_port import host_port
from hnsemu.domain.vfp.model import VfpPort
from hnsemu.domain.vfp.text.tuples import TupleQuery
from hnsemu.domain.vfp.text.tuples import process_tuple as print_tuple
from hnsemu.errors import HnsError, Hr
from hnsemu.services.dataplane.fabric import StoredFabric, StoredHost
from hnsemu.storage import counters
from hnsemu.storage.transaction import Transaction, reads

Counters = Mapping[RuleKey, RuleCounter]


@reads
def show_vfp_ports(tx: Transaction) -> list[VfpPort]:
    """Return the ports of the host's virtual switches, without their layers; the host's first."""
    ports = _ports(StoredFabric(tx).host(tx.host.name))
    return [replace(port, layers=()) for port in ports]


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
    for port in _ports(host):
        if wanted in {port.id.lower(), port.friendly_name.lower()}:
            return port
    raise HnsError(
        Hr.HCN_E_PORT_NOT_FOUND,
        f"no switch port is called {named!r}; GET /host/vfp/ports lists names and friendly names",
    )


def _ports(host: StoredHost) -> list[VfpPort]:
    """Return every port; the switch's own have small numbers."""
    found: list[VfpPort] = []
    networks = [network.network for network in host.networks]
    for switch in host.switches:
        for port in external_ports(switch, host.adapters, networks):
            number = len(found) + 1
            is_host = port.kind == "HostVnic"
            found.append(
                host_port(host, port, switch, number)
                if is_host
                else external_port(port, switch, number)
            )
    for network in host.networks:
        if network.network.mode is Mode.OVERLAY and network.network.rdid_port is not None:
            found.append(dr_port(host, network, network.network.rdid_port.vms_port_id))
        found += _endpoint_ports(host, network.id)
    return found


def _endpoint_ports(host: StoredHost, network_id: str) -> Sequence[VfpPort]:
    network = host.network(network_id)
    return [
        container_port(host, network, endpoint, endpoint.endpoint.port.vms_port_id)
        for endpoint in host.endpoints(network_id)
        if endpoint.endpoint.port is not None
    ]
