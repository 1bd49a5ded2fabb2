"""/host and what is below: one view each, named after what a cmdlet shows."""

from collections.abc import Iterable

from fastapi import APIRouter, Request, Response

from hnsemu.api import answers
from hnsemu.api.deps import call, call_aside, object_id
from hnsemu.api.openapi import ID, operation
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

router = APIRouter(prefix="/host", tags=["host"])


@router.get("", **operation(gives=HostView))
async def get_host(request: Request) -> Response:
    """The host: its release, what that can do, and its management address."""
    return _one(host_view(await call(request, hosts.get_host)))


@router.get("/adapters", **operation(gives=NetAdapter, many=True))
async def list_adapters(request: Request) -> Response:
    """Get-NetAdapter, Get-NetIPConfiguration: physical adapters and the host's vNICs."""
    return _many(net_adapters(await call(request, host_views.show_adapters)))


@router.get("/vswitches", **operation(gives=VMSwitch, many=True))
async def list_v_switches(request: Request) -> Response:
    """Get-VMSwitch, Get-VMSwitchExtension."""
    found = await call(request, host_views.show_switches)
    return _many(
        vm_switch(each.switch, each.extensions, each.network_ids, has_host_port=each.has_host_port)
        for each in found
    )


@router.get("/vswitches/{id}/ports", **operation(gives=VMSwitchPort, many=True, parameters=[ID]))
async def list_v_switch_ports(request: Request) -> Response:
    """The ports of a switch, as vfpctrl lists them."""
    switch, ports = await call(request, host_views.show_ports, object_id(request))
    return _many(vm_switch_port(switch, port) for port in ports)


@router.get("/ippools", **operation(gives=IpPool, many=True))
async def list_ip_pools(request: Request) -> Response:
    """The pools of every network: what is reserved, given out, and free."""
    return _many(ip_pool(use) for use in await call(request, host_views.show_pools))


@router.get("/compartments", **operation(gives=NetCompartment, many=True))
async def list_compartments(request: Request) -> Response:
    """Get-NetCompartment."""
    found = await call(request, host_views.show_compartments)
    return _many(net_compartment(each) for each in found)


@router.get("/nat", **operation(gives=HostNat))
async def get_nat(request: Request) -> Response:
    """Get-NetNat and Get-NetNatStaticMapping."""
    shown = await call(request, host_views.show_nat)
    return _one(host_nat(shown.instances, shown.mappings))


@router.get("/firewall", **operation(gives=NetFirewallRule, many=True))
async def list_firewall_rules(request: Request) -> Response:
    """Get-NetFirewallRule, those that HNS made: for networks, published ports and Host ACLs."""
    found = await call_aside(request, host_views.show_firewall)
    return _many(net_firewall_rule(rule) for rule in found)


def _one(view: View) -> Response:
    return answers.text(view.model_dump_json(by_alias=True))


def _many(views: Iterable[View]) -> Response:
    return answers.texts(view.model_dump_json(by_alias=True) for view in views)
