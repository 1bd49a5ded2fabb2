"""State documents as text."""

import pytest
import yaml

from hnsemu.errors import HnsError
from hnsemu.schema.host.state_text import documents_with_lines, read_document, read_documents


@pytest.mark.parametrize("body", [b"", b" \n", b"{}"])
def test_a_blank_body_is_the_document_without_members(body: bytes) -> None:
    assert read_document(body) == {}
    assert read_documents(body) == [{}]


def test_a_stream_without_a_document_would_leave_no_host() -> None:
    with pytest.raises(HnsError) as refused:
        read_documents(b"# nothing\n")
    assert "no host would be left" in refused.value.detail


@pytest.mark.parametrize(
    "text",
    [
        "name: web\ntags: [a, 'b', \"c\"]\nnested: {d: [{}, []]}\nempty:\n",
        "- 1\n- [0x1F, 017, 0b1, 1:30, 1_000]\n- [1.5, 1e3, -.inf, yes, No, ~, 'yes', '1']\n",
        "2026-01-02: 2026-01-02T03:04:05Z\n1: a\n~: b\n? \n",
        "a: 1\na: 2\n=: 3\n'<<': 4\n",
        "b: 1\n<<: [{a: 1, c: 5}, {a: 2, b: 3, d: 4}]\nc: 6\n<<: {e: {<<: {f: 7}}}\n",
        "text: |\n  two\n  lines\n",
        "---\n---\na\n...\n# nothing\n--- b\n",
    ],
)
def test_a_text_has_the_values_that_pyyaml_makes_of_it(text: str) -> None:
    values = list(yaml.safe_load_all(text))
    assert repr(read_documents(text.encode())) == repr(values)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: &x 2\n", "line 2: an anchor or alias"),
        ("- &x <<: {a: 1}\n", "line 1: an anchor or alias"),
        ("a:\n- *x\n", "line 2: an anchor or alias"),
        ("a: !!binary aaaa\n", "line 1: the tag 'tag:yaml.org,2002:binary'"),
        ("- " * 33 + "a", "line 1: nested more than 32 deep"),
        ("<<: 5\n", "expected a mapping or list of mappings for merging"),
        ("<<: [[]]\n", "expected a mapping or list of mappings for merging"),
        ("? [a]\n: 1\n", "found unhashable key"),
        ("a: =\n", "could not determine a constructor"),
        ("a: 2026-13-45\n", "a value that YAML cannot read"),
        ("a: '\n", "is not valid YAML"),
    ],
)
def test_what_no_document_has_is_refused(text: str, said: str) -> None:
    with pytest.raises(HnsError) as refused:
        read_documents(text.encode())
    assert said in refused.value.detail


def test_documents_and_items_of_lists_have_their_lines() -> None:
    text = b"# seeds\n- a\n-\n  b: 1\n---\n\nc: 2\n--- d\n"
    found = [(2, "a"), (4, {"b": 1}), (7, {"c": 2}), (8, "d")]
    assert documents_with_lines(text) == found
