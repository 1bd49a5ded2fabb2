"""hosts and fleet: emulated hosts, one at a time or by the thousand."""

import ipaddress
import threading
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

import typer

from hnsemu import DEFAULT_URL
from hnsemu.cli import dumps
from hnsemu.cli.client import REFUSED, Client, emulator_path, failed, read_document, read_members
from hnsemu.cli.completion import names_of_hosts
from hnsemu.cli.options import File, Url
from hnsemu.cli.output import Output, Shape, show, table
from hnsemu.cli.progress import Advance, progress
from hnsemu.cli.tls import ClientCommands
from hnsemu.domain.host_variants import VARIANTS
from hnsemu.domain.releases import NEWEST, parse_version
from hnsemu.errors import HnsError

cli = typer.Typer()
_hosts = ClientCommands(no_args_is_help=True, help="Manage emulated hosts.")
_fleet = ClientCommands(no_args_is_help=True, help="Create many hosts with many endpoints.")
cli.add_typer(_hosts, name="hosts")
cli.add_typer(_fleet, name="fleet")

_NAME = typer.Argument(metavar="NAME", autocompletion=names_of_hosts)
Name = Annotated[str, _NAME]
Names = Annotated[list[str], _NAME]

_SCHEMA = {"Major": 2, "Minor": 0}
_NAMESPACE = uuid.UUID("6f0e3c52-4f0f-4c7e-9d7e-2f9a1f0b6c11")  # ids follow from names
AT_ONCE = 250
"""Endpoints of a fleet that one request makes, in one transaction."""
_MAX_ENDPOINTS = 4000  # a network's MAC pool has 4,096 addresses


@_hosts.command("list")
def list_hosts(*, url: Url = DEFAULT_URL, output: Output = Shape.TABLE) -> None:
    """List hosts by name."""
    hosts = list(Client(url).pages("/emulator/hosts", key="name"))
    if output is not Shape.TABLE:
        show(hosts, output)
        return
    rows = [
        (
            host["name"],
            host["release"],
            ", ".join(adapter["address"] for adapter in host["adapters"]),
        )
        for host in hosts
    ]
    table(["name", "release", "addresses"], rows, "hosts")


@_hosts.command("show")
def show_host(name: Name, *, url: Url = DEFAULT_URL, output: Output = Shape.JSON) -> None:
    """Show one host."""
    shape = Shape.JSON if output is Shape.TABLE else output
    show(Client(url).get(emulator_path(name)), shape)


@_hosts.command("create")
def create_host(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    *,
    file: File = "",
    release: Annotated[str, typer.Option(help="Windows release, such as ws2022.")] = "",
    variant: Annotated[str, typer.Option(help=f"Kind of host: {', '.join(VARIANTS)}.")] = "",
    hns_version: Annotated[
        str, typer.Option(help="HNS version in place of the release's, such as 15.5.")
    ] = "",
    build: Annotated[int, typer.Option(help="Build in place of the release's.")] = 0,
    schema_version: Annotated[
        str, typer.Option(help="HCN schema version in place of the release's, such as 2.16.")
    ] = "",
    url: Url = DEFAULT_URL,
) -> None:
    """Create a host; succeed if it already exists with the same definition."""
    definition = read_members(file)
    given = {
        "release": release,
        "variant": variant,
        "hns_version": _version(hns_version),
        "build": build,
        "schema_version": _version(schema_version),
    }
    definition |= {member: value for member, value in given.items() if value}
    Client(url).send("PUT", emulator_path(name), definition)
    typer.echo(name)


@_hosts.command("delete")
def delete_hosts(names: Names, *, url: Url = DEFAULT_URL) -> None:
    """Delete hosts and everything on them."""
    client = Client(url)
    for name in names:
        client.send("DELETE", emulator_path(name))
        typer.echo(name)


@_hosts.command("restart")
def restart_hns(names: Names, *, url: Url = DEFAULT_URL) -> None:
    """Restart HNS: what is not persistent is gone, the rest comes back."""
    _act(names, url, "restart")


@_hosts.command("reboot")
def reboot_hosts(names: Names, *, url: Url = DEFAULT_URL) -> None:
    """Reboot hosts: containers and compartments end too."""
    _act(names, url, "reboot")


@_hosts.command("reset")
def reset_hosts(
    names: Annotated[list[str] | None, _NAME] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Reset all hosts.")] = False,
    file: File = "",
    url: Url = DEFAULT_URL,
) -> None:
    """Remove everything on hosts and return them to their definition, or to the one in FILE."""
    if bool(names) == every or (every and file):
        raise typer.BadParameter("name hosts, or write --all without FILE")
    if every:
        for host in Client(url).post("/emulator/reset", None):
            typer.echo(host["name"])
        return
    _act(names or [], url, "reset", read_document(file) if file else None)


