"""hosts and fleet: the emulated hosts of a service, one by one and by the thousand."""

import ipaddress
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

import typer

from hnsemu.cli.client import DEFAULT_URL, Client, read_document
from hnsemu.cli.completion import names_of_hosts
from hnsemu.cli.options import File, Url
from hnsemu.cli.output import Output, Shape, show, table
from hnsemu.cli.progress import Advance, progress

cli = typer.Typer(no_args_is_help=True, help="List, show, create and delete emulated hosts.")
fleet = typer.Typer(no_args_is_help=True, help="Many hosts with many endpoints.")

_COMPLETED = typer.Argument(metavar="NAME", autocompletion=names_of_hosts)
Name = Annotated[str, _COMPLETED]
Names = Annotated[list[str], _COMPLETED]

_PAGE = 500
_SCHEMA = {"Major": 2, "Minor": 0}
_SPACE = uuid.UUID("6f0e3c52-4f0f-4c7e-9d7e-2f9a1f0b6c11")  # ids of a fleet follow from their names
_MOST_ENDPOINTS = 4000  # a network's MAC pool has 4,096


@cli.command("list")
def list_hosts(*, url: Url = DEFAULT_URL, output: Output = Shape.TABLE) -> None:
    """List the hosts by name."""
    found = list(_hosts(Client(url)))
    if output is not Shape.TABLE:
        show(found, output)
        return
    rows = [
        (each["name"], each["release"], ", ".join(a["address"] for a in each["adapters"]))
        for each in found
    ]
    table(["name", "release", "addresses"], rows, "hosts")


@cli.command("show")
def show_host(name: Name, *, url: Url = DEFAULT_URL, output: Output = Shape.JSON) -> None:
    """Show one host."""
    shape = Shape.JSON if output is Shape.TABLE else output
    show(Client(url).get(f"/emulator/hosts/{name}"), shape)


@cli.command("create")
def create_host(
    name: str,
    *,
    file: File = "",
    release: Annotated[str, typer.Option(help="Windows release, as in ws2022")] = "",
    url: Url = DEFAULT_URL,
) -> None:
    """Make a host, or see that it is as asked."""
    asked = read_document(file) if file else {}
    if release:
        asked["release"] = release
    Client(url).send("PUT", f"/emulator/hosts/{name}", asked)
    typer.echo(name)


@cli.command("delete")
def delete_hosts(names: Names, *, url: Url = DEFAULT_URL) -> None:
    """Remove hosts with everything on them."""
    client = Client(url)
    for name in names:
        client.send("DELETE", f"/emulator/hosts/{name}")
        typer.echo(name)


@fleet.command("create")
def create_fleet(
    *,
    hosts: Annotated[int, typer.Option(min=1, max=100_000, help="how many hosts")],
    endpoints: Annotated[int, typer.Option(min=0, max=_MOST_ENDPOINTS, help="of each host")],
    prefix: Annotated[str, typer.Option(help="of the hosts' names")] = "fleet",
    release: Annotated[str, typer.Option(help="Windows release")] = "ws2022",
    connections: Annotated[int, typer.Option(min=1, max=64, help="at once")] = 8,
    url: Url = DEFAULT_URL,
) -> None:  # fmt: skip
    """Make hosts with endpoints on an L2Bridge network each; what is there already stays.

    Run it again after an interruption: only what is missing is made.
    """
    client, stop = Client(url), threading.Event()
    names = [f"{prefix}-{number:05}" for number in range(1, hosts + 1)]
    with (
        progress("filled", hosts * (endpoints + 1)) as advance,
        ThreadPoolExecutor(connections) as pool,
    ):
        filling = [pool.submit(_fill, client.on(name), n, release, endpoints, advance, stop)
                   for n, name in enumerate(names)]  # fmt: skip
        try:
            for each in filling:
                each.result()
        except BaseException:
            stop.set()  # the others end after the request that they are at
            pool.shutdown(cancel_futures=True)
            raise
    typer.echo(f"{hosts} hosts with {endpoints} endpoints each")


def _fill(
    client: Client,
    number: int,
    release: str,
    endpoints: int,
    advance: Advance,
    stop: threading.Event,
) -> None:
    """Bring one host to what is asked."""
    name = client.host
    client.send("PUT", f"/emulator/hosts/{name}", {"release": release})
    network = str(uuid.uuid5(_SPACE, name))
    if network not in client.get("/v2/networks", view="ids"):
        client.post("/v2/networks", _network(network, number))
    advance(1)
    have = set(client.get("/v2/endpoints", view="ids"))
    for place in range(endpoints):
        if stop.is_set():
            return
        guid = str(uuid.uuid5(_SPACE, f"{name} {place}"))
        if guid not in have:
            asked = {"ID": guid, "Name": f"pod-{place}", "SchemaVersion": _SCHEMA}
            client.post(f"/v2/networks/{network}/endpoints", asked)
        advance(1)


def _network(guid: str, number: int) -> dict[str, object]:
    """Return the network of the n-th host; prefixes of /20 repeat after 4,096 hosts."""
    subnet = ipaddress.ip_network(
        (int(ipaddress.ip_address("10.0.0.0")) + number % 4096 * 4096, 20)
    )
    gateway = str(next(subnet.hosts()))
    route = {"NextHop": gateway, "DestinationPrefix": "0.0.0.0/0"}
    inside = {"IpAddressPrefix": str(subnet), "Routes": [route]}
    return {
        "ID": guid,
        "Name": "fleet",
        "Type": "L2Bridge",
        "Ipams": [{"Type": "Static", "Subnets": [inside]}],
        "SchemaVersion": _SCHEMA,
    }


def _hosts(client: Client) -> Iterator[dict[str, Any]]:
    after = ""
    while True:
        found = client.get("/emulator/hosts", limit=_PAGE, after=after)
        yield from found
        if len(found) < _PAGE:
            return
        after = found[-1]["name"]
