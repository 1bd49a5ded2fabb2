"""graph: hosts as a picture, a diagram or a document."""

from enum import StrEnum
from typing import Annotated

import typer

from hnsemu import DEFAULT_URL
from hnsemu.cli.client import Client
from hnsemu.cli.options import HostName, Url
from hnsemu.cli.tls import ClientCommands

cli = ClientCommands()


class Form(StrEnum):
    """What a picture is written as."""

    SVG = "svg"
    DOT = "dot"
    MERMAID = "mermaid"
    D2 = "d2"
    JSON = "json"


@cli.command()
def graph(
    *,
    form: Annotated[Form, typer.Option("--output", "-o", help="Output format.")] = Form.MERMAID,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Fade what does not match (HCN filter)."),
    ] = None,
    opened: Annotated[
        list[str] | None,
        typer.Option(
            "--open",
            metavar="ID",
            help="Show the endpoints of this network only; all: of every one.",
        ),
    ] = None,
    layers: Annotated[
        str | None,
        typer.Option(
            help="What to show beside endpoints: namespaces,loadbalancers,ports, or none."
        ),
    ] = None,
    beside: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="HOST", help="Show this host, too; all: every one."),
    ] = None,
    url: Url = DEFAULT_URL,
    host: HostName = "",
) -> None:
    """Draw what stands on what on a host."""
    query = {"format": form.value}
    if where:
        query["where"] = " ".join(where)
    if opened is not None:
        query["open"] = ",".join(opened)
    if layers is not None:
        query["layers"] = layers
    if beside:
        query["hosts"] = ",".join(beside)
    text = Client(url, host).text("GET", "/host/topology", **query)
    typer.echo(text, nl=not text.endswith("\n"))
