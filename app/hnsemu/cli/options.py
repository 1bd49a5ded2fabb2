"""Options that many commands share."""

from typing import Annotated

import typer

from hnsemu.cli.completion import names_of_hosts

Url = Annotated[
    str,
    typer.Option(
        "--url", "-u", envvar="HNSEMU_URL", show_default=True, help="Address of the service."
    ),
]
HostName = Annotated[
    str,
    typer.Option(
        "--host",
        envvar="HNSEMU_ON",
        help="Emulated host; `default` if not given.",
        autocompletion=names_of_hosts,
    ),
]
File = Annotated[
    str, typer.Option("--file", "-f", help="JSON or YAML document; - for standard input.")
]
