"""hnsdiag list …, in the layout of hnsdiag on Windows.

Source: its listings in public issues and guides [O]; the layout for adapters is ours.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any

import typer

from hnsemu.cli.client import DEFAULT_URL, Client
from hnsemu.cli.options import HostName, Url
from hnsemu.cli.output import Shape, show
from hnsemu.cli.tls import ClientCommands
from hnsemu.domain.visible import visible

cli = ClientCommands(no_args_is_help=True, help="List HNS objects as hnsdiag does.")

Document = dict[str, Any]


class Kind(StrEnum):
    """What hnsdiag lists."""

    ALL = "all"
    NETWORKS = "networks"
    ENDPOINTS = "endpoints"
    NAMESPACES = "namespaces"
    LOADBALANCERS = "loadbalancers"
    ADAPTERS = "adapters"


_PATHS: Mapping[Kind, str] = {
    Kind.NETWORKS: "/v1/networks",
    Kind.ENDPOINTS: "/v1/endpoints",
    Kind.NAMESPACES: "/v1/namespaces",
    Kind.LOADBALANCERS: "/v1/policylists",
    Kind.ADAPTERS: "/host/adapters",
}


@cli.callback()
def hnsdiag() -> None:
    """List HNS objects as hnsdiag does."""


@cli.command("list")
def list_objects(
    kind: Annotated[Kind, typer.Argument(metavar="WHAT", help=", ".join(Kind), show_choices=False)],
    *,
    detailed: Annotated[bool, typer.Option("-d", help="Print whole documents as JSON.")] = False,
    url: Url = DEFAULT_URL,
    host: HostName = "",
) -> None:
    """List objects of one kind, or of all kinds."""
    client = Client(url, host)
    kinds = list(_PATHS) if kind is Kind.ALL else [kind]
    for number, listed in enumerate(kinds):
        body = client.get(_PATHS[listed])
        documents = body.get("Output") or [] if isinstance(body, dict) else body
        if detailed:
            show(documents, Shape.JSON)
            continue
        if kind is Kind.ALL:
            typer.echo(("\n" if number else "") + f"{_TITLES[listed]}:")
        for line in _LAYOUTS[listed](documents):
            typer.echo(visible(line))


def _networks(networks: list[Document]) -> list[str]:
    lines = (f"{network.get('Name', ''):16} {network['ID']}" for network in networks)
    return [f"{'Name':16} ID", *lines]


def _endpoints(endpoints: list[Document]) -> list[str]:
    lines = (
        f"{endpoint.get('Name', ''):16} {endpoint['ID']} {endpoint.get('VirtualNetworkName', '')}"
        for endpoint in endpoints
    )
    return [f"{'Name':16} {'ID':36} Virtual Network Name", *lines]


def _namespaces(namespaces: list[Document]) -> list[str]:
    lines = [f"{'ID':36} | Endpoint IDs"]
    for namespace in namespaces:
        endpoints = [
            resource.get("Data", {}).get("Id", "")
            for resource in namespace.get("ResourceList") or ()
            if resource.get("Type") == "Endpoint"
        ]
        lines.append(f"{namespace['ID']} | {' '.join(endpoints)}")
    return lines


def _load_balancers(policy_lists: list[Document]) -> list[str]:
    lines = [f"{'ID':36} | {'Virtual IPs':16} | Direct IP IDs"]
    for policy_list in policy_lists:
        policies = policy_list.get("Policies") or ()
        vips = "".join(f" {vip}" for policy in policies for vip in policy.get("VIPs") or ())
        references = policy_list.get("References") or ()
        backends = " ".join(reference.rpartition("/")[2] for reference in references)
        lines.append(f"{policy_list['ID']} | {vips:16} | {backends}")
    return lines


def _adapters(adapters: list[Document]) -> list[str]:
    lines = (f"{adapter['Name']:16} {adapter['InterfaceGuid'].strip('{}')}" for adapter in adapters)
    return [f"{'Name':16} ID", *lines]


_TITLES = {
    Kind.NETWORKS: "Networks",
    Kind.ENDPOINTS: "Endpoints",
    Kind.NAMESPACES: "Namespaces",
    Kind.LOADBALANCERS: "LoadBalancers",
    Kind.ADAPTERS: "Adapters",
}
_LAYOUTS: Mapping[Kind, Callable[[list[Document]], list[str]]] = {
    Kind.NETWORKS: _networks,
    Kind.ENDPOINTS: _endpoints,
    Kind.NAMESPACES: _namespaces,
    Kind.LOADBALANCERS: _load_balancers,
    Kind.ADAPTERS: _adapters,
}
