"""The keys by which a client leaves a console."""

import pytest

from hnsemu.docker.domain.detaching import Watch, read_keys


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", b"\x10\x11"),
        ("ctrl-a,b", b"\x01b"),
        ("ctrl-@,ctrl-[,ctrl-_,DEL", b"\x00\x1b\x1f\x7f"),
        ("Q", b"Q"),
    ],
)
def test_keys_are_read_as_dockerd_reads_them(text: str, keys: bytes) -> None:
    assert read_keys(text) == keys


@pytest.mark.parametrize("text", ["ctrl-A", "escape", "a,", "ä"])
def test_a_key_that_there_is_not_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Unknown character"):
        read_keys(text)


def test_the_keys_are_kept_from_the_console_however_they_come() -> None:
    watch = Watch(b"\x10\x11")
    assert watch.feed(b"ls\x10") == b"ls"
    assert not watch.is_over
    assert watch.feed(b"\x11dir") == b""
    assert watch.is_over


def test_a_sequence_broken_off_is_typed_after_all() -> None:
    watch = Watch(b"\x10\x11")
    assert watch.feed(b"\x10") == b""
    assert watch.feed(b"\x10\x11a") == b"\x10\x10\x11a"
    assert not watch.is_over
