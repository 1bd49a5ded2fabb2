"""Signals by name and number, and what becomes of a container that gets one."""

from dataclasses import replace

import pytest

from hnsemu.docker.domain.signals import exit_code_after, kill_signal, read_signal, stop_signal
from hnsemu.docker.errors import DockerError
from tests.docker.domain.containers import container


@pytest.mark.parametrize(
    ("text", "number"),
    [("", 9), ("KILL", 9), ("SIGTERM", 15), ("sighup", 1), ("usr2", 12), ("+15", 15), ("2", 2)],
)
def test_a_signal_has_a_name_or_a_number(text: str, number: int) -> None:
    assert kill_signal(text) == number


@pytest.mark.parametrize("text", ["BAD", "0", "9x", "SIGSIGKILL", "9" * 30])
def test_what_is_no_signal_is_refused(text: str) -> None:
    with pytest.raises(DockerError, match=f"^invalid signal: {text}$"):
        read_signal(text)


@pytest.mark.parametrize("number", [13, 64, -9])
def test_a_number_that_no_signal_has_kills_nothing(number: int) -> None:
    text = f"^the windows daemon does not support signal {number}$"
    with pytest.raises(DockerError, match=text):
        kill_signal(str(number))


@pytest.mark.parametrize(("name", "number"), [("", 15), ("SIGKILL", 9), ("BAD", 15)])
def test_a_container_says_what_stops_it(name: str, number: int) -> None:
    web = container()
    assert stop_signal(replace(web, config={**web.config, "StopSignal": name})) == number


@pytest.mark.parametrize(("signal", "code"), [(9, 0x40010004), (15, 0xC000013A), (1, 0xC000013A)])
def test_only_kill_terminates(signal: int, code: int) -> None:
    assert exit_code_after(signal) == code
