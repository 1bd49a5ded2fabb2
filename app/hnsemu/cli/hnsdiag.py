"""hnsdiag list …, in the layout that hnsdiag users know.

Source: its listings in public issues and guides [O]; those of adapters are ours.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any

import typer

from hnsemu.cli.client import DEFAULT_URL, Client
from hnsemu.cli.options import HostName, Url
from hnsemu.cli.output import Shape, show

cli = typer.Typer(no_args_is_help=True, help="hnsdiag: list what HNS has.")

Document = dict[str, Any]


class What(StrEnum):
    """What hnsdiag lists."""

    ALL = "all"
    NETWORKS = "networks"
    ENDPOINTS = "endpoints"
    NAMESPACES = "namespaces"
    LOADBALANCERS = "loadbalancers"
    ADAPTERS = "adapters"


_PATHS: Mapping[What, str] = {
    What.NETWORKS: "/v1/networks",
    What.ENDPOINTS: "/v1/endpoints",
    What.NAMESPACES: "/v1/namespaces",
    What.LOADBALANCERS: "/v1/policylists",
    What.ADAPTERS: "/host/adapters",
}


@cli.callback()
def hnsdiag() -> None:
    """List what HNS has, as hnsdiag of Windows does."""


@cli.command("list")
def list_objects(
    what: What,
    *,
    detailed: Annotated[bool, typer.Option("-d", help="the whole documents, as JSON")] = False,
    url: Url = DEFAULT_URL,
    host: HostName = "",
) -> None:
    """List networks, endpoints, namespaces, load balancers, adapters, or all of them."""
    client = Client(url, host)
    wanted = list(_PATHS) if what is What.ALL else [what]
    for number, each in enumerate(wanted):
        answer = client.get(_PATHS[each])
        found = answer.get("Output") or [] if isinstance(answer, dict) else answer
        if detailed:
            show(found, Shape.JSON)
            continue
        if what is What.ALL:
            typer.echo(("\n" if number else "") + f"{_TITLES[each]}:")
        for line in _LINES[each](found):
            typer.echo(line)


def _networks(found: list[Document]) -> list[str]:
    return [f"{'Name':16} ID", *(f"{each.get('Name', ''):16} {each['ID']}" for each in found)]


def _endpoints(found: list[Document]) -> list[str]:
    return [
        f"{'Name':16} {'ID':36} Virtual Network Name",
        *(
            f"{each.get('Name', ''):16} {each['ID']} {each.get('VirtualNetworkName', '')}"
            for each in found
        ),
    ]


def _namespaces(found: list[Document]) -> list[str]:
    lines = [f"{'ID':36} | Endpoint IDs"]
    for each in found:
        held = [
            resource.get("Data", {}).get("Id", "")
            for resource in each.get("ResourceList") or ()
            if resource.get("Type") == "Endpoint"
        ]
        lines.append(f"{each['ID']} | {' '.join(held)}")
    return lines


def _balancers(found: list[Document]) -> list[str]:
    lines = [f"{'ID':36} | {'Virtual IPs':16} | Direct IP IDs"]
    for each in found:
        vips = [vip for policy in each.get("Policies") or () for vip in policy.get("VIPs") or ()]
        shown = "".join(f" {vip}" for vip in vips)
        behind = " ".join(text.rpartition("/")[2] for text in each.get("References") or ())
        lines.append(f"{each['ID']} | {shown:16} | {behind}")
    return lines


def _adapters(found: list[Document]) -> list[str]:
    lines = (f"{each['Name']:16} {each['InterfaceGuid'].strip('{}')}" for each in found)
    return [f"{'Name':16} ID", *lines]


_TITLES = {
    What.NETWORKS: "Networks",
    What.ENDPOINTS: "Endpoints",
    What.NAMESPACES: "Namespaces",
    What.LOADBALANCERS: "LoadBalancers",
    What.ADAPTERS: "Adapters",
}
_LINES: Mapping[What, Callable[[list[Document]], list[str]]] = {
    What.NETWORKS: _networks,
    What.ENDPOINTS: _endpoints,
    What.NAMESPACES: _namespaces,
    What.LOADBALANCERS: _balancers,
    What.ADAPTERS: _adapters,
}
