"""networks, endpoints, namespaces, …: list, show, create, modify, delete; by name or by id."""

import difflib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from hnsemu.cli.client import DEFAULT_URL, NOT_FOUND, WRONG_USE, Client, failed, read_document
from hnsemu.cli.completion import names_of
from hnsemu.cli.options import File, HostName, Url
from hnsemu.cli.output import NoTrunc, Output, Shape, show, table

Document = dict[str, Any]


@dataclass(frozen=True)
class Noun:
    """A kind of object. columns: headings and how to fill them from a document."""

    word: str
    columns: tuple[tuple[str, Callable[[Document], object]], ...]

    @property
    def path(self) -> str:
        """Return where the objects are."""
        return f"/v2/{self.word}"


def _member(name: str) -> Callable[[Document], object]:
    return lambda document: document.get(name, "")


def _prefixes(document: Document) -> str:
    found = [
        subnet.get("IpAddressPrefix", "")
        for ipam in document.get("Ipams") or ()
        for subnet in ipam.get("Subnets") or ()
    ]
    return ", ".join(found)


def _addresses(document: Document) -> str:
    return ", ".join(each.get("IpAddress", "") for each in document.get("IpConfigurations") or ())


def _count(name: str) -> Callable[[Document], object]:
    return lambda document: len(document.get(name) or ())


_ID, _NAME = ("id", _member("ID")), ("name", _member("Name"))
NOUNS = (
    Noun("networks", (_ID, _NAME, ("type", _member("Type")), ("prefixes", _prefixes))),
    Noun("endpoints", (_ID, _NAME, ("addresses", _addresses), ("mac", _member("MacAddress")),
                       ("network", _member("HostComputeNetwork")),
                       ("policies", _count("Policies")))),
    Noun("namespaces", (_ID, ("type", _member("Type")), ("compartment", _member("NamespaceId")),
                        ("resources", _count("Resources")))),
    Noun("loadbalancers", (_ID, ("vips", lambda d: ", ".join(d.get("FrontendVIPs") or ("*",))),
                           ("ports", _count("PortMappings")),
                           ("backends", _count("HostComputeEndpoints")))),
    Noun("sdnroutes", (_ID, ("routes", _count("Routes")),
                       ("endpoints", _count("HostComputeEndpoints")))),
    Noun("policylists", (_ID, ("policies", _count("Policies")),
                         ("references", _count("References")))),
)  # fmt: skip

_SHOWN = 10  # ids in one sentence


def commands(noun: Noun) -> typer.Typer:
    """Return the commands of a noun."""
    cli = typer.Typer(no_args_is_help=True, help=f"List, show, create, modify, delete {noun.word}.")
    argument = typer.Argument(
        metavar="NAME",
        help="name, id, or the beginning of an id",
        autocompletion=names_of(noun.path),
    )

    @cli.command("list")
    def list_objects(
        *,
        where: Annotated[list[str] | None, typer.Option(help="Name=value, as HCN filters")] = None,
        url: Url = DEFAULT_URL,
        host: HostName = "",
        output: Output = Shape.TABLE,
        no_trunc: NoTrunc = False,
    ) -> None:
        """List them all, or those that a filter selects."""
        found = _found(Client(url, host), noun, where or [])
        if output is not Shape.TABLE:
            show(found, output)
            return
        rows = [[fill(each) for _, fill in noun.columns] for each in found]
        table([name for name, _ in noun.columns], rows, noun.word, whole=no_trunc)

    @cli.command("show")
    def show_object(
        named: Annotated[str, argument],
        *,
        url: Url = DEFAULT_URL,
        host: HostName = "",
        output: Output = Shape.JSON,
    ) -> None:
        """Show one whole."""
        client = Client(url, host)
        shape = Shape.JSON if output is Shape.TABLE else output
        show(client.get(f"{noun.path}/{resolve(client, noun.path, named)}"), shape)

    @cli.command("create")
    def create_object(*, file: File, url: Url = DEFAULT_URL, host: HostName = "") -> None:
        """Create one from a document; print its id."""
        made = Client(url, host).post(noun.path, read_document(file))
        typer.echo(made["ID"])

    @cli.command("modify")
    def modify_object(
        named: Annotated[str, argument],
        *,
        file: File,
        url: Url = DEFAULT_URL,
        host: HostName = "",
    ) -> None:
        """Send a Modify…SettingRequest document."""
        client = Client(url, host)
        path = f"{noun.path}/{resolve(client, noun.path, named)}"
        show(client.send("PATCH", path, read_document(file)).json(), Shape.JSON)

    @cli.command("delete")
    def delete_objects(
        named: Annotated[list[str], argument],
        *,
        url: Url = DEFAULT_URL,
        host: HostName = "",
    ) -> None:
        """Delete some, in the order they are named."""
        client = Client(url, host)
        for each in named:
            guid = resolve(client, noun.path, each)
            client.send("DELETE", f"{noun.path}/{guid}")
            typer.echo(guid)

    return cli


def resolve(client: Client, path: str, named: str) -> str:
    """Return the id of what has that id or name, or the only one whose id begins so.

    Raises: typer.Exit when there is none, or several.
    """
    from hnsemu.domain.guid import is_guid  # noqa: PLC0415 (little is imported before it is needed)

    if is_guid(named):
        return named
    query = {"Filter": json.dumps({"Name": named}), "SchemaVersion": {"Major": 2, "Minor": 0}}
    found = [str(each["ID"]) for each in client.get(path, query=json.dumps(query))]
    noun = path.rpartition("/")[2]
    if not found:
        every = [(str(each["ID"]), str(each.get("Name", ""))) for each in client.pages(path)]
        found = [guid for guid, _ in every if guid.startswith(named.lower()) and named]
        if not found:
            raise failed(_unknown(noun, named, [name for _, name in every]), NOT_FOUND)
    if len(found) == 1:
        return found[0]
    some = ", ".join(found[:_SHOWN]) + (", …" if len(found) > _SHOWN else "")
    raise failed(f"several {noun} are called {named!r}; give an id: {some}", WRONG_USE)


def _unknown(noun: str, named: str, names: Sequence[str]) -> str:
    near = difflib.get_close_matches(named, [name for name in names if name], n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"`hnsemu {noun} list` shows them"
    return f"none of the {noun} is called {named!r}; {hint}"


def _found(client: Client, noun: Noun, where: Sequence[str]) -> list[Document]:
    if not where:
        return list(client.pages(noun.path))
    wanted = {}
    for each in where:
        name, sign, value = each.partition("=")
        if not sign:
            raise failed(f"--where {each!r} is no Name=value", WRONG_USE)
        wanted[name] = value
    query = {"Filter": json.dumps(wanted), "SchemaVersion": {"Major": 2, "Minor": 0}}
    return list(client.get(noun.path, query=json.dumps(query)))
