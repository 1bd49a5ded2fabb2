"""What policies of endpoints need to know of their host, gathered in one go."""

from collections.abc import Sequence

from hnsemu.domain.endpoint_policies import PolicyFacts, PolicyNeeds
from hnsemu.domain.host_ports import HostPorts, PortKey, ReservedPorts, port_key
from hnsemu.domain.network_types import Mode, network_type
from hnsemu.domain.policies.portmapping import PortMapping
from hnsemu.domain.portreservations import IP_PROTOCOLS
from hnsemu.domain.vfp.nat import BLOCKS
from hnsemu.storage import endpoints, nat_rules, policies, portreservations
from hnsemu.storage.transaction import Transaction


def gather(
    tx: Transaction, needs: PolicyNeeds, mode: Mode, network_key: int, *, remote: bool
) -> PolicyFacts:
    """Return what an endpoint of this network needs to know."""
    wants_block = needs.nat_block and not remote and network_type(mode).vfp
    return PolicyFacts(
        policies.of(tx, "network", network_key) if needs.ip_sets else (),
        _host_ports(tx, needs.mappings) if needs.mappings else HostPorts(),
        endpoints.free_nat_block(tx, BLOCKS) if wants_block else None,
    )


def _host_ports(tx: Transaction, mappings: Sequence[PortMapping]) -> HostPorts:
    """Return who has the ports that are named, and which of those that HNS chooses from are gone.

    Protocols that have no ports are left out: checking the policies refuses them.
    """
    holders: dict[PortKey, str] = {}
    reserved: list[ReservedPorts] = []
    chosen = {
        mapping.protocol
        for mapping in mappings
        if not mapping.external_port and mapping.protocol in IP_PROTOCOLS
    }
    for protocol in sorted(chosen):
        holders.update(dict.fromkeys(nat_rules.chosen_ports(tx, protocol), ""))
    if chosen:
        reserved = portreservations.reserved(tx, tx.now)
    for mapping in mappings:
        bit = IP_PROTOCOLS.get(mapping.protocol)
        if mapping.external_port and bit is not None:
            port = mapping.external_port
            holder = nat_rules.holder(tx, mapping)
            if holder is not None:
                holders[port_key(mapping)] = holder
            reserver = portreservations.reserver(tx, tx.now, bit, port)
            if reserver is not None:
                reserved.append(ReservedPorts(reserver, bit, port, port))
    return HostPorts(holders, reserved)
