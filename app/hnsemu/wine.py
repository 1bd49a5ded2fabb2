"""`hnsemu-wine PROGRAM.exe …`: run a Windows program on Linux, its HNS calls carried to hnsemu.

Made for `GOOS=windows go test -exec hnsemu-wine`. The program's working directory, environment,
streams and exit code are those of an ordinary run; what fails here itself ends with code 125.
"""

import ctypes
import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import typer

_FAILED = 125  # as env, timeout and docker do: not one of the program's own codes
DLLS = ("computenetwork.dll", "vmcompute.dll", "bcryptprimitives.dll")
_OVERRIDES = "computenetwork,vmcompute=n;bcryptprimitives=b,n"
_WHERE = Path(__file__).parent / "windows"
_WINES = ("wine64", "wine", "/usr/lib/wine/wine64")
_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)

wine = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


class WineError(Exception):
    """The program cannot be run; the sentence says why and what to mend."""


@wine.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
def run(
    program: Annotated[str, typer.Argument(help="the .exe to run")],
    arguments: Annotated[list[str] | None, typer.Argument(help="its arguments")] = None,
    *,
    release: Annotated[
        str | None, typer.Option(help="Windows release of a host that is made for this run")
    ] = None,
    own_host: Annotated[
        bool, typer.Option("--own-host", help="make a host for this run in the given service")
    ] = False,
) -> None:
    """Run a Windows program against hnsemu.

    With HNSEMU_URL set the program meets that host, which stays; else a service of its own, which
    is gone afterwards.
    """
    try:
        with ExitStack() as stack:
            binary = wine_binary()
            prefix = prepare(binary)
            stack.enter_context(_ending_in_order())
            given = os.environ.get("HNSEMU_URL", "").rstrip("/")
            if not given:
                url = stack.enter_context(_service(release))
            elif own_host or release:
                url = stack.enter_context(_host(given, release))
            else:
                url = given
            command = [binary, program, *(arguments or ())]
            code = _run(command, environment(prefix) | {"HNSEMU_URL": url})
    except WineError as error:
        typer.echo(f"hnsemu-wine: {error}", err=True)
        code = _FAILED
    raise typer.Exit(code)


def prepare(binary: str) -> Path:
    """Return a Wine prefix with the DLLs in it, made once for these DLLs and this Wine.

    Raises: WineError.
    """
    missing = [name for name in DLLS if not (_WHERE / name).is_file()]
    if missing:
        raise WineError(f"{missing[0]} is not built; run make shim in a clone of hnsemu")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hnsemu"
    cache.mkdir(parents=True, exist_ok=True)
    prefix = cache / f"wine-{_fingerprint(binary)}"
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not prefix.is_dir():
            typer.echo("hnsemu-wine: preparing Wine, once", err=True)
            _make_prefix(binary, cache, prefix)
    return prefix


def wine_binary() -> str:
    """Return the program that runs Windows programs.

    Raises: WineError.
    """
    asked = os.environ.get("WINE")
    for name in (asked,) if asked else _WINES:
        found = shutil.which(name)
        if found:
            return found
    if asked:
        raise WineError(f"WINE names {asked}, which cannot be run; name another or leave it out")
    raise WineError("Wine is not here; install it (Debian and Ubuntu: apt-get install wine64)")


def _fingerprint(binary: str) -> str:
    """Return what tells one Wine and set of DLLs from another."""
    version = subprocess.run([binary, "--version"], capture_output=True, check=False).stdout
    read = hashlib.sha256(version)
    for name in DLLS:
        read.update((_WHERE / name).read_bytes())
    return read.hexdigest()[:16]


def _make_prefix(binary: str, cache: Path, prefix: Path) -> None:
    """Make a prefix beside its place and move it there when it is whole."""
    made = Path(tempfile.mkdtemp(prefix="wine-", dir=cache))
    try:
        booted = subprocess.run(
            [binary, "wineboot", "--init"],
            env=environment(made),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        system = made / "drive_c" / "windows" / "system32"
        if booted.returncode != 0 or not system.is_dir():
            raise WineError(f"Wine could not set itself up: {booted.stderr.strip()[-500:]}")
        _wait_for_wineserver(binary, made)
        for name in DLLS:
            shutil.copyfile(_WHERE / name, system / name)
        made.rename(prefix)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _wait_for_wineserver(binary: str, prefix: Path) -> None:
    """Let Wine write its registry; it ends by itself when no program runs."""
    beside = Path(binary).resolve().parent / "wineserver"
    server = str(beside) if beside.exists() else shutil.which("wineserver")
    if server:
        subprocess.run([server, "--wait"], env=environment(prefix), check=False)


def environment(prefix: Path) -> dict[str, str]:
    """Return the environment of programs in that prefix."""
    own = os.environ.get("WINEDLLOVERRIDES")
    return {
        "WINEDEBUG": "-all",
        **os.environ,
        "WINEPREFIX": str(prefix),
        "WINEDLLOVERRIDES": f"{own};{_OVERRIDES}" if own else _OVERRIDES,
    }


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let SIGTERM end this as Ctrl-C does: everything that was started ends first."""

    def stop(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _service(release: str | None) -> Iterator[str]:
    """Serve on any port while the block runs; yield the URL.

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
        preexec_fn=_end_with_parent,  # noqa: PLW1509 (nothing else runs in this process)
        process_group=0,  # Ctrl-C is for the program; the service ends behind it
    )
    assert process.stdout is not None  # noqa: S101 (asked for above)
    try:
        ready = process.stdout.readline()
        if not ready:
            raise WineError("the service did not start; its words are above")
        yield ready.rsplit(maxsplit=1)[-1]
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def _end_with_parent() -> None:
    """Have the kernel end the service should this process be killed."""
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)


@contextmanager
def _host(url: str, release: str | None) -> Iterator[str]:
    """Make an emulated host in a service while the block runs; yield its URL.

    Raises: WineError.
    """
    if "/hosts/" in urlsplit(url).path:
        raise WineError(f"{url} names a host already; leave --own-host and --release out")
    name = f"wine-{uuid.uuid4().hex[:12]}"
    made = f"{url}/emulator/hosts/{name}"
    _ask("PUT", made, json.dumps({"release": release}))
    try:
        yield f"{url}/hosts/{name}"
    finally:
        _ask("DELETE", made)


def _ask(method: str, url: str, body: str = "") -> None:
    token = os.environ.get("HNSEMU_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = Request(url, body.encode() or None, headers, method=method)  # noqa: S310 (the user's own URL)
    try:
        with urlopen(request, timeout=30):  # noqa: S310 (as above)
            return
    except URLError as error:
        raise WineError(f"{method} {url}: {error}") from error


def _run(command: list[str], environment: Mapping[str, str]) -> int:
    """Run the program to its end and return its exit code."""
    try:
        process = subprocess.Popen(command, env=environment)
    except OSError as error:
        raise WineError(f"{command[0]}: {error.strerror}") from error
    try:
        while True:
            try:
                code = process.wait()
            except KeyboardInterrupt:
                continue  # the program got it too, and decides
            return 128 - code if code < 0 else code
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]", patience: float = 5) -> None:
    """End a program that still runs."""
    deadline = time.monotonic() + patience
    while process.poll() is None:
        process.send_signal(signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL)
        time.sleep(0.1)


def main() -> None:
    """Run the command line."""
    wine()


if __name__ == "__main__":
    main()
