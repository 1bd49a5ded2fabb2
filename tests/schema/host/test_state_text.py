"""State documents as text."""

import sys

import pytest
import yaml

from hnsemu.errors import HnsError
from hnsemu.schema.host.state_text import read_document, read_documents


@pytest.mark.parametrize("body", [b"", b" \n", b"{}"])
def test_a_blank_body_is_the_document_without_members(body: bytes) -> None:
    assert read_document(body) == {}
    assert read_documents(body) == [{}]


def test_a_stream_without_a_document_would_leave_no_host() -> None:
    with pytest.raises(HnsError) as refused:
        read_documents(b"# nothing\n")
    assert "no host would be left" in refused.value.detail


@pytest.mark.parametrize(
    "end", [pytest.param(b"", id="whole"), pytest.param(b'- "cut off', id="cut off")]
)
def test_what_yaml_was_composed_of_is_freed_node_by_node(
    monkeypatch: pytest.MonkeyPatch, end: bytes
) -> None:
    freed_in: list[str] = []

    def freed(_node: yaml.Node) -> None:
        freed_in.append(sys._getframe(1).f_code.co_name)

    for kind in (yaml.ScalarNode, yaml.SequenceNode, yaml.MappingNode):
        monkeypatch.setattr(kind, "__del__", freed, raising=False)
    body = b"- name: web\n  tags: [a, b]\n" * 50 + end
    if end:
        with pytest.raises(HnsError):
            read_documents(body)
    else:
        read_documents(body)
    at_once = [place for place in freed_in if place != "let_go"]
    assert len(freed_in) >= 350
    assert len(at_once) <= 1  # the list that is not whole
