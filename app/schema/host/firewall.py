"""GET /host/firewall: Get-NetFirewallRule joined with its port, address and interface filters."""

from pydantic import Field

from app.domain.firewall import FirewallRule
from app.schema.host.view import View


class NetFirewallRule(View):
    """An inbound rule that HNS made. Source: dataplane.md section 7.5."""

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
    local_port: int = Field(examples=[53])
    local_address: str = Field(examples=["Any"])
    remote_port: str = Field(examples=["Any"])
    remote_address: str = Field(examples=["Any"])
    interface_alias: str = Field(examples=["vEthernet (nat)"])
    owner: str = Field(description="Id of the network or endpoint it is there for.")


def net_firewall_rule(rule: FirewallRule) -> NetFirewallRule:
    """Return the view of a rule."""
    return NetFirewallRule(
        display_name=rule.display_name,
        display_group="",
        enabled=True,
        profile="Any",
        direction="Inbound",
        action="Allow",
        protocol=rule.protocol,
        local_port=rule.local_port,
        local_address="Any",
        remote_port="Any",
        remote_address="Any",
        interface_alias=rule.interface or "Any",
        owner=rule.owner_id,
    )
