"""Windows Firewall rules that HNS makes: DNS for NAT and ICS networks, one per published port.

Source: dataplane.md section 7.5 ([O] DNS rules; [D] HNS opens the port it forwards; [M] its name).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.network_types import Mode
from app.domain.networks import Network
from app.domain.policies.portmapping import TCP
from app.domain.winnat import NatRule

_DNS = 53
_ICS = {Mode.ICS, Mode.CONSTRAINED_ICS}


@dataclass(frozen=True, slots=True)
class FirewallRule:
    """An inbound ALLOW rule. interface: alias it is bound to, "" for any."""

    display_name: str
    protocol: str
    local_port: int
    interface: str
    owner_id: str


def rules(networks: Iterable[Network], mappings: Iterable[NatRule]) -> tuple[FirewallRule, ...]:
    """Return the rules that these networks and published ports have put on the host."""
    made = [rule for network in networks for rule in _dns_rules(network)]
    numbers: dict[str, int] = {}
    for mapping in mappings:
        if mapping.engine != "WinNAT":
            continue
        number = numbers.get(mapping.endpoint_id, 0)
        numbers[mapping.endpoint_id] = number + 1
        protocol = "TCP" if mapping.mapping.protocol == TCP else "UDP"
        made.append(
            FirewallRule(
                display_name=f"HNS Container Networking - {protocol}-In - "
                f"{mapping.endpoint_id.upper()} - {number}",
                protocol=protocol,
                local_port=mapping.mapping.internal_port,
                interface="",
                owner_id=mapping.endpoint_id,
            )
        )
    return tuple(made)


def _dns_rules(network: Network) -> list[FirewallRule]:
    if network.nat is None:
        return []
    alias = f"vEthernet ({network.name})"
    named = f"{network.id.upper()} - 0"
    made = [
        FirewallRule(
            f"HNS Container Networking - DNS (UDP-In) - {named}", "UDP", _DNS, alias, network.id
        )
    ]
    if network.mode in _ICS:
        made.append(
            FirewallRule(
                f"HNS Container Networking - ICS DNS (TCP-In) - {named}",
                "TCP",
                _DNS,
                alias,
                network.id,
            )
        )
    return made
