"""vfpctrl: switches in any order, introduced by / or -, as on Windows."""

from typing import Annotated
from urllib.parse import quote

import typer

from hnsemu.cli.client import DEFAULT_URL, USAGE_ERROR, Client, failed
from hnsemu.cli.options import HostName

cli = typer.Typer()

# Without the short form -u of other commands: -list-rule would be parsed as short options.
_Url = Annotated[str, typer.Option("--url", envvar="HNSEMU_URL", help="Address of the service.")]
_WITH_VALUE = {"port", "layer", "group", "switch", "format", "process-tuples"}


@cli.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def vfpctrl(
    switches: Annotated[
        list[str],
        typer.Argument(metavar="SWITCH", help="/list-rule /port NAME /layer ID …"),
    ],
    *,
    url: _Url = DEFAULT_URL,
    host: HostName = "",
) -> None:
    """Print VFP ports, layers and rules as vfpctrl does."""
    values, commands = _parsed(switches)
    client = Client(url, host)
    as_json = values.get("format") == "1"
    if "list-vmswitch-port" in commands:
        shape = "json" if as_json else "vfpctrl"
        typer.echo(client.text("GET", "/host/vfp/ports", format=shape), nl=False)
        return
    if "process-tuples" in values and "port" in values:
        path = f"/host/vfp/ports/{quote(values['port'], safe='')}/process-tuples"
        typer.echo(client.text("GET", path, tuple=values["process-tuples"]), nl=False)
        return
    if len(commands) != 1 or "port" not in values:
        raise failed(
            "give one command and a port, as in `hnsemu vfpctrl /list-rule /port NAME`; "
            "`hnsemu vfpctrl /list-vmswitch-port` lists the ports",
            USAGE_ERROR,
        )
    path = f"/host/vfp/ports/{quote(values['port'], safe='')}"
    query = {"format": "json" if as_json else "vfpctrl", "layer": values.get("layer", "")}
    if not as_json:
        query |= {"command": commands[0], "group": values.get("group", "")}
    typer.echo(client.text("GET", path, **query), nl=False)


def _parsed(switches: list[str]) -> tuple[dict[str, str], list[str]]:
    """Return the switches that have a value, and the commands."""
    values: dict[str, str] = {}
    commands = []
    remaining = iter(switches)
    for switch in remaining:
        name = switch.lstrip("/-").lower()
        if name in _WITH_VALUE:
            values[name] = next(remaining, "")
        else:
            commands.append(name)
    return values, commands
