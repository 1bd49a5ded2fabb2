"""What a console makes of keys."""

import pytest

from hnsemu.docker.domain.terminal import (
    LONGEST_LINE,
    Terminal,
    Typed,
    greeting,
    prompt,
    read_size,
)


def typed(*data: bytes, echoes: bool = True) -> list[Typed]:
    terminal = Terminal(echoes=echoes)
    return [found for piece in data for found in terminal.feed(piece)]


def lines(*data: bytes) -> list[str]:
    return [found.line for found in typed(*data) if found.line is not None]


def test_each_key_is_shown_and_enter_ends_the_line() -> None:
    assert typed(b"d", b"ir", b"\r") == [Typed("d"), Typed("ir"), Typed("\r\n", "dir")]
    assert typed(b"dir\rver\r") == [Typed("dir\r\n", "dir"), Typed("ver\r\n", "ver")]


def test_an_end_of_line_is_one_however_it_is_written() -> None:
    assert lines(b"a\r\nb\nc\r\r\n", b"\r", b"\n") == ["a", "b", "c", "", ""]


def test_backspace_takes_the_last_character_back() -> None:
    assert typed(b"\x7fab\x7f\x08\x08c\r") == [Typed("ab\b \b\b \bc\r\n", "c")]


def test_ctrl_c_forgets_the_line() -> None:
    assert typed(b"abc\x03d\r") == [Typed("abc^C\r\n", is_break=True), Typed("d\r\n", "d")]


@pytest.mark.parametrize("key", [b"\x1b[A", b"\x1bOP", b"\x1b[1;5C", b"\x1b[3~", b"\x1bx", b"\t"])
def test_a_key_without_a_character_does_nothing(key: bytes) -> None:
    assert typed(b"a" + key + b"b\r") == [Typed("ab\r\n", "ab")]
    assert lines(b"a", *(bytes([part]) for part in key), b"b\r") == ["ab"]


def test_a_character_may_come_in_pieces() -> None:
    assert lines(b"\xc3", b"\xa4\xff\r") == ["ä\N{REPLACEMENT CHARACTER}"]


def test_what_nobody_reads_is_not_shown() -> None:
    assert typed(b"ab", b"\x03", echoes=False) == [Typed("", is_break=True)]


def test_what_is_too_long_for_a_line_is_lost() -> None:
    assert lines(b"a" * 3 * LONGEST_LINE, b"\x7fb\r") == ["a" * (LONGEST_LINE - 1) + "b"]


@pytest.mark.parametrize(
    ("shell", "says", "asks"),
    [
        ("cmd", "Microsoft Windows [Version 10.0.20348.1]", "\r\nC:\\>"),
        ("powershell", "Windows PowerShell", "PS C:\\> "),
        ("pwsh", "Windows PowerShell", "PS C:\\> "),
    ],
)
def test_a_shell_greets_and_asks(shell: str, says: str, asks: str) -> None:
    assert (greeting(shell, 20348)[0], prompt(shell)) == (says, asks)


def test_a_size_may_have_any_number_of_zeros_before_it() -> None:
    assert read_size("height", "0" * 5000 + "24") == 24
