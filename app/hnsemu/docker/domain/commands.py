"""Commands in containers: which answer from the emulated network, which wait, which do nothing.

Nothing runs in a container. The handful of commands below is understood, also behind cmd /c and
powershell -Command; every other one ends at once with exit code 0 and says so.
"""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from hnsemu.docker.domain.images import OWN_COMMAND
from hnsemu.domain.digits import number_in

_CMD = {"cmd"}
_POWERSHELL = {"powershell", "pwsh"}
_SHELLS = _CMD | _POWERSHELL | {"sh", "bash"}
_WAITING = {"pause", "servicemonitor", "sleep", "start-sleep", "tail", "timeout", "top", "waitfor"}
_WITH_VALUE = frozenset(
    {
        "--connect-timeout", "--max-time", "--retry", "-d", "-h", "-m", "-method", "-o", "-outfile",
        "-timeoutsec", "-u", "-w", "-x",
    }
)  # fmt: skip
"""Options of curl and Invoke-WebRequest that are followed by a value."""

_HTTP, _HTTPS = 80, 443
_MAX_PORT = 65535
_LARGEST_EXIT_CODE = 2**31 - 1
_ECHOES = 4


class Kind(StrEnum):
    """What a command does."""

    WAIT = "wait"
    SHELL = "shell"
    EXIT = "exit"
    IPCONFIG = "ipconfig"
    PING = "ping"
    NSLOOKUP = "nslookup"
    CONNECT = "connect"
    ROUTES = "route print"
    HOSTNAME = "hostname"
    WHOAMI = "whoami"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Command:
    """A command that was understood.

    target: name or address that it wants to reach. port: of a connection, 0 for none.
    count:  packets to send, or the exit code of exit. details: whether it shows all it knows.
    text:   how the command names what it connects to, a URL for example; the name of a shell.
    """

    kind: Kind
    target: str = ""
    port: int = 0
    count: int = 0
    details: bool = False
    text: str = ""


def understood(words: Sequence[str], *, interactive: bool) -> Command:
    """Return what a command does. interactive: whether somebody can type into it."""
    if tuple(words) == OWN_COMMAND or not words:
        return Command(Kind.WAIT)
    name, arguments = _program(words[0]), list(words[1:])
    if name in _SHELLS:
        inner = _inner(name, arguments)
        if inner is None:
            return Command(Kind.SHELL, text=name) if interactive else Command(Kind.EXIT)
        return understood(inner, interactive=interactive)
    if name in _WAITING:
        return Command(Kind.WAIT)
    reader = _READERS.get(name)
    return Command(Kind.NOTHING, text=" ".join(words)) if reader is None else reader(arguments)


def program_of(words: Sequence[str]) -> str:
    """Return the file of a command's program, as lists of processes show it: cmd.exe."""
    name = _file_of(words[0]) if words else ""
    return name if "." in name else f"{name}.exe"


def _program(word: str) -> str:
    """Return the name of a program without its folder and .exe."""
    return _file_of(word).lower().removesuffix(".exe")


def _file_of(word: str) -> str:
    return re.split(r"[\\/]", word)[-1]


def _inner(shell: str, arguments: list[str]) -> list[str] | None:
    """Return the words of the command that a shell is to run, None without one."""
    if shell in _CMD:
        at = next((at for at, word in enumerate(arguments) if word.lower() in {"/c", "/k"}), None)
        return None if at is None else _words(" ".join(arguments[at + 1 :]))
    while arguments and arguments[0].startswith("-"):
        option = arguments.pop(0).lower().lstrip("-")
        if option in {"c", "command"}:
            return _words(" ".join(arguments))
        if option in {"executionpolicy", "ep", "inputformat", "outputformat", "version"}:
            del arguments[:1]
    return _words(" ".join(arguments)) if arguments else None


def _words(line: str) -> list[str]:
    """Return the words of the first command of a line."""
    first = re.split(r"\s*(?:&&|\|\||[&|;])\s*", line, maxsplit=1)[0]
    try:
        words = shlex.split(first, posix=False)
    except ValueError:
        words = first.split()
    return [word.strip("\"'") for word in words]


def _read_ipconfig(arguments: list[str]) -> Command:
    return Command(Kind.IPCONFIG, details=any(word.lower() == "/all" for word in arguments))


def _read_ping(arguments: list[str]) -> Command:
    count, target = _ECHOES, ""
    words = iter(arguments)
    for word in words:
        option = word.lower().replace("/", "-")
        if option == "-t":
            return Command(Kind.WAIT)
        if option in {"-n", "-c"}:
            number = next(words, "")
            count = min(number_in(number) or count, 100)
        elif option in {"-w", "-l", "-i"}:
            next(words, "")
        elif not option.startswith("-"):
            target = word
    return Command(Kind.PING, target, count=count)


def _read_nslookup(arguments: list[str]) -> Command:
    names = [word for word in arguments if not word.startswith("-")]
    return Command(Kind.NSLOOKUP, names[0] if names else "")


def _read_curl(arguments: list[str]) -> Command:
    url, words = "", iter(arguments)
    for word in words:
        if word.lower() == "-uri":
            url = next(words, "")
        elif word.lower() in _WITH_VALUE:
            next(words, "")
        elif not word.startswith("-"):
            url = url or word
    parts = _split(url)
    if parts is None:
        return Command(Kind.CONNECT, text=url)
    host, port = parts
    return Command(Kind.CONNECT, host, port, text=url)


def _read_test_net_connection(arguments: list[str]) -> Command:
    target, port, words = "", 0, iter(arguments)
    for word in words:
        option = word.lower()
        if option in {"-computername", "-cn"}:
            target = next(words, "")
        elif option == "-port":
            number = next(words, "")
            port = number_in(number, _MAX_PORT) or 0
        elif not option.startswith("-"):
            target = target or word
    return Command(Kind.CONNECT, target, port, details=True, text=target)


def _read_route(arguments: list[str]) -> Command:
    is_print = bool(arguments) and arguments[0].lower() == "print"
    return Command(Kind.ROUTES if is_print else Kind.NOTHING, text=" ".join(["route", *arguments]))


def _read_exit(arguments: list[str]) -> Command:
    number = arguments[-1] if arguments else "0"
    return Command(Kind.EXIT, count=_exit_code(number))


def _exit_code(text: str) -> int:
    code = number_in(text.removeprefix("-"), _LARGEST_EXIT_CODE) or 0
    return -code if text.startswith("-") else code


def _split(url: str) -> tuple[str, int] | None:
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        port = parts.port or (_HTTPS if parts.scheme == "https" else _HTTP)
    except ValueError:
        return None
    return (parts.hostname, port) if parts.hostname else None


_READERS = {
    "ipconfig": _read_ipconfig,
    "ping": _read_ping,
    "nslookup": _read_nslookup,
    "resolve-dnsname": _read_nslookup,
    "curl": _read_curl,
    "invoke-webrequest": _read_curl,
    "iwr": _read_curl,
    "wget": _read_curl,
    "test-netconnection": _read_test_net_connection,
    "tnc": _read_test_net_connection,
    "route": _read_route,
    "hostname": lambda _arguments: Command(Kind.HOSTNAME),
    "whoami": lambda _arguments: Command(Kind.WHOAMI),
    "exit": _read_exit,
}
