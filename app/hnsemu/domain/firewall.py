"""Windows Firewall rules that HNS adds: DNS of NAT networks, published ports, Host ACLs.

Source: dataplane.md section 7.5 ([O] DNS rules; [D] HNS opens the port it forwards; [M] its name)
and section 5.1 ([D] ACLs with RuleType Host stand in the firewall of the container's compartment).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from hnsemu.domain.dataplane import PlumbedEndpoint, PlumbedNetwork
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import Network
from hnsemu.domain.packet import Direction
from hnsemu.domain.policies.acl import Tuple5
from hnsemu.domain.policies.portmapping import TCP
from hnsemu.domain.wfp import host_acls
from hnsemu.domain.winnat import NatRule

_DNS = 53
_ICS = {Mode.ICS, Mode.CONSTRAINED_ICS}


@dataclass(frozen=True, slots=True)
class FirewallRule:
    """A rule: inbound and ALLOW, unless it comes from an ACL.

    interface: alias it is bound to, "" for any. Ports and addresses of an ACL are its own texts,
    "" for any. priority: of an ACL, lower first. compartment: where it holds, 1 is the host's.
    place: what tells it from all other rules of the host, for a list to go on behind it.
    """

    display_name: str
    protocol: str
    local_port: int
    interface: str
    owner_id: str
    direction: str = "Inbound"
    action: str = "Allow"
    match: Tuple5 = Tuple5()
    priority: int = 0
    compartment: int = 1
    place: str = ""


def network_rules(networks: Iterable[Network]) -> Iterator[FirewallRule]:
    """Yield the rules that these networks have put on the host."""
    return (rule for network in networks for rule in _dns_rules(network))


def port_rules(mappings: Iterable[NatRule], before: Mapping[str, int]) -> list[FirewallRule]:
    """Return the rules of ports that WinNAT publishes.

    before: how many ports an endpoint published before these, by its id; rules are numbered.
    """
    found: list[FirewallRule] = []
    numbers = dict(before)
    for mapping in mappings:
        number = numbers.get(mapping.endpoint_id, 0)
        numbers[mapping.endpoint_id] = number + 1
        protocol = "TCP" if mapping.mapping.protocol == TCP else "UDP"
        found.append(
            FirewallRule(
                display_name=f"HNS Container Networking - {protocol}-In - "
                f"{mapping.endpoint_id.upper()} - {number}",
                protocol=protocol,
                local_port=mapping.mapping.internal_port,
                interface="",
                owner_id=mapping.endpoint_id,
                place=f"port-{mapping.mapping_id}",
            )
        )
    return found


def compartment_rules(
    network: PlumbedNetwork, endpoints: Iterable[PlumbedEndpoint]
) -> Iterator[FirewallRule]:
    """Yield the rules that Host ACLs become in the compartments of attached endpoints.

    Those of one endpoint come in the order in which they are tried; their names are ours.
    """
    for endpoint in endpoints:
        port = endpoint.endpoint.port
        if not endpoint.endpoint.is_attached or port is None:
            continue
        numbers = count()
        for direction in Direction:
            for acl in host_acls(endpoint, network, direction):
                name = acl.policy.id or f"{acl.policy.type} {acl.policy.position}"
                yield FirewallRule(
                    display_name=f"HNS ACL - {name} - {endpoint.id.upper()}",
                    protocol=acl.match.protocols or "Any",
                    local_port=0,
                    interface="",
                    owner_id=endpoint.id,
                    direction="Inbound" if direction is Direction.IN else "Outbound",
                    action="Block" if acl.action == "Block" else "Allow",
                    match=acl.match,
                    priority=acl.priority,
                    compartment=port.compartment,
                    place=f"acl-{endpoint.id}-{next(numbers)}",
                )


def _dns_rules(network: Network) -> list[FirewallRule]:
    if network.nat is None:
        return []
    alias = f"vEthernet ({network.name})"
    suffix = f"{network.id.upper()} - 0"
    found = [
        FirewallRule(
            f"HNS Container Networking - DNS (UDP-In) - {suffix}",
            "UDP",
            _DNS,
            alias,
            network.id,
            place=f"network-{network.id}-0",
        )
    ]
    if network.mode in _ICS:
        found.append(
            FirewallRule(
                f"HNS Container Networking - ICS DNS (TCP-In) - {suffix}",
                "TCP",
                _DNS,
                alias,
                network.id,
                place=f"network-{network.id}-1",
            )
        )
    return found
