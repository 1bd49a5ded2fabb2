"""State documents as text."""

import pytest

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
