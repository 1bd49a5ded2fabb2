"""Options that many commands share."""

from typing import Annotated
from urllib.parse import unquote

import typer

from hnsemu.cli.completion import names_of_hosts

_HOST = "hnsemu.host"


def service_of(context: typer.Context, url: str) -> str:
    """Return the address of the service in the address of a host, which `_host_of` returns."""
    service, found, host = url.rstrip("/").rpartition("/hosts/")
    if not found or not host or "/" in host:
        return url
    context.meta[_HOST] = unquote(host)
    return service


def _host_of(context: typer.Context, name: str) -> str:
    return name or str(context.meta.get(_HOST, ""))


Url = Annotated[
    str,
    typer.Option(
        "--url",
        "-u",
        envvar="HNSEMU_URL",
        show_default=True,
        is_eager=True,  # before --host
        callback=service_of,
        help="Address of the service.",
    ),
]
HostName = Annotated[
    str,
    typer.Option(
        "--host",
        envvar="HNSEMU_ON",
        callback=_host_of,
        help="Emulated host; `default` if not given.",
        autocompletion=names_of_hosts,
    ),
]
File = Annotated[
    str, typer.Option("--file", "-f", help="JSON or YAML document; - for standard input.")
]
