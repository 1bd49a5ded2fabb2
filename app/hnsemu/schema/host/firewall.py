"""GET /host/firewall: Get-NetFirewallRule joined with its port, address and interface filters."""

from pydantic import Field

from hnsemu.domain.firewall import FirewallRule
from hnsemu.schema.host.view import View


class NetFirewallRule(View):
    """A rule that HNS created. Source: dataplane.md sections 5.1 and 7.5."""

    display_name: str = Field(
        examples=[
            "HNS Container Networking - DNS (UDP-In) - 5E9C6DB3-3F5B-4B8A-9F1C-0A2D6F1E7B11 - 0"
        ]
    )
    display_group: str
    enabled: bool
    profile: str = Field(examples=["Any"])
    direction: str = Field(examples=["Inbound"])
    action: str = Field(examples=["Allow"])
    protocol: str = Field(examples=["UDP"])
    local_port: str = Field(
        examples=["53"], description="Any, a number, or the list that was sent."
    )
    local_address: str = Field(examples=["Any"])
    remote_port: str = Field(examples=["Any"])
    remote_address: str = Field(examples=["Any"])
    interface_alias: str = Field(examples=["vEthernet (nat)"])
    compartment_id: int = Field(
        description="Compartment in which it applies; 1 is that of the host."
    )
    priority: int = Field(description="Priority of an ACL, the lowest first; 0 for other rules.")
    owner: str = Field(description="GUID of the network or endpoint that needs it.")


def net_firewall_rule(rule: FirewallRule) -> NetFirewallRule:
    """Return the view of a rule."""
    return NetFirewallRule(
        display_name=rule.display_name,
        display_group="",
        enabled=True,
        profile="Any",
        direction=rule.direction,
        action=rule.action,
        protocol=rule.protocol,
        local_port=str(rule.local_port) if rule.local_port else rule.match.local_ports or "Any",
        local_address=rule.match.local_addresses or "Any",
        remote_port=rule.match.remote_ports or "Any",
        remote_address=rule.match.remote_addresses or "Any",
        interface_alias=rule.interface or "Any",
        compartment_id=rule.compartment,
        priority=rule.priority,
        owner=rule.owner_id,
    )
