"""What the tools of Windows would show of the host: adapters, switches, NAT, firewall and pools."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Response

from hnsemu.domain.namespaces import HOST_COMPARTMENT
from hnsemu.errors import HnsError, Hr
from hnsemu.pages.router import PageRouter
from hnsemu.pages.visit import Visit
from hnsemu.schema.host.adapters import net_adapters
from hnsemu.schema.host.compartments import net_compartment
from hnsemu.schema.host.firewall import net_firewall_rule
from hnsemu.schema.host.ippools import ip_pool
from hnsemu.schema.host.nat import host_nat
from hnsemu.schema.host.view import View
from hnsemu.schema.host.vswitches import vm_switch
from hnsemu.services.hosts import views
from hnsemu.services.hosts.firewall import show_firewall
from hnsemu.storage.transaction import Hns

router = PageRouter(prefix="/ui")

_PAGE = 100


@dataclass(frozen=True, slots=True)
class Table:
    """What a tool of Windows lists.

    word: in paths. tool: the cmdlet. document: path of the same as JSON. columns: headings and
    members. page: word of the pages that the member `link` leads to, "" for none.
    rows: those of a page, and where the next one begins, for the parameter `position`.
    """

    word: str
    title: str
    tool: str
    document: str
    columns: tuple[tuple[str, str], ...]
    rows: Callable[[Visit], tuple[Sequence[View], str]]
    empty: str
    link: str = ""
    page: str = ""
    position: str = "start"


def _adapters(hns: Hns) -> Sequence[View]:
    return net_adapters(views.show_adapters(hns, HOST_COMPARTMENT))


def _switches(hns: Hns) -> Sequence[View]:
    return [
        vm_switch(shown.switch, shown.extensions, shown.network_ids,
                  has_host_port=shown.has_host_port)
        for shown in views.show_switches(hns)
    ]  # fmt: skip


def _nats(hns: Hns) -> Sequence[View]:
    nat = views.show_nat(hns, 0)
    return host_nat(nat.instances, nat.mappings).instances


def _mappings(visit: Visit) -> tuple[Sequence[View], str]:
    """Return the published ports of a page, and where the next page begins."""
    nat = views.show_nat(visit.hns, _PAGE + 1, visit.place("after"))
    shown = nat.mappings[:_PAGE]
    following = str(shown[-1][1].mapping_id) if len(nat.mappings) > _PAGE else ""
    return host_nat((), shown).static_mappings, following


def _firewall(visit: Visit) -> tuple[Sequence[View], str]:
    """Return the rules of a page, and where the next page begins."""
    found = show_firewall(visit.hns, _PAGE + 1, visit.asks("after"))
    following = found[_PAGE - 1].place if len(found) > _PAGE else ""
    return [net_firewall_rule(rule) for rule in found[:_PAGE]], following


def _whole(rows: Callable[[Hns], Sequence[View]]) -> Callable[[Visit], tuple[Sequence[View], str]]:
    """Return what gives pages of a table that is short enough to be worked out whole."""

    def page(visit: Visit) -> tuple[Sequence[View], str]:
        start, found = visit.start, rows(visit.hns)
        following = str(start + _PAGE) if len(found) > start + _PAGE else ""
        return found[start : start + _PAGE], following

    return page


def _pools(hns: Hns) -> Sequence[View]:
    return [ip_pool(use) for use in views.show_pools(hns)]


def _compartments(hns: Hns) -> Sequence[View]:
    return [net_compartment(compartment) for compartment in views.show_compartments(hns)]


TABLES = (
    Table(
        "adapters", "Adapters", "Get-NetAdapter", "/host/adapters",
        (("Name", "name"), ("Description", "interface_description"), ("Status", "status"),
         ("IPv4", "ipv4_address"), ("Gateway", "ipv4_default_gateway"), ("IPv6", "ipv6_address"),
         ("MAC", "mac_address"), ("Switch", "v_switch")),
        _whole(_adapters), "The host has no adapter.",
    ),
    Table(
        "switches", "Switches", "Get-VMSwitch", "/host/vswitches",
        (("Name", "name"), ("Type", "switch_type"), ("Adapters", "net_adapter_names"),
         ("Host has a vNIC", "allow_management_os"), ("Made by HNS", "made_by_hns"),
         ("LayeredOn", "layered_on")),
        _whole(_switches), "The host has no virtual switch. A network makes one.",
    ),
    Table(
        "nat", "NAT", "Get-NetNat", "/host/nat",
        (("Name", "name"), ("Engine", "engine"),
         ("Inside", "internal_ip_interface_address_prefix"), ("Active", "active")),
        _whole(_nats), "No network translates addresses. One of type NAT does.",
    ),
    Table(
        "published", "Published ports", "Get-NetNatStaticMapping", "/host/nat",
        (("NAT", "nat_name"), ("Protocol", "protocol"), ("Address", "external_ip_address"),
         ("Port", "external_port"), ("Inside", "internal_ip_address"),
         ("Inner port", "internal_port"), ("Endpoint", "endpoint")),
        _mappings, "No port is published. A PortMapping policy of an endpoint publishes one.",
        "endpoint", "endpoints", "after",
    ),
    Table(
        "firewall", "Firewall", "Get-NetFirewallRule", "/host/firewall",
        (("Name", "display_name"), ("Direction", "direction"), ("Action", "action"),
         ("Protocol", "protocol"), ("Local port", "local_port"),
         ("Remote address", "remote_address"), ("Interface", "interface_alias"),
         ("Compartment", "compartment_id"), ("Priority", "priority")),
        _firewall, "HNS has made no rule of the firewall.", position="after",
    ),
    Table(
        "pools", "Address pools", "", "/host/ippools",
        (("Network", "network_name"), ("Prefix", "ip_address_prefix"),
         ("Gateway", "gateway_address"), ("Used", "allocated"), ("Released", "released"),
         ("Free", "free")),
        _whole(_pools), "There is no address pool. A network with a subnet has one.",
    ),
    Table(
        "compartments", "Compartments", "Get-NetCompartment", "/host/compartments",
        (("Id", "compartment_id"), ("Description", "compartment_description"),
         ("GUID", "compartment_guid"), ("Namespaces", "namespaces")),
        _whole(_compartments), "There is no compartment.", "namespaces", "namespaces",
    ),
)  # fmt: skip
_BY_WORD = {table.word: table for table in TABLES}


@router.page("/windows")
def show_first(visit: Visit) -> Response:
    """The adapters, and where the other tables are."""
    return _shown(visit, TABLES[0])


@router.page("/windows/{table}")
def show_table(visit: Visit) -> Response:
    """One table."""
    word = visit.request.path_params["table"]
    if word not in _BY_WORD:
        known = ", ".join(_BY_WORD)
        raise HnsError(Hr.E_ELEMENT_NOT_FOUND, f"there is no table {word!r}; there are {known}")
    return _shown(visit, _BY_WORD[word])


def _shown(visit: Visit, table: Table) -> Response:
    rows, following = table.rows(visit)
    return visit.shown(
        "windows/table.html",
        "Windows",
        document=f"/hosts/{visit.hns.host_name}{table.document}",
        tables=TABLES,
        table=table,
        rows=[
            [(member == table.link, _text(getattr(row, member))) for _, member in table.columns]
            for row in rows
        ],
        following=urlencode({table.position: following}) if following else "",
    )


def _text(value: object) -> str | list[str]:
    """Return what a cell says; several ids as a list of them."""
    if isinstance(value, tuple):
        return [str(member) for member in value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
