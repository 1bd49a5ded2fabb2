"""Answers that may be large are written to a file first, which may have no room."""

from tempfile import SpooledTemporaryFile

import httpx
import pytest

from hnsemu.api import answers
from hnsemu.errors import Hr


class FullFile(SpooledTemporaryFile[bytes]):
    """A file in a folder without room."""

    def write(self, _content: object) -> int:
        """Refuse everything."""
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("method", "path", "document"),
    [
        ("GET", "/emulator/state", None),
        ("POST", "/host/reachability", {"Ports": [{"Port": 80}]}),
    ],
)
async def test_an_answer_without_room_is_refused_with_a_sentence(
    client: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    path: str,
    document: dict[str, object] | None,
) -> None:
    monkeypatch.setattr(answers, "SpooledTemporaryFile", FullFile)
    refused = await client.request(method, path, json=document)
    assert refused.status_code == 503
    assert refused.json()["ErrorCode"] == Hr.E_RPC_SERVER_UNAVAILABLE.hresult
    assert "no room for the answer" in refused.json()["Detail"]
