"""events: the notifications of HNS, as they happen."""

import json
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated

import typer

from hnsemu import DEFAULT_URL
from hnsemu.cli.client import (
    authorization,
    connections_to,
    host_prefix,
    refused,
    unreachable,
)
from hnsemu.cli.connections import FAILURES, Connections
from hnsemu.cli.options import HostName, Url
from hnsemu.cli.tls import ClientCommands, certificate_problem, trust_of_command

cli = ClientCommands()

_RECONNECT_DELAY = 1.0  # seconds
_TIMEOUT = 100.0  # seconds until the service answers, or says that a stream is still there


@cli.command()
def events(
    *,
    follow: Annotated[bool, typer.Option(help="Wait for new notifications until Ctrl-C.")] = False,
    after: Annotated[
        str, typer.Option(help="Start after the notification with this number.")
    ] = "0",
    url: Url = DEFAULT_URL,
    host: HostName = "",
) -> None:
    """Print notifications, one JSON object per line.

    Stored notifications are printed first, oldest first.
    """
    connections = connections_to(url, trust_of_command(), _TIMEOUT)
    path = f"{host_prefix(host)}/v2/notifications"
    if not follow:
        _print_stored(url, connections, path, after)
        return
    while True:
        try:
            with _stream(connections, path, after) as lines:
                for block in _blocks(lines):
                    after = _print(block, after)
        except FAILURES as error:  # the service is gone, or restarting
            if certificate_problem(url, error):
                raise unreachable(url, error) from error
        time.sleep(_RECONNECT_DELAY)


def _print_stored(url: str, connections: Connections, path: str, after: str) -> None:
    """Print what is stored now.

    A stream does not say where the past ends. It has ended at the number of the newest
    notification, which a comment has if that one belongs to another stream of the host.
    Raises: typer.Exit if the service refuses or cannot be reached.
    """
    try:
        # The first block of a new stream carries the number.
        with _stream(connections, path, silence=_TIMEOUT) as lines:
            newest = next(_blocks(lines))["id"]
        known = ""
        while after != known:  # a stream ends where HNS stopped, and goes on behind it
            known = after
            with _stream(connections, path, after, silence=_TIMEOUT) as lines:
                for block in _blocks(lines):
                    after = _print(block, after)
                    if int(after) >= int(newest):
                        return
    except FAILURES as error:
        raise unreachable(url, error) from error


@contextmanager
def _stream(
    connections: Connections, path: str, after: str = "", silence: float | None = None
) -> Iterator[Iterator[str]]:
    """Open a stream of events and yield its lines.

    after: number of the last known notification. silence: seconds without a line after which
    reading raises TimeoutError.
    Raises: typer.Exit if the service refuses; one of FAILURES.
    """
    headers = authorization(os.environ.get("HNSEMU_TOKEN", ""))
    if after:
        headers["Last-Event-ID"] = after
    with connections.stream(path, headers, silence) as response:
        if response.status != HTTPStatus.OK:
            raise refused(response.read().decode("utf-8", "replace"), response.status)
        yield (line.decode("utf-8", "replace").rstrip("\r\n") for line in response)


def _blocks(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """Yield the fields of each block of a stream: an event with `data`, or a comment."""
    block: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            block[name] = value.strip()
        else:
            yield block
            block = {}


def _print(block: dict[str, str], last: str) -> str:
    """Print a block that is an event; return the number that the stream has reached."""
    last = block.get("id", last)
    if "data" in block:
        head = {"Event": block.get("event", ""), "Number": last}
        typer.echo(json.dumps({**head, **json.loads(block["data"])}))
    return last
