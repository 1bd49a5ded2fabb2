"""events: the notifications of HNS, as they happen."""

import json
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from hnsemu.cli.client import DEFAULT_URL, REFUSED, failed, host_prefix, unreachable, verification
from hnsemu.cli.options import HostName, Url
from hnsemu.cli.tls import ClientCommands, certificate_problem, trust_of_command

cli = ClientCommands()

_RECONNECT_DELAY = 1.0  # seconds
_TIMEOUT = 10.0  # seconds until the service answers
_SILENCE = 1.0  # seconds without an event after which nothing more is stored


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
    address = f"{url.rstrip('/')}{host_prefix(host)}/v2/notifications"
    if not follow:
        _print_stored(url, address, after)
        return
    import httpx  # noqa: PLC0415 (commands without a request start faster)

    while True:
        try:
            with _connect(address, after) as stream:
                for block in _blocks(stream.iter_lines()):
                    after = _print(block, after)
        except httpx.HTTPError as error:  # the service is gone, or restarting
            if certificate_problem(url, error):
                raise unreachable(url, error) from error
        time.sleep(_RECONNECT_DELAY)


def _print_stored(url: str, address: str, after: str) -> None:
    """Print what is stored now.

    A stream does not say where the past ends. It has ended at the number of the newest
    notification; if that one belongs to another stream of the host, silence tells.
    Raises: typer.Exit if the service refuses or cannot be reached.
    """
    import httpx  # noqa: PLC0415 (as above)

    try:
        with _connect(address) as stream:  # the first block of a new stream carries the number
            newest = next(_blocks(stream.iter_lines()))["id"]
        with _connect(address, after, silence=_SILENCE) as stream:
            for block in _blocks(stream.iter_lines()):
                after = _print(block, after)
                if int(after) >= int(newest):
                    return
    except httpx.ReadTimeout:
        return
    except httpx.HTTPError as error:
        raise unreachable(url, error) from error


@contextmanager
def _connect(address: str, after: str = "", silence: float | None = None) -> Iterator[Any]:
    """Open a stream of events and yield the response.

    after: number of the last known notification. silence: seconds without an event after which
    reading raises httpx.ReadTimeout.
    Raises: typer.Exit if the service refuses; httpx.HTTPError.
    """
    import httpx  # noqa: PLC0415 (as above)

    token = os.environ.get("HNSEMU_TOKEN", "")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if after:
        headers["Last-Event-ID"] = after
    verify = verification(trust_of_command(), address)
    with httpx.stream("GET", address, headers=headers, timeout=_TIMEOUT, verify=verify) as stream:
        if not stream.is_success:
            stream.read()
            raise failed(f"the service answered {stream.status_code}: {stream.text}", REFUSED)
        # The transport looks here when the body is read; the answer itself may take longer.
        stream.request.extensions["timeout"]["read"] = silence
        yield stream


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
