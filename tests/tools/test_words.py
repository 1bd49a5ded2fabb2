"""The list of phrases that nobody is to write."""

import pytest

from tools.words import found


@pytest.mark.parametrize(
    ("text", "line", "phrase"),
    [
        pytest.param("render it anew", 1, "anew", id="word"),
        pytest.param("first\nTells every\nrequest", 2, "Tells every", id="capital"),
        pytest.param("# the default one\n# without", 1, "the default one without", id="wrapped"),
        pytest.param("which HTTP has not.", 1, "has not", id="before a full stop"),
    ],
)  # fmt: skip
def test_a_phrase_is_found_where_it_begins(text: str, line: int, phrase: str) -> None:
    ((at, written, _),) = found(text)
    assert (at, written) == (line, phrase)


@pytest.mark.parametrize("text", ["it has not ended", "amend a commit", "for policy in policies:"])
def test_words_that_only_look_alike_are_left_alone(text: str) -> None:
    assert list(found(text)) == []
