"""Files are read as UTF-8 or as Windows PowerShell writes them."""

import pytest

from hnsemu.domain.file_text import decoded
from hnsemu.errors import HnsError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_files_of_powershell_are_decoded(encoding: str) -> None:
    assert decoded("[]é".encode(encoding)) == "[]é"


@pytest.mark.parametrize("content", [b"\xe9\xe9", b"\xff\xfe["])
def test_a_file_of_another_encoding_is_refused(content: bytes) -> None:
    with pytest.raises(HnsError, match="neither UTF-8 nor UTF-16"):
        decoded(content)
