"""What a person sees on a real terminal, and what a pipe gets instead."""

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hnsemu.cli.hosts import AT_ONCE
from tests.cli.conftest import Hnsemu
from tests.waiting import PATIENCE

COMMAND = [sys.executable, "-m", "hnsemu.cli"]
PROGRAM = Path(sys.executable).with_name("hnsemu")
ESCAPE = "\x1b["


def on_terminal(url: str, *words: str, **variables: str) -> str:
    """Run a command on a terminal of 100 columns; return everything it prints."""
    master, slave = pty.openpty()
    known = {"HNSEMU_URL": url, "HNSEMU_ON": "node", "COLUMNS": "100", "TERM": "xterm"}
    with subprocess.Popen(
        [*COMMAND, *words],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, **known, **variables},
    ) as process:
        os.close(slave)
        printed = read_to_end(master)
        os.close(master)
        assert process.wait(PATIENCE) == 0, printed
    return printed.replace("\r\n", "\n")


def read_to_end(master: int) -> str:
    """Return what is written to a terminal until its last process ends."""
    printed = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # how Linux says that the other end is closed
            part = b""
        if not part:
            return printed.decode()
        printed += part


def test_a_terminal_gets_short_ids_and_a_pipe_whole_ones(hnsemu: Hnsemu, server_url: str) -> None:
    whole = {line.split()[0] for line in hnsemu("endpoints", "list").stdout.splitlines()[1:]}
    assert {len(guid) for guid in whole} == {36}
    shown = on_terminal(server_url, "endpoints", "list", NO_COLOR="1").splitlines()
    assert {line.split()[0] for line in shown[1:]} == {guid[:8] for guid in whole}
    shown = on_terminal(server_url, "endpoints", "list", "--no-trunc", NO_COLOR="1").splitlines()
    assert {line.split()[0] for line in shown[1:]} == whole


def test_colours_are_for_terminals_that_want_them(hnsemu: Hnsemu, server_url: str) -> None:
    command = ("trace", "10.244.1.6:80", "--from", "client")
    assert ESCAPE + "1;32m" in on_terminal(server_url, *command)
    assert ESCAPE + "1;32m" not in on_terminal(server_url, *command, NO_COLOR="1")
    assert ESCAPE not in on_terminal(server_url, *command, TERM="dumb")
    assert ESCAPE not in hnsemu(*command).stdout


def test_long_work_shows_a_progress_bar(server_url: str) -> None:
    command = ("fleet", "create", "--hosts", "2", "--endpoints", "30", "--prefix", "shown")
    printed = on_terminal(server_url, *command)
    assert "/62" in printed
    assert "per second" in printed
    assert printed.rstrip().endswith("2 hosts with 30 endpoints each")


def test_interrupted_work_says_how_far_it_came(hnsemu: Hnsemu, server_url: str) -> None:
    # A thousand hosts take hours anywhere: the work is never done before the signal comes.
    words = ("fleet", "create", "--hosts", "1000", "--endpoints", "4000", "--prefix", "halted")
    with subprocess.Popen(
        [*COMMAND, *words, "--connections", "1"],
        env={**os.environ, "HNSEMU_URL": server_url},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while "pod-0" not in hnsemu("endpoints", "list", HNSEMU_ON="halted-00001").stdout:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, printed = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    found = re.fullmatch(
        r"hnsemu: interrupted after (\d+) of 4001000 networks and endpoints\n", printed
    )
    assert found is not None, printed
    created = _objects_of_the_fleet(hnsemu, "halted-")
    # Those of the last request may be created and not yet counted.
    assert 0 <= created - int(found[1]) <= AT_ONCE + 1


def _objects_of_the_fleet(hnsemu: Hnsemu, prefix: str) -> int:
    """Return how many networks and endpoints `fleet create` left on the hosts of a prefix."""
    hosts = [host["name"] for host in json.loads(hnsemu("hosts", "list", "-o", "json").stdout)]
    return sum(
        hnsemu("networks", "list", "--where", "Name=fleet", HNSEMU_ON=name).stdout.count("fleet")
        + hnsemu("endpoints", "list", HNSEMU_ON=name).stdout.count("pod-")
        for name in hosts
        if name.startswith(prefix)
    )


def test_a_closed_pipe_is_no_failure(server_url: str) -> None:
    command = f"{' '.join(COMMAND)} events | head -1"
    done = subprocess.run(
        ["bash", "-c", command],
        env={**os.environ, "HNSEMU_URL": server_url, "HNSEMU_ON": "node"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def completion_script() -> str:
    """Return the completion that `hnsemu` sets up in bash."""
    return subprocess.run(
        [PROGRAM],
        env={**os.environ, "_HNSEMU_COMPLETE": "source_bash"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    ).stdout


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
    words: list[str], offered: str, server_url: str, completion_script: str
) -> None:
    while offered not in completed(completion_script, words, server_url):
        pass  # a busy service may need longer than the completion waits; the next Tab gets it


def test_completion_does_not_wait_for_a_service_that_is_silent(completion_script: str) -> None:
    with silent_service() as url:
        assert completed(completion_script, ["endpoints", "show", "w"], url) == []


def test_completion_without_a_service_is_empty(completion_script: str) -> None:
    url = "http://127.0.0.1:9"
    assert completed(completion_script, ["endpoints", "show", "w"], url) == []


@contextmanager
def silent_service() -> Iterator[str]:
    """Yield the address of a service that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def completed(completion_script: str, words: list[str], url: str) -> list[str]:
    """Return what a real bash offers after Tab behind these words of `hnsemu`."""
    typed = " ".join(["hnsemu", *words])
    script = f"""
        {completion_script}
        COMP_WORDS=({typed}); COMP_CWORD={len(words)}
        _hnsemu_completion {PROGRAM}
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(
        ["bash", "-c", script],
        env={**os.environ, "HNSEMU_URL": url, "HNSEMU_ON": "node"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


def test_a_narrow_terminal_cuts_no_word(server_url: str) -> None:
    words = ("trace", "10.244.1.6:80", "--from", "client")
    whole = subprocess.run(
        [*COMMAND, *words],
        env={**os.environ, "HNSEMU_URL": server_url, "HNSEMU_ON": "node"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for columns in ("80", "39"):
        shown = on_terminal(server_url, *words, COLUMNS=columns, NO_COLOR="1")
        plain = re.sub(r"\x1b\[\d*m", "", shown)
        assert max(map(len, plain.splitlines())) <= int(columns)
        assert plain.split() == whole.split()
