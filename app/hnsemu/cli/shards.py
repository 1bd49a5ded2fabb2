"""shards: a front for several services with hosts of their own."""

import re
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

import typer

from hnsemu.cli.client import USAGE_ERROR, Client, failed
from hnsemu.cli.tls import ClientCommands
from hnsemu.domain.shards import Shard, haproxy, nginx
from hnsemu.errors import HnsError


class Front(StrEnum):
    """Programs that can be the front."""

    NGINX = "nginx"
    HAPROXY = "haproxy"


_RENDERED = {Front.NGINX: nginx, Front.HAPROXY: haproxy}

cli = typer.Typer()
_shards = ClientCommands(
    no_args_is_help=True, help="Lead clients of several services to their hosts."
)
cli.add_typer(_shards, name="shards")

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ADDRESS = re.compile(r"[\w.-]+(:\d+)?|\[[0-9a-fA-F:.]+\](:\d+)?")


@_shards.command("render")
def render_front(
    services: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME=URL...",
            help="The services, as in east=http://10.0.0.5:8420. What is no host's, and the hosts "
            "that none of them has, go to the first.",
        ),
    ],
    *,
    listen: Annotated[
        str, typer.Option(metavar="[ADDRESS:]PORT", help="Where the front listens.")
    ] = "80",
    front: Annotated[
        Front, typer.Option("--for", help="Which program the front runs.")
    ] = Front.NGINX,
) -> None:
    """Print a configuration that sends /hosts/NAME to the service that has the host."""
    shards = [_shard(service) for service in services]
    if len({shard.name for shard in shards}) < len(shards):
        raise failed("each service needs a name of its own", USAGE_ERROR)
    try:
        typer.echo(_RENDERED[front](shards, listen), nl=False)
    except HnsError as refusal:
        raise failed(refusal.detail, 1) from refusal


def _shard(service: str) -> Shard:
    """Return a service and the hosts that it has now.

    Raises: typer.Exit for what is no name and URL, or when the service does not answer.
    """
    name, _, url = service.partition("=")
    parts = urlsplit(url)
    if not _NAME.fullmatch(name) or parts.scheme != "http" or not _ADDRESS.fullmatch(parts.netloc):
        raise failed(
            f"{service!r} is no service; write a name of a-z, 0-9 and '_' and an address, as in "
            "east=http://10.0.0.5:8420",
            USAGE_ERROR,
        )
    hosts = Client(url, elsewhere="give the address of one that runs").pages(
        "/emulator/hosts", key="name"
    )
    return Shard(name, parts.netloc, [host["name"] for host in hosts])
