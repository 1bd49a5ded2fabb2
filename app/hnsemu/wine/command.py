"""`hnsemu-wine PROGRAM.exe …`: run a Windows program on Linux and carry its HNS calls to hnsemu.

Intended for `GOOS=windows go test -exec hnsemu-wine`. Working directory, environment, streams and
exit code are those of the program; 125 means that hnsemu-wine itself failed.
"""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Annotated
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import typer

from hnsemu.domain.releases import NEWEST, RELEASES, Release
from hnsemu.wine import processes
from hnsemu.wine.launch import run as run_program
from hnsemu.wine.places import WineError, wine_binary
from hnsemu.wine.prefix import prepare

_FAILED = 125  # as env, timeout and docker do, to tell it from the codes of the program
_TIMEOUT = 100  # seconds: a busy service is not one of another release

wine = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@wine.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
def run(
    program: Annotated[str, typer.Argument(metavar="PROGRAM", help="Windows program to run.")],
    arguments: Annotated[
        list[str] | None, typer.Argument(metavar="ARGUMENT", help="Arguments of the program.")
    ] = None,
    *,
    release: Annotated[
        str | None, typer.Option(help="Windows release of a host created for this run.")
    ] = None,
    own_host: Annotated[
        bool,
        typer.Option("--own-host", help="Create a host for this run in the service at HNSEMU_URL."),
    ] = False,
) -> None:
    """Run a Windows program against hnsemu.

    The program uses the host at HNSEMU_URL. If HNSEMU_URL is not set, a service with a temporary
    database is started for this run.
    """
    try:
        with ExitStack() as stack:
            binary = wine_binary()
            stack.enter_context(processes.stopping_at_sigterm())
            url = os.environ.get("HNSEMU_URL", "").rstrip("/")
            if not url:
                url = stack.enter_context(_service(release))
            elif own_host or release:
                url = stack.enter_context(_host(url, release))
            prefix = prepare(binary, _release_of(url))
            code = run_program(binary, str(prefix), url, [program, *(arguments or ())])
    except WineError as error:
        typer.echo(f"hnsemu-wine: {error}", err=True)
        code = _FAILED
    raise typer.Exit(code)


@contextmanager
def _service(release: str | None) -> Iterator[str]:
    """Run a service on a free port during the block; yield its URL.

    Raises: WineError.
    """
    command = [sys.executable, "-m", "hnsemu.cli", "serve", "--ephemeral", "--port", "0"]
    command += ["--workers", "1", *(["--release", release] if release else [])]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        env={name: value for name, value in os.environ.items() if name != "HNSEMU_URL"},
        preexec_fn=processes.end_with_parent,  # noqa: PLW1509 (nothing else runs in this process)
        process_group=0,  # Ctrl-C reaches the program only; the service ends after it
    )
    assert process.stdout is not None  # noqa: S101 (a pipe, see above)
    try:
        ready = process.stdout.readline()
        if not ready:
            raise WineError("the service did not start; its message is above")
        yield ready.rsplit(maxsplit=1)[-1]
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@contextmanager
def _host(url: str, release: str | None) -> Iterator[str]:
    """Create an emulated host for the duration of the block; yield its URL.

    Raises: WineError.
    """
    if "/hosts/" in urlsplit(url).path:
        raise WineError(f"{url} is the address of a host; leave out --own-host and --release")
    name = f"wine-{uuid.uuid4().hex[:12]}"
    resource = f"{url}/emulator/hosts/{name}"
    _send("PUT", resource, json.dumps({"release": release}))
    try:
        yield f"{url}/hosts/{name}"
    finally:
        _send("DELETE", resource)


def _release_of(url: str) -> Release:
    """Return the release of the host at `url`, with the build that the host has.

    Return the newest when nobody answers there yet.
    """
    try:
        with urlopen(_request("GET", f"{url}/host"), timeout=_TIMEOUT) as answer:  # noqa: S310 (as below)
            host = json.load(answer)
            return replace(RELEASES[host["Release"]], build=int(host["Build"]))
    except (OSError, ValueError, KeyError):
        return NEWEST  # the program's calls will say what is wrong with the service


def _request(method: str, url: str, body: str = "") -> Request:
    token = os.environ.get("HNSEMU_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Request(url, body.encode() or None, headers, method=method)  # noqa: S310 (the user's URL)


def _send(method: str, url: str, body: str = "") -> None:
    try:
        with urlopen(_request(method, url, body), timeout=_TIMEOUT):  # noqa: S310 (the user's URL)
            return
    except URLError as error:
        raise WineError(f"{method} {url}: {error}") from error


def main() -> None:
    """Run the command line."""
    wine()
