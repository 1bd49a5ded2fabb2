"""events: what HNS tells, as it happens."""

import json
import os
import time
from typing import Annotated

import typer

from hnsemu.cli.client import DEFAULT_URL, NO_SERVICE, REFUSED, failed
from hnsemu.cli.options import HostName, Url

cli = typer.Typer()

_PAUSE = 1.0  # seconds before a lost stream is taken up again


@cli.command()
def events(
    *,
    follow: Annotated[bool, typer.Option(help="go on until Ctrl-C")] = False,
    after: Annotated[str, typer.Option(help="number of the last one that is known")] = "0",
    url: Url = DEFAULT_URL,
    host: HostName = "",
) -> None:
    """Print notifications, one JSON text a line, from the oldest that is kept on."""
    last = after
    while True:
        last = _read(url, host, last, follow=follow)
        if not follow:
            return
        time.sleep(_PAUSE)


def _read(url: str, host: str, after: str, *, follow: bool) -> str:
    """Print what a stream tells; return the number of the last one when it ends.

    Raises: typer.Exit when the service refuses, or is not there and nothing is followed.
    """
    import httpx  # noqa: PLC0415 (commands without a service start faster)

    token = os.environ.get("HNSEMU_TOKEN", "")
    headers = {"Last-Event-ID": after} | ({"Authorization": f"Bearer {token}"} if token else {})
    at = f"/hosts/{host}" if host else ""
    silence = None if follow else 1.0  # what was told before comes at once
    last = after
    try:
        with httpx.stream(
            "GET",
            f"{url.rstrip('/')}{at}/v2/notifications",
            headers=headers,
            timeout=httpx.Timeout(10, read=silence),
        ) as stream:
            if not stream.is_success:
                stream.read()
                raise failed(f"the service answered {stream.status_code}: {stream.text}", REFUSED)
            told: dict[str, str] = {}
            for line in stream.iter_lines():
                if line:
                    name, _, value = line.partition(":")
                    told[name] = value.strip()
                elif "data" in told:
                    last = told.get("id", last)
                    shown = {"Event": told.get("event", ""), "Number": last}
                    typer.echo(json.dumps({**shown, **json.loads(told["data"])}))
                    told = {}
    except httpx.ReadTimeout:
        return last
    except httpx.HTTPError as error:
        if not follow:
            raise failed(f"nobody answers at {url}: {error}", NO_SERVICE) from error
    return last
