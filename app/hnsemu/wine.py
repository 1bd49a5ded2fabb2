"""`hnsemu-wine PROGRAM.exe …`: run a Windows program on Linux and carry its HNS calls to hnsemu.

Intended for `GOOS=windows go test -exec hnsemu-wine`. Working directory, environment, streams and
exit code are those of the program; 125 means that hnsemu-wine itself failed.
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

_FAILED = 125  # as env, timeout and docker do, to tell it from the codes of the program
DLLS = ("computenetwork.dll", "vmcompute.dll", "bcryptprimitives.dll")
_OVERRIDES = "computenetwork,vmcompute=n;bcryptprimitives=b,n"
_DLL_FOLDER = Path(__file__).parent / "windows"
_WINES = ("wine64", "wine", "/usr/lib/wine/wine64")
_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)

wine = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


class WineError(Exception):
    """The program cannot be run; the message gives the reason and the remedy."""


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
            prefix = prepare(binary)
            stack.enter_context(_cleaning_up_on_sigterm())
            url = os.environ.get("HNSEMU_URL", "").rstrip("/")
            if not url:
                url = stack.enter_context(_service(release))
            elif own_host or release:
                url = stack.enter_context(_host(url, release))
            command = [binary, program, *(arguments or ())]
            code = _run(command, environment(prefix) | {"HNSEMU_URL": url})
    except WineError as error:
        typer.echo(f"hnsemu-wine: {error}", err=True)
        code = _FAILED
    raise typer.Exit(code)


def prepare(binary: str) -> Path:
    """Return a Wine prefix that holds the DLLs, created once for these DLLs and this Wine.

    Raises: WineError.
    """
    missing = [name for name in DLLS if not (_DLL_FOLDER / name).is_file()]
    if missing:
        raise WineError(
            f"{missing[0]} is missing; run `make shim` in a clone, or install mingw-w64 and make "
            "and then hnsemu again"
        )
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hnsemu"
    cache.mkdir(parents=True, exist_ok=True)
    prefix = cache / f"wine-{_fingerprint(binary)}"
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not prefix.is_dir():
            typer.echo("hnsemu-wine: preparing Wine (first run only)", err=True)
            _make_prefix(binary, cache, prefix)
    return prefix


def wine_binary() -> str:
    """Return the program that runs Windows programs.

    Raises: WineError.
    """
    chosen = os.environ.get("WINE")
    for name in (chosen,) if chosen else _WINES:
        binary = shutil.which(name)
        if binary:
            return binary
    if chosen:
        raise WineError(f"cannot run {chosen}; set WINE to another program, or unset it")
    raise WineError("Wine is not installed (Debian and Ubuntu: apt-get install wine64)")


def _fingerprint(binary: str) -> str:
    """Return a hash of the Wine version and the DLLs."""
    version = subprocess.run([binary, "--version"], capture_output=True, check=False).stdout
    fingerprint = hashlib.sha256(version)
    for name in DLLS:
        fingerprint.update((_DLL_FOLDER / name).read_bytes())
    return fingerprint.hexdigest()[:16]


def _make_prefix(binary: str, cache: Path, prefix: Path) -> None:
    """Create a prefix in a temporary folder and move it into place when it is complete."""
    draft = Path(tempfile.mkdtemp(prefix="wine-", dir=cache))
    try:
        booted = subprocess.run(
            [binary, "wineboot", "--init"],
            env=environment(draft),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        system = draft / "drive_c" / "windows" / "system32"
        if booted.returncode != 0 or not system.is_dir():
            raise WineError(f"wineboot failed: {booted.stderr.strip()[-500:]}")
        _wait_for_wineserver(binary, draft)
        for name in DLLS:
            shutil.copyfile(_DLL_FOLDER / name, system / name)
        draft.rename(prefix)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _wait_for_wineserver(binary: str, prefix: Path) -> None:
    """Wait until Wine has written its registry; its server exits when no program runs."""
    sibling = Path(binary).resolve().parent / "wineserver"
    server = str(sibling) if sibling.exists() else shutil.which("wineserver")
    if server:
        subprocess.run([server, "--wait"], env=environment(prefix), check=False)


def environment(prefix: Path) -> dict[str, str]:
    """Return the environment for programs in a prefix."""
    own = os.environ.get("WINEDLLOVERRIDES")
    return {
        "WINEDEBUG": "-all",
        **os.environ,
        "WINEPREFIX": str(prefix),
        "WINEDLLOVERRIDES": f"{own};{_OVERRIDES}" if own else _OVERRIDES,
    }


@contextmanager
def _cleaning_up_on_sigterm() -> Iterator[None]:
    """Let SIGTERM act like Ctrl-C, so that everything started here is stopped first."""

    def stop(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


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
        preexec_fn=_end_with_parent,  # noqa: PLW1509 (nothing else runs in this process)
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


def _end_with_parent() -> None:
    """Let the kernel stop the service if this process is killed."""
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)


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


def _send(method: str, url: str, body: str = "") -> None:
    token = os.environ.get("HNSEMU_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = Request(url, body.encode() or None, headers, method=method)  # noqa: S310 (the URL is given by the user)
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
                continue  # the program receives Ctrl-C too and decides what to do
            return 128 - code if code < 0 else code
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]", patience: float = 5) -> None:
    """Stop the program if it is still running.

    patience: seconds until SIGKILL.
    """
    deadline = time.monotonic() + patience
    while process.poll() is None:
        process.send_signal(signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL)
        time.sleep(0.1)


def main() -> None:
    """Run the command line."""
    wine()


if __name__ == "__main__":
    main()
