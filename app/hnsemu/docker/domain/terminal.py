"""A console that somebody types on: what it shows of the keys, and the lines that they make.

A client puts its own terminal into raw mode, so what is typed is seen only if the console of the
container shows it. The texts of the shells are those of Windows, their layout is inferred [I].
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

from hnsemu.docker.domain.ipam import quoted
from hnsemu.docker.domain.strconv import RANGE, SYNTAX, is_whole
from hnsemu.docker.errors import BAD_REQUEST, DockerError
from hnsemu.domain.digits import number_in

LONGEST_LINE = 8191
"""Bytes of a line that cmd.exe reads; our console counts characters.

Source: Microsoft, "Command prompt line string limitation" [D].
"""

INTERRUPTED = 0xC000013A
"""How a program ends on Ctrl-C. Source: STATUS_CONTROL_C_EXIT, [MS-ERREF] [D]."""

_MOST = 2**32 - 1
_BREAK, _ESCAPE = "\x03", "\x1b"
_ERASERS = {"\x08", "\x7f"}
_POWERSHELL = {"powershell", "pwsh"}


@dataclass(frozen=True, slots=True)
class Typed:
    """What came of some keys.

    echo: what the console shows. line: what Enter ended, None if they ended none.
    is_break: whether they were Ctrl-C, which forgets the line.
    """

    echo: str = ""
    line: str | None = None
    is_break: bool = False


def read_size(side: str, text: str) -> int:
    """Return the height or width of a console, in rows or columns: an unsigned number of 32 bits.

    side: height or width.
    Raises: DockerError 400. Source: moby v28.5.2 api/server/httputils/form.go [C].
    """
    size = number_in(text, _MOST)
    if size is None:
        fault = RANGE if is_whole(text) else SYNTAX
        raise DockerError(BAD_REQUEST, f"invalid resize {side} {quoted(text)}: {fault}")
    return size


class Terminal:
    """The line that is being typed on a console."""

    def __init__(self, *, echoes: bool) -> None:
        """Begin an empty line. echoes: whether a program reads it: else nothing is shown."""
        self._echoes = echoes
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._line = ""
        self._is_behind_return = False
        self._sequence = ""  # of a key that has no character, as far as it has come

    def feed(self, data: bytes) -> Iterator[Typed]:
        """Yield what comes of these keys: one for each line and each Ctrl-C, and one for the rest.

        Arrows and function keys do nothing.
        """
        echo = ""
        for key in self._decoder.decode(data):
            if self._swallows(key):
                continue
            is_second = key == "\n" and self._is_behind_return
            self._is_behind_return = key == "\r"
            if is_second:
                continue
            if key in {"\r", "\n"}:
                yield Typed(self._shown(f"{echo}\r\n"), self._take())
                echo = ""
            elif key == _BREAK:
                self._take()
                yield Typed(self._shown(f"{echo}^C\r\n"), is_break=True)
                echo = ""
            else:
                echo += self._edit(key)
        if self._shown(echo):
            yield Typed(echo)

    def _edit(self, key: str) -> str:
        """Change the line as a key does; return what the console shows of that."""
        if key in _ERASERS:
            is_empty = not self._line
            self._line = self._line[:-1]
            return "" if is_empty else "\b \b"
        if not key.isprintable() or len(self._line) >= LONGEST_LINE:
            return ""
        self._line += key
        return key

    def _take(self) -> str:
        line, self._line = self._line, ""
        return line

    def _shown(self, echo: str) -> str:
        return echo if self._echoes else ""

    def _swallows(self, key: str) -> bool:
        """Tell whether a character belongs to a key such as an arrow: ESC [ A, ESC O P, ESC x."""
        if not self._sequence:
            self._sequence = _ESCAPE if key == _ESCAPE else ""
            return key == _ESCAPE
        begins = self._sequence == _ESCAPE and key in {"[", "O"}
        goes_on = self._sequence != _ESCAPE and not "@" <= key <= "~"
        self._sequence = self._sequence[:1] + "[" if begins or goes_on else ""
        return True


def greeting(shell: str, build: int) -> list[str]:
    """Return what a shell says before its first prompt. build: of the host's release."""
    if shell in _POWERSHELL:
        return [
            "Windows PowerShell",
            "Copyright (C) Microsoft Corporation. All rights reserved.",
            "",
        ]
    return [
        f"Microsoft Windows [Version 10.0.{build}.1]",
        "(c) Microsoft Corporation. All rights reserved.",
    ]


def prompt(shell: str) -> str:
    """Return what a shell shows when it wants a line; cmd.exe leaves a line before it."""
    return "PS C:\\> " if shell in _POWERSHELL else "\r\nC:\\>"
