"""vfpctrl, as its users know it: switches in any order, with / or - before them."""

from typing import Annotated
from urllib.parse import quote

import typer

from hnsemu.cli.client import DEFAULT_URL, WRONG_USE, Client, failed
from hnsemu.cli.options import HostName

cli = typer.Typer()

# Without the short form of others: -list-rule would be read as one.
_Url = Annotated[str, typer.Option("--url", envvar="HNSEMU_URL", help="where the service listens")]
_WITH_VALUE = {"port", "layer", "group", "switch", "format", "process-tuples"}


@cli.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def vfpctrl(
    switches: Annotated[list[str], typer.Argument(help="/list-rule /port NAME /layer ID …")],
    *,
    url: _Url = DEFAULT_URL,
    host: HostName = "",
) -> None:
    """Print what vfpctrl prints, as in /list-rule /port NAME or /list-vmswitch-port."""
    values, words = _parsed(switches)
    client = Client(url, host)
    as_json = values.get("format") == "1"
    if "list-vmswitch-port" in words:
        shape = "json" if as_json else "vfpctrl"
        typer.echo(client.text("GET", "/host/vfp/ports", format=shape), nl=False)
        return
    if "process-tuples" in values and "port" in values:
        path = f"/host/vfp/ports/{quote(values['port'], safe='')}/process-tuples"
        typer.echo(client.text("GET", path, tuple=values["process-tuples"]), nl=False)
        return
    if len(words) != 1 or "port" not in values:
        raise failed(
            "give one command and a port, as in `hnsemu vfpctrl /list-rule /port NAME`; "
            "`hnsemu vfpctrl /list-vmswitch-port` lists the ports",
            WRONG_USE,
        )
    path = f"/host/vfp/ports/{quote(values['port'], safe='')}"
    query = {"format": "json" if as_json else "vfpctrl", "layer": values.get("layer", "")}
    if not as_json:
        query |= {"command": words[0], "group": values.get("group", "")}
    typer.echo(client.text("GET", path, **query), nl=False)


def _parsed(switches: list[str]) -> tuple[dict[str, str], list[str]]:
    """Return the switches with values, and the commands."""
    values: dict[str, str] = {}
    words = []
    left = iter(switches)
    for each in left:
        name = each.lstrip("/-").lower()
        if name in _WITH_VALUE:
            values[name] = next(left, "")
        else:
            words.append(name)
    return values, words
