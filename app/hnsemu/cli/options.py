"""Options and arguments that many commands have."""

from typing import Annotated

import typer

from hnsemu.cli.completion import names_of_hosts

Url = Annotated[
    str,
    typer.Option(
        "--url", "-u", envvar="HNSEMU_URL", show_default=True, help="where the service listens"
    ),
]
HostName = Annotated[
    str,
    typer.Option(
        "--host",
        envvar="HNSEMU_ON",
        help="emulated host; the default one without",
        autocompletion=names_of_hosts,
    ),
]
File = Annotated[str, typer.Option("--file", "-f", help="JSON or YAML; - for standard input")]
