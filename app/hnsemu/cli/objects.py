"""networks, endpoints, namespaces, …: list, show, create, modify, delete, by name or by id."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from hnsemu import DEFAULT_URL
from hnsemu.cli.client import NOT_FOUND, USAGE_ERROR, Client, failed, read_document
from hnsemu.cli.completion import names_of
from hnsemu.cli.options import File, HostName, Url
from hnsemu.cli.output import NoTrunc, Output, Shape, show, table
from hnsemu.cli.tls import ClientCommands
from hnsemu.domain.near import nearest
from hnsemu.domain.visible import visible

Document = dict[str, Any]
Cell = Callable[[Document], object]


@dataclass(frozen=True)
class Noun:
    """A kind of object. columns: headings, and how to fill them from a document."""

    word: str
    title: str
    columns: tuple[tuple[str, Cell], ...]

    @property
    def path(self) -> str:
        """Return the path of the list."""
        return f"/v2/{self.word}"


def _member(name: str, zero: str = "") -> Cell:
    """Return a cell with a member; `zero` is the value that HNS leaves out."""
    return lambda document: document.get(name, zero)


def _prefixes(network: Document) -> str:
    prefixes = [
        subnet.get("IpAddressPrefix", "")
        for ipam in network.get("Ipams") or ()
        for subnet in ipam.get("Subnets") or ()
    ]
    return ", ".join(prefixes)


def _addresses(endpoint: Document) -> str:
    configurations = endpoint.get("IpConfigurations") or ()
    return ", ".join(configuration.get("IpAddress", "") for configuration in configurations)


def _vips(load_balancer: Document) -> str:
    return ", ".join(load_balancer.get("FrontendVIPs") or ("*",))


def _count(name: str) -> Cell:
    return lambda document: len(document.get(name) or ())


_ID, _NAME = ("id", _member("ID")), ("name", _member("Name"))
NOUNS = (
    Noun("networks", "networks",
         (_ID, _NAME, ("type", _member("Type", zero="NAT")), ("prefixes", _prefixes))),
    Noun("endpoints", "endpoints",
         (_ID, _NAME, ("addresses", _addresses), ("mac", _member("MacAddress")),
          ("network", _member("HostComputeNetwork")), ("policies", _count("Policies")))),
    Noun("namespaces", "namespaces",
         (_ID, ("type", _member("Type", zero="Host")), ("compartment", _member("NamespaceId")),
          ("resources", _count("Resources")))),
    Noun("loadbalancers", "load balancers",
         (_ID, ("vips", _vips), ("ports", _count("PortMappings")),
          ("backends", _count("HostComputeEndpoints")))),
    Noun("sdnroutes", "SDN routes",
         (_ID, ("routes", _count("Routes")), ("endpoints", _count("HostComputeEndpoints")))),
    Noun("policylists", "policy lists",
         (_ID, ("policies", _count("Policies")), ("references", _count("References")))),
)  # fmt: skip

_UNSEEN = {
    "ActivityId", "CompartmentGuid", "CompartmentId", "Containers", "Flags", "FrontendVIPs",
    "HostComputeNamespace", "HostComputeNetwork", "IsDefault", "IsRemoteEndpoint", "LayeredOn",
    "ManagementIP", "Name", "NetworkAdapterName", "Owner", "References", "SourceVIP", "State",
    "SwitchGuid", "SwitchName", "Type", "VirtualMachine", "VirtualNetwork", "VirtualNetworkName",
}  # fmt: skip
"""What filters may name though a list shows none of it: names of HNS 1, and what may be empty."""

_MOST_IDS = 10  # in one error message


def commands(noun: Noun) -> typer.Typer:
    """Return the commands of a noun."""
    cli = ClientCommands(no_args_is_help=True, help=f"Manage {noun.title}.")
    argument = typer.Argument(
        metavar="NAME",
        help="Name, id, or the first characters of an id.",
        autocompletion=names_of(noun.path),
    )

    @cli.command("list", help=f"List {noun.title}.")
    def list_objects(
        *,
        where: Annotated[
            list[str] | None,
            typer.Option(metavar="NAME=VALUE", help="List matching objects only (HCN filter)."),
        ] = None,
        url: Url = DEFAULT_URL,
        host: HostName = "",
        output: Output = Shape.TABLE,
        no_trunc: NoTrunc = False,
    ) -> None:
        documents = _matching(Client(url, host), noun, where or [])
        if output is not Shape.TABLE:
            show(documents, output)
            return
        rows = [[cell(document) for _, cell in noun.columns] for document in documents]
        table([name for name, _ in noun.columns], rows, noun.word, no_trunc=no_trunc)

    @cli.command("show", help="Show the document of one object.")
    def show_object(
        name: Annotated[str, argument],
        *,
        url: Url = DEFAULT_URL,
        host: HostName = "",
        output: Output = Shape.JSON,
    ) -> None:
        client = Client(url, host)
        shape = Shape.JSON if output is Shape.TABLE else output
        show(client.get(f"{noun.path}/{resolve(client, noun.path, name)}"), shape)

    @cli.command("create", help="Create an object from a document and print its id.")
    def create_object(*, file: File, url: Url = DEFAULT_URL, host: HostName = "") -> None:
        created = Client(url, host).post(noun.path, read_document(file))
        typer.echo(created["ID"])

    @cli.command("modify", help="Send a Modify…SettingRequest document.")
    def modify_object(
        name: Annotated[str, argument],
        *,
        file: File,
        url: Url = DEFAULT_URL,
        host: HostName = "",
    ) -> None:
        client = Client(url, host)
        path = f"{noun.path}/{resolve(client, noun.path, name)}"
        show(json.loads(client.send("PATCH", path, read_document(file))), Shape.JSON)

    @cli.command("delete", help="Delete objects in the given order.")
    def delete_objects(
        names: Annotated[list[str], argument],
        *,
        url: Url = DEFAULT_URL,
        host: HostName = "",
    ) -> None:
        client = Client(url, host)
        for name in names:
            guid = resolve(client, noun.path, name)
            client.send("DELETE", f"{noun.path}/{guid}")
            typer.echo(guid)

    return cli


def resolve(client: Client, path: str, name: str) -> str:
    """Return the id of the object with this id or name, or whose id starts with these characters.

    Raises: typer.Exit if there is no such object, or more than one.
    """
    from hnsemu.domain.guid import is_guid  # noqa: PLC0415 (imported when needed)

    if is_guid(name):
        return name
    query = {"Filter": json.dumps({"Name": name}), "SchemaVersion": {"Major": 2, "Minor": 0}}
    ids = [str(document["ID"]) for document in client.get(path, query=json.dumps(query))]
    noun = path.rpartition("/")[2]
    if not ids:
        documents = list(client.pages(path))
        every_id = (str(document["ID"]) for document in documents)
        ids = [guid for guid in every_id if name and guid.startswith(name.lower())]
        if not ids:
            names = [str(document.get("Name", "")) for document in documents]
            raise failed(_not_found(noun, name, names), NOT_FOUND)
    if len(ids) == 1:
        return ids[0]
    some = ", ".join(ids[:_MOST_IDS]) + (", …" if len(ids) > _MOST_IDS else "")
    raise failed(f"{len(ids)} {noun} match {name!r}; use an id instead: {some}", USAGE_ERROR)


def _not_found(noun: str, name: str, names: Sequence[str]) -> str:
    close = nearest(name, filter(None, names))
    meant = f"did you mean {close!r}?" if close else ""
    hint = meant or f"`hnsemu {noun} list` shows what exists"
    return f"no match for {name!r} in {noun}; {hint}"


def _matching(client: Client, noun: Noun, conditions: Sequence[str]) -> list[Document]:
    if not conditions:
        return list(client.pages(noun.path))
    members = {}
    for condition in conditions:
        name, sign, value = condition.partition("=")
        if not (name and sign):
            raise failed(f"--where {condition!r} is not of the form NAME=VALUE", USAGE_ERROR)
        members[name] = value
    query = {"Filter": json.dumps(members), "SchemaVersion": {"Major": 2, "Minor": 0}}
    found = list(client.get(noun.path, query=json.dumps(query)))
    if not found:
        _warn_of_unknown(client, noun, members)
    return found


def _warn_of_unknown(client: Client, noun: Noun, wanted: Mapping[str, str]) -> None:
    """Say on stderr which members no object has: as on Windows, that is no error."""
    known = sorted({member for document in client.pages(noun.path) for member in document})
    for name in wanted if known else ():
        if name not in {*known, *_UNSEEN}:
            close = nearest(name, (*_UNSEEN, *known))
            near = f"did you mean {close}?" if close else f"they have {', '.join(known)}"
            said = f"--where: none of the {noun.title} shows a member {name!r}; {near}"
            typer.echo(visible(said), err=True)


cli = typer.Typer()
for _noun in NOUNS:
    cli.add_typer(commands(_noun), name=_noun.word)
