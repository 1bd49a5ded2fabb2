"""`hnsemu …`: the service, and a client of it for people."""

import os
from typing import Annotated

import typer

from hnsemu.cli import events, hnsdiag, hosts, objects, packets, serving, vfpctrl

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
cli.add_typer(hosts.cli, name="hosts")
cli.add_typer(hosts.fleet, name="fleet")
for _noun in objects.NOUNS:
    cli.add_typer(objects.commands(_noun), name=_noun.word)


@cli.callback()
def options(
    *,
    debug: Annotated[
        bool, typer.Option("--debug", help="tell every request on stderr, as curl")
    ] = False,
) -> None:
    """The Windows Host Networking Service (HNS and HCN) as a REST microservice."""
    if debug:
        os.environ["HNSEMU_DEBUG"] = "1"


def main() -> None:
    """Run the command line."""
    cli()
