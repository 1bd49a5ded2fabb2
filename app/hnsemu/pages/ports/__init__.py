"""The VFP ports of a host, and one with its layers, groups, rules and counters."""

from fastapi import Response

from hnsemu.domain.guid import parse_guid
from hnsemu.pages.links import policy_page, rule_anchor
from hnsemu.pages.router import PageRouter
from hnsemu.pages.visit import Visit
from hnsemu.schema.host.vfp import VfpPortSummary, vfp_port_summary, vfp_port_view
from hnsemu.services.dataplane.vfp import show_vfp_port, show_vfp_ports

router = PageRouter(prefix="/ui")

_PAGE = 100
_MOST_RULES = 100  # of a group that are shown


@router.page("/ports")
def show_ports(visit: Visit) -> Response:
    """The ports, those of switches first."""
    after = parse_guid(visit.asks("after")) if visit.asks("after") else ""
    ports = show_vfp_ports(visit.hns, _PAGE + 1, after)
    return visit.shown(
        "ports/list.html",
        "VFP ports",
        document=f"/hosts/{visit.hns.host_name}/host/vfp/ports",
        ports=[vfp_port_summary(port) for port in ports[:_PAGE]],
        address=_address,
        following=ports[_PAGE - 1].id if len(ports) > _PAGE else "",
    )


@router.page("/ports/{port}")
def show_port(visit: Visit) -> Response:
    """One port: every rule with its counters and the policy that it comes from."""
    named = visit.request.path_params["port"]
    port, counters = show_vfp_port(visit.hns, named)
    view = vfp_port_view(port, counters)
    return visit.shown(
        "ports/port.html",
        f"Port of {view.nic_friendly_name or view.port_friendly_name}",
        document=f"/hosts/{visit.hns.host_name}/host/vfp/ports/{view.port_name}",
        port=view,
        most=_MOST_RULES,
        link=lambda policy: policy_page(visit, policy),
        anchor=rule_anchor,
    )


def _address(port: VfpPortSummary) -> str:
    """Return what finds the port at once: its endpoint, else its name."""
    return port.owner if port.kind == "Container" else port.port_name
