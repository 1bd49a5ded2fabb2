"""`hnsemu …`: the service, and its command-line client."""

import os
from typing import Annotated

import typer

from hnsemu import __version__
from hnsemu.cli import docker, events, hnsdiag, hosts, objects, packets, serving, vfpctrl
from hnsemu.cli.client import close_connections

cli = typer.Typer(
    name="hnsemu",
    help="The Windows Host Networking Service (HNS and HCN) as a REST microservice.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
cli.add_typer(serving.cli)
cli.add_typer(serving.config, name="config")
cli.add_typer(packets.cli)
cli.add_typer(vfpctrl.cli)
cli.add_typer(events.cli)
cli.add_typer(hnsdiag.cli, name="hnsdiag")
cli.add_typer(docker.cli, name="docker")
cli.add_typer(hosts.cli, name="hosts")
cli.add_typer(hosts.fleet, name="fleet")
for _noun in objects.NOUNS:
    cli.add_typer(objects.commands(_noun), name=_noun.word)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 (called by typer)
    if wanted:
        typer.echo(f"hnsemu {__version__}")
        raise typer.Exit


@cli.callback()
def options(
    context: typer.Context,
    *,
    debug: Annotated[
        bool, typer.Option("--debug", help="Print every request to stderr as a curl command.")
    ] = False,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            "-V",
            callback=_print_version,
            is_eager=True,
            help="Print the version and exit.",
        ),
    ] = False,
) -> None:
    """The Windows Host Networking Service (HNS and HCN) as a REST microservice."""
    context.call_on_close(close_connections)
    if debug:
        os.environ["HNSEMU_DEBUG"] = "1"


def main() -> None:
    """Run the command line."""
    cli()
