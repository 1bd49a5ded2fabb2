"""/host and below: one path per view, named after the cmdlet that shows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.declarations import QueryParameter
from hnsemu.api.deps import call
from hnsemu.api.pace import Pace
from hnsemu.api.parameters import Compartment, Page, SwitchId, limit_of
from hnsemu.api.router import Router
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.host.adapters import NetAdapter, net_adapters
from hnsemu.schema.host.compartments import NetCompartment, net_compartment
from hnsemu.schema.host.firewall import NetFirewallRule, net_firewall_rule
from hnsemu.schema.host.host import HostView, host_view
from hnsemu.schema.host.ippools import IpPool, ip_pool
from hnsemu.schema.host.nat import HostNat, host_nat
from hnsemu.schema.host.view import View
from hnsemu.schema.host.vswitches import VMSwitch, VMSwitchPort, vm_switch, vm_switch_port
from hnsemu.services import hosts
from hnsemu.services.hosts import views as host_views
from hnsemu.services.hosts.firewall import show_firewall

router = Router(prefix="/host", tags=["host"])

_Limit = Annotated[
    int | None,
    limit_of("The largest number of rows in one answer; the header Link has the next page."),
]


def _mapping_number(text: str) -> str:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):  # noqa: PLR2004 (32 bits)
        raise HnsError(Hr.E_INVALIDARG, f"after: {text!r} is no StaticMappingID; take Link's")
    return text


@dataclass(frozen=True, slots=True)
class MappingPage(Page):
    """Part of the published ports."""

    limit: _Limit = None
    after: Annotated[
        str | None,
        QueryParameter(
            name="after",
            description="StaticMappingID of the last published port on the page before.",
            schema={"type": "integer", "format": "int64", "minimum": 0},
            read=_mapping_number,
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class RulePage(Page):
    """Part of the rules of the firewall."""

    limit: _Limit = None
    after: Annotated[
        str | None,
        QueryParameter(
            name="after",
            description="The last rule on the page before, as the header Link names it.",
        ),
    ] = None


@router.operation("GET", "", gives=HostView)
async def get_host(request: Request) -> Response:
    """The host: its release, the features of the release, and the management address."""
    return _one(host_view(await call(request, hosts.get_host)))


@router.operation("GET", "/adapters", gives=NetAdapter, many=True, pace=Pace.LONG)
async def list_adapters(request: Request, compartment: Compartment) -> Response:
    """Get-NetAdapter, Get-NetIPConfiguration: physical adapters and the host's vNICs.

    In the compartment of a container: its vNICs.
    """
    return _many(net_adapters(await call(request, host_views.show_adapters, compartment)))


@router.operation("GET", "/vswitches", gives=VMSwitch, many=True, pace=Pace.LONG)
async def list_v_switches(request: Request) -> Response:
    """Get-VMSwitch, Get-VMSwitchExtension."""
    views = await call(request, host_views.show_switches)
    return _many(
        vm_switch(view.switch, view.extensions, view.network_ids, has_host_port=view.has_host_port)
        for view in views
    )


@router.operation("GET", "/vswitches/{id}/ports", gives=VMSwitchPort, many=True, pace=Pace.LONG)
async def list_v_switch_ports(request: Request, switch_id: SwitchId) -> Response:
    """The ports of a switch, as vfpctrl lists them."""
    switch, ports = await call(request, host_views.show_ports, switch_id)
    return _many(vm_switch_port(switch, port) for port in ports)


@router.operation("GET", "/ippools", gives=IpPool, many=True, pace=Pace.LONG)
async def list_ip_pools(request: Request) -> Response:
    """The address pools of each network: reserved, used and free addresses."""
    return _many(ip_pool(use) for use in await call(request, host_views.show_pools))


@router.operation("GET", "/compartments", gives=NetCompartment, many=True, pace=Pace.LONG)
async def list_compartments(request: Request) -> Response:
    """Get-NetCompartment."""
    compartments = await call(request, host_views.show_compartments)
    return _many(net_compartment(compartment) for compartment in compartments)


@router.operation("GET", "/nat", gives=HostNat, pace=Pace.LONG)
async def get_nat(request: Request, page: MappingPage) -> Response:
    """Get-NetNat and Get-NetNatStaticMapping: all instances, and a page of published ports."""
    after = None if page.after is None else int(page.after)
    nat = await call(request, host_views.show_nat, page.read, after)
    mappings, has_more = page.cut(list(nat.mappings))
    answer = _one(host_nat(nat.instances, mappings))
    last = str(mappings[-1][1].mapping_id) if has_more else None
    return answers.continued(request, answer, last)


@router.operation("GET", "/firewall", gives=NetFirewallRule, many=True, pace=Pace.LONG)
async def list_firewall_rules(request: Request, page: RulePage) -> Response:
    """Get-NetFirewallRule: the rules of HNS, for networks, published ports and Host ACLs."""
    found = await call(request, show_firewall, page.read, page.after or "")
    rules, has_more = page.cut(list(found))
    answer = _many(net_firewall_rule(rule) for rule in rules)
    return answers.continued(request, answer, rules[-1].place if has_more else None)


def _one(view: View) -> Response:
    return answers.text(view.model_dump_json(by_alias=True))


def _many(views: Iterable[View]) -> Response:
    return answers.texts(view.model_dump_json(by_alias=True) for view in views)
