"""Commands in running containers: docker exec, and what is typed into a container's own shell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hnsemu.docker.domain import terminal
from hnsemu.docker.domain.commands import Command, Kind, program_of, understood
from hnsemu.docker.domain.containers import DockerContainer
from hnsemu.docker.domain.detaching import read_keys
from hnsemu.docker.domain.execs import DETACHED, Exec, Process
from hnsemu.docker.domain.ids import new_id
from hnsemu.docker.errors import BAD_REQUEST, CONFLICT, FAILED, NOT_FOUND, DockerError
from hnsemu.docker.services.containers import ending, processes
from hnsemu.docker.services.containers.happenings import happened
from hnsemu.docker.services.containers.processes import Output
from hnsemu.docker.services.containers.queries import found, running
from hnsemu.docker.storage import events, execs
from hnsemu.storage.transaction import Transaction, reads, writes


@dataclass(frozen=True, slots=True)
class Session:
    """A command that was started. output: what it printed, None while it waits for input or an end.

    exec_id:     of the command.
    has_console: whether it has a terminal.
    detach_keys: those by which its client leaves a terminal, "" for the usual ones.
    greeting:    what a shell says first on a console. prompt: what it shows then for each line.
    reads_input: whether it is a shell that one types into.
    """

    output: Output | None
    exec_id: str
    container_id: str
    has_console: bool
    reads_input: bool
    detach_keys: str = ""
    greeting: Sequence[str] = ()
    prompt: str = ""


@writes
def create_exec(tx: Transaction, reference: str, config: Mapping[str, Any]) -> str:
    """Keep a command to be run in a container, and return its id.

    Raises: DockerError 400 without a command, 404, 409 for a container that does not run, 500 for
            keys that there are not.
    """
    if not config["Cmd"]:
        raise DockerError(BAD_REQUEST, "No exec command specified")
    container = running(tx, reference)
    keys = config["DetachKeys"]
    try:
        read_keys(keys)
    except ValueError as error:
        raise DockerError(FAILED, f"Invalid escape keys ({keys}) provided") from error
    exec_id = new_id(tx.source)
    execs.create(tx, container, exec_id, dict(config))
    line = _line(config["Cmd"])
    events.append(tx, happened(container, f"exec_create: {line}", execID=exec_id))
    return exec_id


@writes
def start_exec(tx: Transaction, exec_id: str, detached: bool = False) -> Session:  # noqa: FBT001, FBT002 (as `run` passes it on)
    """Run a command that was created; it may have ended with this.

    detached: whether nobody hears it or types into it.
    Raises: DockerError 404, 409 for one that was run, or whose container does not run.
    """
    command = _found(tx, exec_id)
    if command.running or command.exit_code is not None:
        state = "is already running" if command.running else "has already run"
        raise DockerError(CONFLICT, f"exec command {exec_id} {state}")
    container = running(tx, command.container_id)
    words = command.config["Cmd"]
    has_input = bool(command.config["AttachStdin"]) and not detached
    wanted = understood(words, interactive=has_input)
    line = _line(words)
    events.append(tx, happened(container, f"exec_start: {line}", execID=exec_id))
    output = None
    if wanted.kind in {Kind.WAIT, Kind.SHELL}:
        execs.save(tx, command, running=True, exit_code=None, pid=processes.new_pid(tx))
    else:
        output = processes.run(tx, container, wanted)
        _end(tx, container, command, output.exit_code)
    keys = command.config["DetachKeys"]
    has_console, is_shell = bool(command.config["Tty"]), wanted.kind is Kind.SHELL
    if not (has_console and is_shell):
        return Session(output, exec_id, container.id, has_console, is_shell, keys)
    greets = terminal.greeting(wanted.text, tx.host.release.build)
    prompts = terminal.prompt(wanted.text)
    return Session(None, exec_id, container.id, True, True, keys, greets, prompts)


@writes
def end_exec(tx: Transaction, exec_id: str, exit_code: int) -> None:
    """Note that a command which waited has ended, if it still runs."""
    command = execs.find(tx, exec_id)
    if command is not None and command.running:
        _end(tx, found(tx, command.container_id), command, exit_code)


@writes
def detach_exec(tx: Transaction, exec_id: str) -> None:
    """Note that the client of a command left it by its keys: it runs on, and counts as ended."""
    command = execs.find(tx, exec_id)
    if command is not None and command.running:
        execs.save(tx, command, running=False, exit_code=DETACHED, pid=command.pid)


@reads
def resize_exec(tx: Transaction, exec_id: str) -> None:
    """Give the console of a command another size, of which nothing is kept.

    Raises: DockerError 404 without the command or after its end, 409 for a container that does not
            run, 500 before the start.
    """
    command = _found(tx, exec_id)
    running(tx, command.container_id)
    if not command.running and command.exit_code is None:
        raise DockerError(FAILED, "timeout waiting for exec session ready")
    if not command.pid:
        raise DockerError(NOT_FOUND, "process not found")


@reads
def inspect_exec(tx: Transaction, exec_id: str) -> Exec:
    """Return a command.

    Raises: DockerError 404.
    """
    return _found(tx, exec_id)


@reads
def list_processes(tx: Transaction, reference: str) -> list[Process]:
    """Return what runs in a container: its own command, and those beside it.

    Raises: DockerError 404, 400 for several, 409 for one that does not run.
    """
    container = running(tx, reference)
    own = Process(program_of(container.command), container.pid)
    beside = execs.alive_in(tx, container)
    return [own, *(Process(program_of(one.config["Cmd"]), one.pid) for one in beside)]


@reads
def run_line(tx: Transaction, container_id: str, line: str) -> Output:
    """Run a line that is typed into a shell.

    Raises: DockerError 404 for a container that is gone.
    """
    container = found(tx, container_id)
    command = _typed(line)
    return Output([]) if command is None else processes.run(tx, container, command)


@writes
def type_into(tx: Transaction, container_id: str, line: str | None) -> None:
    """Run a line that is typed into a container's own shell; None ends the input.

    Raises: DockerError 404 for a container that is gone.
    """
    container = found(tx, container_id)
    shell = processes.own_shell(container)
    if not container.is_running or not shell:
        return
    typed = Command(Kind.EXIT) if line is None else _typed(line)
    output = Output([]) if typed is None else processes.run(tx, container, typed)
    if output.ends:
        ending.ended(tx, container, output.exit_code)
    else:
        processes.say(tx, container, output.lines, _prompt(container, shell))


@writes
def interrupt(tx: Transaction, container_id: str) -> None:
    """Press Ctrl-C on a container's console: its shell begins a new line, other programs end.

    Raises: DockerError 404 for a container that is gone.
    """
    container = found(tx, container_id)
    shell = processes.own_shell(container)
    if container.is_running and shell:
        processes.say(tx, container, (), _prompt(container, shell))
    elif container.is_running:
        ending.ended(tx, container, terminal.INTERRUPTED)


def _prompt(container: DockerContainer, shell: str) -> str:
    return terminal.prompt(shell) if container.has_console else ""


def _typed(line: str) -> Command | None:
    """Return what a typed line does; what would wait does nothing."""
    words = line.split()
    if not words:
        return None
    command = understood(["cmd", "/c", line], interactive=False)
    if command.kind in {Kind.WAIT, Kind.SHELL}:
        return Command(Kind.NOTHING, text=line)
    return command


def _line(words: Sequence[str]) -> str:
    """Return a command as events have it: a blank is behind one without arguments, too [O]."""
    program, *arguments = words
    return f"{program} {' '.join(arguments)}"


def _found(tx: Transaction, exec_id: str) -> Exec:
    command = execs.find(tx, exec_id)
    if command is None:
        raise DockerError(NOT_FOUND, f"No such exec instance: {exec_id}")
    return command


def _end(tx: Transaction, container: DockerContainer, command: Exec, exit_code: int) -> None:
    execs.save(tx, command, running=False, exit_code=exit_code, pid=0)
    attributes = {"execID": command.id, "exitCode": str(exit_code)}
    events.append(tx, happened(container, "exec_die", **attributes))
