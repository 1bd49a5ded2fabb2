"""docker env: what Docker's clients need to find an emulated host."""

import shlex
from typing import Annotated
from urllib.parse import urlsplit

import typer

from hnsemu import DEFAULT_URL
from hnsemu.cli.client import USAGE_ERROR, failed, host_prefix
from hnsemu.cli.options import HostName, Url

_HELP = "Lead Docker's clients to an emulated host."

cli = typer.Typer()
_commands = typer.Typer(no_args_is_help=True, help=_HELP)
cli.add_typer(_commands, name="docker")


@_commands.callback()
def docker() -> None:
    """Lead Docker's clients to an emulated host."""


@_commands.command("env")
def print_environment(
    *,
    powershell: Annotated[
        bool, typer.Option("--powershell", help="Print the lines for PowerShell.")
    ] = False,
    url: Url = DEFAULT_URL,
    host: HostName = "",
) -> None:
    """Print the variables that lead docker, Compose and the SDKs to a host.

    eval "$(hnsemu docker env)", or: hnsemu docker env --powershell | Invoke-Expression
    """
    for name, value in _variables(url, host).items():
        if powershell:
            escaped = value.replace("'", "''")
            typer.echo(f"$Env:{name} = '{escaped}'")
        else:
            typer.echo(f"export {name}={shlex.quote(value)}")


def _variables(url: str, host: str) -> dict[str, str]:
    """Return the variables for a service and a host on it, "" for the default one.

    Raises: typer.Exit, with a message on stderr, for a URL that is none.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise failed(f"{url!r} is no address of a service", USAGE_ERROR)
    path = f"{parts.path.rstrip('/')}{host_prefix(host)}/docker"
    variables = {"DOCKER_HOST": f"tcp://{parts.netloc}{path}"}
    return variables | ({"DOCKER_TLS_VERIFY": "1"} if parts.scheme == "https" else {})