_hosts.command("import")(dumps.import_host)
_hosts.command("compare")(dumps.compare_host)
_hosts.command("anonymise")(dumps.anonymise)


def _act(names: list[str], url: str, action: str, body: object = None) -> None:
    """Let hosts do something, one after the other, and print their names."""
    client = Client(url)
    for name in names:
        client.send("POST", f"{emulator_path(name)}/{action}", body)
        typer.echo(name)


@_fleet.command("create")
def create_fleet(
    *,
    hosts: Annotated[int, typer.Option(min=1, max=100_000, help="Number of hosts.")],
    endpoints: Annotated[
        int, typer.Option(min=0, max=_MAX_ENDPOINTS, help="Number of endpoints per host.")
    ],
    prefix: Annotated[str, typer.Option(help="Prefix of the host names.")] = "fleet",
    release: Annotated[str, typer.Option(help="Windows release of the hosts.")] = NEWEST.name,
    connections: Annotated[
        int, typer.Option(min=1, max=64, help="Number of parallel connections.")
    ] = 8,
    url: Url = DEFAULT_URL,
) -> None:
    """Create hosts, each with an L2Bridge network and endpoints.

    Objects that already exist stay. After an interruption, run the command again: it creates what
    is missing.
    """
    client, stop = Client(url), threading.Event()
    names = [f"{prefix}-{number:05}" for number in range(1, hosts + 1)]
    with (
        progress("networks and endpoints", hosts * (endpoints + 1)) as advance,
        ThreadPoolExecutor(connections) as pool,
    ):
        try:
            tasks = [pool.submit(_fill, client.on(name), number, release, endpoints, advance, stop)
                     for number, name in enumerate(names)]  # fmt: skip
            for task in tasks:
                task.result()
        except BaseException:
            stop.set()  # the threads end after the request they are sending
            pool.shutdown(cancel_futures=True)
            raise
    typer.echo(f"{hosts} hosts with {endpoints} endpoints each")


def _version(text: str) -> dict[str, int] | None:
    if not text:
        return None
    try:
        major, minor = parse_version(text)
    except HnsError as refusal:
        raise typer.BadParameter(refusal.detail) from refusal
    return {"major": major, "minor": minor}


def _fill(
    client: Client,
    number: int,
    release: str,
    endpoints: int,
    advance: Advance,
    stop: threading.Event,
) -> None:
    """Create what is missing on one host."""
    name = client.host
    client.send("PUT", emulator_path(name), {"release": release})
    network = str(uuid.uuid5(_NAMESPACE, name))
    request = {"Networks": [_network(network, number)]}
    for first in range(0, max(endpoints, 1), AT_ONCE):
        if stop.is_set():
            return
        request["Endpoints"] = [
            _endpoint(name, network, index)
            for index in range(first, min(first + AT_ONCE, endpoints))
        ]
        _check(name, client.post(f"{emulator_path(name)}/bulk", request))
        advance(len(request["Networks"]) + len(request["Endpoints"]))
        request = {"Networks": []}


def _check(name: str, result: Mapping[str, list[dict[str, str]]]) -> None:
    """Raise typer.Exit, with a message on stderr, if a document was refused."""
    for item in (*result["Networks"], *result["Endpoints"]):
        if item["Result"] == "Refused":
            raise failed(f"{name}: {item.get('Detail') or item['Error']}", REFUSED)


def _endpoint(host: str, network: str, index: int) -> dict[str, object]:
    return {
        "ID": str(uuid.uuid5(_NAMESPACE, f"{host} {index}")),
        "Name": f"pod-{index}",
        "HostComputeNetwork": network,
        "SchemaVersion": _SCHEMA,
    }


def _network(guid: str, number: int) -> dict[str, object]:
    """Return the network of host `number`; its /20 prefix repeats after 4,096 hosts."""
    prefix = ipaddress.ip_network(
        (int(ipaddress.ip_address("10.0.0.0")) + number % 4096 * 4096, 20)
    )
    gateway = str(next(prefix.hosts()))
    route = {"NextHop": gateway, "DestinationPrefix": "0.0.0.0/0"}
    subnet = {"IpAddressPrefix": str(prefix), "Routes": [route]}
    return {
        "ID": guid,
        "Name": "fleet",
        "Type": "L2Bridge",
        "Ipams": [{"Type": "Static", "Subnets": [subnet]}],
        "SchemaVersion": _SCHEMA,
    }
