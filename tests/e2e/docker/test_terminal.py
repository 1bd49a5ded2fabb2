"""The docker CLI on a terminal: what a person sees who types into a container."""

import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator

import pytest

from tests.e2e.docker.conftest import Docker
from tests.waiting import PATIENCE, until

BREAK = "\x03"
INTERRUPTED = 0x3A  # what a shell of POSIX sees of 0xC000013A


class Session:
    """A command of the docker CLI on a terminal of its own."""

    def __init__(self, arguments: tuple[str, ...], environment: dict[str, str]) -> None:
        """Start the command."""
        program = shutil.which("docker")
        assert program
        self._ours, theirs = pty.openpty()
        self._resize(24, 80)
        self.process = subprocess.Popen(
            [program, *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            start_new_session=True,
        )
        os.close(theirs)
        self._unread = ""

    def see(self, text: str) -> str:
        """Wait until the terminal shows a text; return what it showed before."""
        end = time.monotonic() + PATIENCE
        while text not in self._unread:
            assert time.monotonic() < end, f"{text!r} is not in {self._unread!r}"
            if select.select([self._ours], [], [], 0.1)[0]:
                self._unread += self._read()
        before, _, self._unread = self._unread.partition(text)
        return before

    def type(self, keys: str) -> None:
        """Press keys, once the command takes each as it is."""
        until(self._is_raw, "the command never took the terminal")
        os.write(self._ours, keys.encode())

    def resize(self, rows: int, columns: int) -> None:
        """Give the terminal another size."""
        self._resize(rows, columns)
        self.process.send_signal(signal.SIGWINCH)

    def end(self) -> int:
        """Return the exit code of the command once it has ended."""
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        """End the command, if it still runs, and take its terminal away."""
        self.process.kill()
        self.process.wait(PATIENCE)
        os.close(self._ours)

    def _is_raw(self) -> bool:
        return not termios.tcgetattr(self._ours)[3] & termios.ISIG

    def _read(self) -> str:
        try:
            data = os.read(self._ours, 65536)
        except OSError:  # nobody has the terminal open any more
            data = b""
        assert data, f"the command ended; it showed {self._unread!r}"
        return data.decode()

    def _resize(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


Open = Callable[..., Session]


@pytest.fixture
def terminal(docker: Docker, docker_environment: dict[str, str]) -> Iterator[Open]:
    """Return a function that runs the docker CLI on a terminal."""
    assert docker("pull", "nanoserver").code == 0
    opened: list[Session] = []

    def run(*arguments: str) -> Session:
        opened.append(Session(arguments, docker_environment))
        return opened[-1]

    yield run
    for session in opened:
        session.close()


def test_a_shell_greets_shows_what_is_typed_and_ends_with_its_code(terminal: Open) -> None:
    shell = terminal("run", "-it", "--rm", "nanoserver", "cmd")
    assert "Microsoft Windows [Version 10.0." in shell.see("C:\\>")
    shell.type("hostnamx\x7fe\r")
    shell.see("hostnamx\b \be\r\n")
    assert len(shell.see("\r\n\r\nC:\\>")) == 12
    shell.resize(50, 132)
    shell.type("nonsense" + BREAK)
    shell.see("nonsense^C\r\n\r\nC:\\>")
    shell.type("exit 3\r")
    assert shell.end() == 3


def test_a_command_on_a_terminal_ends_by_ctrl_c(docker: Docker, terminal: Open) -> None:
    session = terminal("run", "-it", "--name", "own", "nanoserver", "ping", "-t", "localhost")
    session.type(BREAK)
    assert session.end() == INTERRUPTED
    assert docker("inspect", "own", "-f", "{{.State.ExitCode}}").out == str(0xC000013A)
    docker("run", "-d", "--name", "other", "nanoserver")
    session = terminal("exec", "-it", "other", "ping", "-t", "localhost")
    session.type(BREAK)
    assert session.end() == INTERRUPTED
    assert docker("ps", "--format", "{{.Names}}").out == "other"


def test_one_attaches_to_a_shell_and_leaves_it_running(docker: Docker, terminal: Open) -> None:
    assert docker("run", "-dit", "--name", "shell", "nanoserver", "powershell").code == 0
    attached = terminal("-D", "attach", "--detach-keys", "ctrl-q", "shell")
    attached.type("\r")
    attached.see("PS C:\\> ")
    attached.type("whoami\r")
    assert "containeradministrator" in attached.see("PS C:\\> ")
    attached.type("\x11")
    attached.see("End of stdout")  # over TCP this client then waits for the container
    assert docker("ps", "--format", "{{.Names}}").out == "shell"


def test_a_shell_of_its_own_ends_with_its_code(docker: Docker, terminal: Open) -> None:
    assert docker("run", "-d", "--name", "web", "nanoserver").code == 0
    shell = terminal("exec", "-it", "web", "powershell")
    shell.see("PS C:\\> ")
    shell.type("exit 7\r")
    assert shell.end() == 7
    assert docker("ps", "--format", "{{.Names}}").out == "web"
