"""What policies of endpoints need to know of their host, gathered in one go."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from hnsemu.domain.endpoint_policies import PolicyFacts, PolicyNeeds
from hnsemu.domain.host_ports import HostPorts, PortKey, ReservedPorts, port_key
from hnsemu.domain.nat_blocks import BLOCKS
from hnsemu.domain.network_types import Mode, network_type
from hnsemu.domain.policies.portmapping import PortMapping
from hnsemu.domain.portreservations import IP_PROTOCOLS
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
    """Return who has the ports that are named or that HNS chooses from.

    Protocols that have no ports are left out: checking the policies refuses them.
    """
    holders = _Holders(tx, {mapping.protocol for mapping in mappings if not mapping.external_port})
    reserved = portreservations.reserved(tx, tx.now) if holders.chosen else []
    for mapping in mappings:
        bit = IP_PROTOCOLS.get(mapping.protocol)
        if mapping.external_port and bit is not None:
            holders.look_up(port_key(mapping))
            reserver = portreservations.reserver(tx, tx.now, bit, mapping.external_port)
            if reserver is not None:
                port = mapping.external_port
                reserved.append(ReservedPorts(reserver, bit, port, port))
    return HostPorts(holders, reserved)


class _Holders(Mapping[PortKey, str]):
    """Who has published a port; of those that HNS chooses from, each is looked up when drawn.

    A host may have published thousands of them, and a draw meets one or two.
    """

    def __init__(self, tx: Transaction, protocols: Collection[int]) -> None:
        """Look at the ports of the transaction's host. protocols: those that HNS chooses for."""
        self._tx = tx
        self._known: dict[PortKey, str | None] = {}
        self.chosen = sorted(IP_PROTOCOLS.keys() & protocols)

    def look_up(self, key: PortKey) -> str | None:
        """Return the endpoint that has published this; it is read once."""
        if key not in self._known:
            self._known[key] = nat_rules.holder(self._tx, key)
        return self._known[key]

    def __getitem__(self, key: PortKey) -> str:
        holder = self.look_up(key)
        if holder is None:
            raise KeyError(key)
        return holder

    def __iter__(self) -> Iterator[PortKey]:
        for protocol in self.chosen:
            yield from nat_rules.chosen_ports(self._tx, protocol)

    def __len__(self) -> int:
        return sum(1 for _ in self)
