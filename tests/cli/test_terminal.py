"""What a person sees on a real terminal, and what a pipe gets instead."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Hnsemu

ESCAPE = "\x1b["


def on_terminal(url: str, *words: str, **variables: str) -> str:
    """Run a command on a terminal of 100 columns; return what it shows."""
    master, slave = pty.openpty()
    known = {"HNSEMU_URL": url, "HNSEMU_ON": "node", "COLUMNS": "100", "TERM": "xterm"}
    with subprocess.Popen(
        [sys.executable, "-m", "hnsemu.cli", *words],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, **known, **variables},
    ) as ran:
        os.close(slave)
        shown = _everything(master)
        os.close(master)
        assert ran.wait(timeout=10) == 0, shown
    return shown.replace("\r\n", "\n")


def _everything(master: int) -> str:
    told, end = b"", time.monotonic() + 60
    while time.monotonic() < end:
        if not select.select([master], [], [], 1)[0]:
            continue
        try:
            more = os.read(master, 65536)
        except OSError:  # the other end is closed
            break
        if not more:
            break
        told += more
    return told.decode()


def test_a_terminal_gets_short_ids_and_a_pipe_whole_ones(hnsemu: Hnsemu, server_url: str) -> None:
    whole = {line.split()[0] for line in hnsemu("endpoints", "list").stdout.splitlines()[1:]}
    assert {len(each) for each in whole} == {36}
    shown = on_terminal(server_url, "endpoints", "list", NO_COLOR="1").splitlines()
    assert {line.split()[0] for line in shown[1:]} == {each[:8] for each in whole}
    shown = on_terminal(server_url, "endpoints", "list", "--no-trunc", NO_COLOR="1").splitlines()
    assert {line.split()[0] for line in shown[1:]} <= whole


def test_colours_are_for_terminals_that_want_them(hnsemu: Hnsemu, server_url: str) -> None:
    asked = ("trace", "10.244.1.6:80", "--from", "client")
    assert ESCAPE + "1;32m" in on_terminal(server_url, *asked)
    assert ESCAPE + "1;32m" not in on_terminal(server_url, *asked, NO_COLOR="1")
    assert ESCAPE not in on_terminal(server_url, *asked, TERM="dumb")
    assert ESCAPE not in hnsemu(*asked).stdout


def test_long_work_shows_how_far_it_is(server_url: str) -> None:
    asked = ("fleet", "create", "--hosts", "2", "--endpoints", "30", "--prefix", "shown")
    shown = on_terminal(server_url, *asked)
    assert "/62" in shown
    assert "a second" in shown
    assert shown.rstrip().endswith("2 hosts with 30 endpoints each")


def test_interrupted_work_says_how_far_it_came(hnsemu: Hnsemu, server_url: str) -> None:
    words = ("fleet", "create", "--hosts", "1", "--endpoints", "3000", "--prefix", "halted")
    with subprocess.Popen(
        [sys.executable, "-m", "hnsemu.cli", *words],
        env={**os.environ, "HNSEMU_URL": server_url},
        stderr=subprocess.PIPE,
        text=True,
    ) as ran:
        while "pod-0" not in hnsemu("endpoints", "list", HNSEMU_ON="halted-00001").stdout:
            assert ran.poll() is None
        ran.send_signal(signal.SIGINT)
        _, told = ran.communicate(timeout=30)
    assert ran.returncode == 130
    done = re.fullmatch(r"hnsemu: interrupted, filled (\d+) of 3001\n", told)
    assert done is not None, told
    made = hnsemu("endpoints", "list", HNSEMU_ON="halted-00001").stdout.splitlines()[1:]
    assert 0 <= len(made) - (int(done[1]) - 1) <= 1  # an endpoint may be made and not yet counted


def test_a_closed_pipe_is_no_failure(server_url: str) -> None:
    command = f"{sys.executable} -m hnsemu.cli events | head -1"
    ran = subprocess.run(
        ["bash", "-c", command],
        env={**os.environ, "HNSEMU_URL": server_url, "HNSEMU_ON": "node"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert len(ran.stdout.splitlines()) == 1
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["endpoints", "show", "w"], "web"),
        (["trace", "10.0.0.1", "--from", "ho"], "host"),
        (["trace", "10.0.0.1", "--from", "cl"], "client"),
        (["hosts", "delete", "def"], "default"),
        (["endpo"], "endpoints"),
    ],
)
def test_bash_completes_from_the_running_service(
    words: list[str], offered: str, server_url: str
) -> None:
    assert offered in completed(words, server_url)


def test_completion_is_silent_and_soon_without_a_service() -> None:
    started = time.monotonic()
    assert completed(["endpoints", "show", "w"], "http://10.255.255.1:9") == []
    assert time.monotonic() - started < 20  # the machine may be slow; the request waits for 0.3 s


def completed(words: list[str], url: str) -> list[str]:
    """Return what a real bash offers after Tab behind these words of `hnsemu`."""
    program = Path(sys.executable).with_name("hnsemu")
    typed = " ".join(["hnsemu", *words])
    script = f"""
        eval "$(_HNSEMU_COMPLETE=source_bash {program})"
        COMP_WORDS=({typed}); COMP_CWORD={len(words)}
        _hnsemu_completion {program}
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    ran = subprocess.run(
        ["bash", "-c", script],
        env={**os.environ, "HNSEMU_URL": url, "HNSEMU_ON": "node"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ran.stderr == ""
    return ran.stdout.split()
