"""clock: what time it is on all hosts of the service."""

import json
from typing import Annotated, Any

import typer

from hnsemu import DEFAULT_URL
from hnsemu.cli.client import Client
from hnsemu.cli.options import Url
from hnsemu.cli.output import Output, Shape, show
from hnsemu.cli.tls import ClientCommands

cli = typer.Typer()
_clock = ClientCommands(
    no_args_is_help=True, help="Stop the clock of all hosts, move it, or let it run."
)
cli.add_typer(_clock, name="clock")

_PATH = "/emulator/clock"


@_clock.command("show")
def show_clock(*, url: Url = DEFAULT_URL, output: Output = Shape.TABLE) -> None:
    """Print the time on the hosts, and whether it is the machine's."""
    _print(Client(url).get(_PATH), output)


@_clock.command("freeze")
def freeze_clock(*, url: Url = DEFAULT_URL, output: Output = Shape.TABLE) -> None:
    """Stop the clock."""
    _change(url, output, freeze=True)


@_clock.command("advance")
def advance_clock(
    duration: Annotated[str, typer.Argument(metavar="DURATION", help="200ms, 5s, 5m, 2h, 1d.")],
    *,
    url: Url = DEFAULT_URL,
    output: Output = Shape.TABLE,
) -> None:
    """Move the clock forwards."""
    _change(url, output, advance=duration)


@_clock.command("set")
def set_clock(
    time: Annotated[
        str, typer.Argument(metavar="TIME", help="Such as 2027-01-01T00:00:00Z; UTC by default.")
    ],
    *,
    url: Url = DEFAULT_URL,
    output: Output = Shape.TABLE,
) -> None:
    """Move the clock to a time."""
    _change(url, output, set=time)


@_clock.command("release")
def release_clock(*, url: Url = DEFAULT_URL, output: Output = Shape.TABLE) -> None:
    """Let the clock show the time of the machine again."""
    _change(url, output, release=True)


def _change(url: str, output: Shape, **change: object) -> None:
    _print(json.loads(Client(url).send("PUT", _PATH, change)), output)


def _print(found: Any, output: Shape) -> None:  # noqa: ANN401 (any JSON value)
    if output is Shape.TABLE:
        typer.echo(f"{found['time']} {found['mode']}")
    else:
        show(found, output)
