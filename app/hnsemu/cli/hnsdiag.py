"""hnsdiag list … and delete …, in the layout of hnsdiag on Windows.

Source: its listings in public issues and guides [O]; its usage, with ids and -d[f][l], in the
xcyclopedia of strontic [O]. The layout for adapters is ours, as is that several documents of one
object stand one after the other.
"""

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any

import typer

from hnsemu import DEFAULT_URL
from hnsemu.cli.client import USAGE_ERROR, Client, failed
from hnsemu.cli.objects import resolve
from hnsemu.cli.options import HostName, Url
from hnsemu.cli.output import Shape, show
from hnsemu.cli.tls import ClientCommands
from hnsemu.domain.visible import visible

cli = typer.Typer()
_commands = ClientCommands(
    no_args_is_help=True, help="List and delete HNS objects as hnsdiag does."
)
cli.add_typer(_commands, name="hnsdiag")

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

_HCN_PATHS: Mapping[Kind, str] = {
    Kind.NETWORKS: "/v2/networks",
    Kind.ENDPOINTS: "/v2/endpoints",
    Kind.NAMESPACES: "/v2/namespaces",
    Kind.LOADBALANCERS: "/v2/policylists",
}


@_commands.callback()
def hnsdiag() -> None:
    """List and delete HNS objects as hnsdiag does."""


@_commands.command("list")
def list_objects(
    kind: Annotated[
        Kind,
        typer.Argument(
            metavar="WHAT", help=", ".join(Kind), show_choices=False, case_sensitive=False
        ),
    ],
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Only these, by id or name.")
    ] = None,
    *,
    detailed: Annotated[bool, typer.Option("-d", help="Print whole documents as JSON.")] = False,
    full: Annotated[bool, typer.Option("-df", help="Add the detailed documents.")] = False,
    latest: Annotated[bool, typer.Option("-dl", help="Add the HCN 2 documents.")] = False,
    everything: Annotated[bool, typer.Option("-dfl", help="Add both.")] = False,
    url: Url = DEFAULT_URL,
    host: HostName = "",
) -> None:
    """List objects of one kind, or of all kinds."""
    client = Client(url, host)
    kinds = list(_PATHS) if kind is Kind.ALL else [kind]
    wanted = [_id(client, kind, name).lower() for name in ids or ()]
    for number, listed in enumerate(kinds):
        body = client.get(_PATHS[listed])
        documents = body.get("Output") or [] if isinstance(body, dict) else body
        if wanted:
            documents = [document for document in documents if document["ID"].lower() in wanted]
        if detailed or full or latest or everything:
            found = list(documents)
            if full or everything:
                found += _full(client, listed, documents)
            if latest or everything:
                found += _latest(client, listed, documents)
            show(found, Shape.JSON)
            continue
        if kind is Kind.ALL:
            typer.echo(("\n" if number else "") + f"{_TITLES[listed]}:")
        for line in _LAYOUTS[listed](documents):
            typer.echo(visible(line))


@_commands.command("delete")
def delete_objects(
    kind: Annotated[
        Kind,
        typer.Argument(
            metavar="WHAT", help=", ".join(_HCN_PATHS), show_choices=False, case_sensitive=False
        ),
    ],
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Id or name.")],
    *,
    url: Url = DEFAULT_URL,
    host: HostName = "",
) -> None:
    """Delete objects of one kind, in the given order."""
    client = Client(url, host)
    for name in ids:
        guid = _id(client, kind, name)
        client.send("DELETE", f"{_PATHS[kind]}/{guid}")


def _id(client: Client, kind: Kind, name: str) -> str:
    """Return the id of an object, given by id, name, or the first characters of its id.

    Raises: typer.Exit if there is no such object, more than one, or no kind that has ids.
    """
    path = _HCN_PATHS.get(kind)
    if path is None:
        known = ", ".join(_HCN_PATHS)
        raise failed(f"{kind} have no ids here; name one of {known}", USAGE_ERROR)
    return resolve(client, path, name)


def _full(client: Client, kind: Kind, documents: list[Document]) -> list[Document]:
    """Return the detailed documents; only networks and endpoints have some."""
    if kind is Kind.ENDPOINTS:
        paths = [f"/v1/endpoints/{document['ID']}/detailed" for document in documents]
        return [client.get(path)["Output"] for path in paths]
    if kind is Kind.NETWORKS:
        query = json.dumps({"SchemaVersion": {"Major": 1, "Minor": 0}, "Flags": 1})
        paths = [f"/v2/networks/{document['ID']}" for document in documents]
        return [client.get(path, query=query) for path in paths]
    return []


def _latest(client: Client, kind: Kind, documents: list[Document]) -> list[Document]:
    """Return the documents of HCN 2, which knows no adapters."""
    path = _HCN_PATHS.get(kind)
    return [client.get(f"{path}/{document['ID']}") for document in documents] if path else []


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
