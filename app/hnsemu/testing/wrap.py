"""`hnsemu wrap -- COMMAND`: run a command with an emulated host of its own."""

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Annotated

import typer

from hnsemu.cli.client import failed
from hnsemu.testing.hosts import Host, host_on
from hnsemu.testing.http import Refusal
from hnsemu.testing.service import ServiceError, service
from hnsemu.wine.processes import stopping_at_sigterm

cli = typer.Typer()

_FAILED = 125  # as env, timeout and docker do, to tell it from the codes of the command
_NOT_EXECUTABLE, _NOT_FOUND = 126, 127  # as shells
_SIGNALLED = 128
_PASSED_ON = (
    signal.SIGHUP,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTERM,
    signal.SIGUSR1,
    signal.SIGUSR2,
)


@cli.command(context_settings={"allow_interspersed_args": False})
def wrap(
    command: Annotated[
        list[str], typer.Argument(metavar="-- COMMAND [ARGUMENT]...", help="What to run.")
    ],
    *,
    release: Annotated[str, typer.Option(help="Windows release of the host.")] = "",
    state: Annotated[
        str, typer.Option(metavar="FILE", help="State document that the host is made of.")
    ] = "",
    fault: Annotated[
        list[str] | None, typer.Option(metavar="PRESET", help="Let calls fail; may be repeated.")
    ] = None,
    keep: Annotated[
        bool,
        typer.Option("--keep", help="Leave the host there: with a service of its own, to Ctrl-C."),
    ] = False,
) -> None:
    """Run a command with an emulated host of its own.

    It exits with the code of the command; 125 means that hnsemu itself failed. HNSEMU_URL and
    DOCKER_HOST lead the command to the host, which is on the service at HNSEMU_URL, or on one that
    runs as long as the command. What the command leaves on the host is listed at its end, and if it
    fails, so are its calls.
    """
    gc.enable()  # disabled while the command was loaded
    try:
        with (
            stopping_at_sigterm(),
            service() as running,
            host_on(
                running,
                release=release,
                state=state or None,
                faults=fault or (),
                label=os.path.basename(command[0]),  # noqa: PTH119 (pathlib loads slowly)
                keep=keep,
            ) as host,
        ):
            code = _run(command, host.environment)
            _report(host, code)
            if keep:
                _keep(host)
    except (OSError, Refusal, ServiceError, ValueError) as error:
        raise failed(_reason(error), _FAILED) from error
    raise typer.Exit(code)


def _reason(error: Exception) -> str:
    """Return why there is no host for the command."""
    if isinstance(error, OSError) and error.filename:
        return f"cannot read {error.filename}: {error.strerror}"
    return str(error)


def _run(command: list[str], variables: Mapping[str, str]) -> int:
    """Run the command to its end; return its exit code, or what a shell returns in its place."""
    with _holding_signals() as passing_on:
        try:
            process = subprocess.Popen(command, env={**os.environ, **variables})
        except FileNotFoundError as error:
            typer.echo(f"hnsemu: {command[0]}: {error.strerror}", err=True)
            return _NOT_FOUND
        except OSError as error:
            typer.echo(f"hnsemu: {command[0]}: {error.strerror}", err=True)
            return _NOT_EXECUTABLE
        passing_on.to(process)
        code = process.wait()
    return _SIGNALLED - code if code < 0 else code


class _Signals:
    """Signals that this process gets, passed on to another; those before it starts come later."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []

    def to(self, process: "subprocess.Popen[bytes]") -> None:
        """Pass them on to this process."""
        self._process = process
        for number in self._early:
            process.send_signal(number)

    def handle(self, number: int, _frame: FrameType | None) -> None:
        """Take a signal."""
        if self._process is None:
            self._early.append(number)
        elif not (number in {signal.SIGINT, signal.SIGQUIT} and _is_of_terminal()):
            self._process.send_signal(number)


@contextmanager
def _holding_signals() -> Iterator[_Signals]:
    """Let nothing end this process before the command, which decides what a signal means."""
    signals = _Signals()
    before = {number: signal.signal(number, signals.handle) for number in _PASSED_ON}
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_of_terminal() -> bool:
    """Tell whether a Ctrl-C reaches the command by itself, as all processes of the foreground."""
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False


def _report(host: Host, code: int) -> None:
    """Say on stderr what the command left behind, and what it called if it failed."""
    try:
        _say(host, code)
    except (OSError, Refusal) as error:  # the command removed the host, or ended its service
        typer.echo(f"hnsemu: the journal cannot be read: {error}", err=True)


def _say(host: Host, code: int) -> None:
    if code:
        typer.echo(f"hnsemu: the command ended with {code}; its calls:", err=True)
        typer.echo(host.requests.text(), err=True)
        return
    left = host.leftovers()
    if left:
        typer.echo("hnsemu: the command left objects behind:", err=True)
    for leftover in left:
        typer.echo(f"  {leftover.text}", err=True)


def _keep(host: Host) -> None:
    """Say where the host is; if its service would end with this process, wait for Ctrl-C."""
    if not host.service.is_own:
        typer.echo(f"hnsemu: the host stays at {host.url}", err=True)
        return
    typer.echo(f"hnsemu: the host stays at {host.url} until Ctrl-C", err=True)
    awaited = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, awaited)
    signal.sigwait(awaited)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, awaited)
