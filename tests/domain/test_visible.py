"""Names reach people as text, whatever they hold."""

import pytest

from hnsemu.domain.visible import one_line, visible


@pytest.mark.parametrize("text", ["", "web", "vEthernet (Ethernet 2)", "naïve", "网络", "C:\\new"])
def test_what_prints_stays(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a\x1b[31mb", r"a\x1b[31mb", id="a colour"),
        pytest.param("a\nb\r\tc", r"a\nb\r\tc", id="lines"),
        pytest.param("a\x9b2Jb", r"a\x9b2Jb", id="a control sequence in one byte"),
        pytest.param("a\x7f\x00", r"a\x7f\x00", id="deletions"),
        pytest.param("a\u2028b\x85c", r"a\u2028b\x85c", id="line ends of Unicode"),
        pytest.param("a\u202eb", r"a\u202eb", id="right to left"),
        pytest.param("a\ud800b", r"a\ud800b", id="half a character"),
    ],
)
def test_what_does_not_print_is_written_as_its_escape(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible(shown) == shown


def test_the_message_of_a_library_becomes_one_line() -> None:
    assert one_line("while parsing\n  in line 1\n") == "while parsing in line 1"
