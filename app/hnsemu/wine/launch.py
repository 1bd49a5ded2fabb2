"""The start of `hnsemu-wine`: the shortest way to a program in a prefix that exists.

Typer, the releases and what makes prefixes take longer to import than Wine takes to start a
program; they are imported when something has to be made or an option is given.
"""

import importlib
import json
import os
import socket
import sys

from hnsemu.wine import processes
from hnsemu.wine.keeping import kept
from hnsemu.wine.places import (
    WineError,
    environment,
    instance,
    known_template,
    wine_binary,
)

_FAILED = 125  # as env, timeout and docker do, to tell it from the codes of the program
_TIMEOUT = 100  # seconds: a busy service is not one of another release


def main() -> None:
    """Run the command line."""
    arguments = sys.argv[1:]
    url = os.environ.get("HNSEMU_URL", "").rstrip("/")
    try:
        if url and arguments and not arguments[0].startswith("-"):
            binary = wine_binary()
            prefix = _prefix(binary, url)
            if prefix:
                sys.exit(run(binary, prefix, url, arguments))
    except WineError as error:
        sys.stderr.write(f"hnsemu-wine: {error}\n")
        sys.exit(_FAILED)
    importlib.import_module("hnsemu.wine.command").main()


def run(binary: str, prefix: str, url: str, arguments: list[str]) -> int:
    """Run a program with its arguments on the host at `url`; return its exit code.

    Raises: WineError.
    """
    with processes.stopping_at_sigterm(), kept(binary, prefix):
        return processes.run([binary, *arguments], environment(prefix) | {"HNSEMU_URL": url})


def _prefix(binary: str, url: str) -> str | None:
    """Return the instance for the host's release if it exists already."""
    release = _release_of(url)
    template = known_template(binary, *release) if release else None
    prefix = instance(template) if template else None
    return prefix if prefix and os.path.isdir(prefix) else None


def _release_of(url: str) -> tuple[str, int] | None:
    """Return the release and the build of the host at a plain http:// address, if it says them."""
    scheme, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    host, _, port = authority.rpartition(":")
    if scheme != "http" or not host or not port.isdecimal() or "@" in authority:
        return None
    token = os.environ.get("HNSEMU_TOKEN")
    lines = [f"GET {slash}{path}/host HTTP/1.1", f"Host: {authority}", "Connection: close"]
    lines += [f"Authorization: Bearer {token}"] if token else []
    try:
        with socket.create_connection((host.strip("[]"), int(port)), _TIMEOUT) as connection:
            connection.sendall("".join(f"{line}\r\n" for line in (*lines, "")).encode())
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        says = json.loads(answer.partition(b"\r\n\r\n")[2])
        return str(says["Release"]), int(says["Build"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
