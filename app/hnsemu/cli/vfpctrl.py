"""vfpctrl: switches in any order, introduced by / or -, as on Windows."""

import json
from collections.abc import Sequence
from typing import Annotated

import typer

from hnsemu import DEFAULT_URL
from hnsemu.cli.client import USAGE_ERROR, Client, failed, segment
from hnsemu.cli.objects import resolve
from hnsemu.cli.options import HostName, service_of
from hnsemu.cli.tls import ClientCommands
from hnsemu.domain.near import nearest
from hnsemu.domain.visible import visible

cli = ClientCommands()

# Without the short form -u of other commands: -list-rule would be parsed as short options.
_Url = Annotated[
    str,
    typer.Option(
        "--url",
        envvar="HNSEMU_URL",
        is_eager=True,
        callback=service_of,
        help="Address of the service.",
    ),
]
_WITH_VALUE = {"port", "layer", "group", "switch", "format", "process-tuples"}
OF_PORT = (
    "list-rule", "get-rule-counter", "list-layer", "list-group", "get-port-state",
    "get-port-address-info", "list-space", "list-tag", "list-nat-pool", "list-nat-range",
)  # fmt: skip
"""What the service answers of a port."""


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
    _check_known(commands)
    client = Client(url, host)
    as_json = values.get("format") == "1"
    shape = "json" if as_json else "vfpctrl"
    if "list-vmswitch-port" in commands:
        _print(client.text("GET", "/host/vfp/ports", format=shape), as_json=as_json)
        return
    if "process-tuples" in values and "port" in values:
        path = f"{_port_path(client, values['port'])}/process-tuples"
        _print(client.text("GET", path, tuple=values["process-tuples"]))
        return
    if len(commands) != 1 or "port" not in values:
        raise failed(
            "give one command and a port, as in `hnsemu vfpctrl /list-rule /port NAME`; "
            "`hnsemu vfpctrl /list-vmswitch-port` lists the ports",
            USAGE_ERROR,
        )
    path = _port_path(client, values["port"])
    query = {"format": shape, "layer": values.get("layer", "")}
    if not as_json:
        query |= {"command": commands[0], "group": values.get("group", "")}
    _print(client.text("GET", path, **query), as_json=as_json)


def _check_known(commands: Sequence[str]) -> None:
    """Refuse what is no switch of vfpctrl, by its name.

    Raises: typer.Exit.
    """
    known = [*OF_PORT, "list-vmswitch-port", *sorted(_WITH_VALUE)]
    for command in commands:
        if command not in known:
            close = nearest(command, known)
            near = f"did you mean /{close}?" if close else f"use /{', /'.join(known)}"
            raise failed(f"vfpctrl has no switch {command!r} here; {near}", USAGE_ERROR)


def _port_path(client: Client, word: str) -> str:
    """Return the path of a port, given as on Windows or by its endpoint.

    Raises: typer.Exit if no port and no endpoint has the name, or several endpoints have it.
    """
    wanted = word.strip().strip("{}").lower()
    ports = client.get("/host/vfp/ports")
    names = {port[member].lower() for port in ports for member in ("PortName", "PortFriendlyName")}
    port = wanted if wanted in names else resolve(client, "/v2/endpoints", word.strip("{}"))
    return f"/host/vfp/ports/{segment(port)}"


def _print(text: str, *, as_json: bool = False) -> None:
    """Print what the service answered, with the line ends of Windows unless it is JSON."""
    if as_json:
        typer.echo(json.dumps(json.loads(text), separators=(",", ":")))
    else:
        typer.echo("\r\n".join(map(visible, text.split("\r\n"))), nl=False)


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
