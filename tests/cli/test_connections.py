"""What a request to the service costs its client."""

from http.client import HTTPConnection

import pytest

from hnsemu.cli.connections import Connections, service_url
from tests.waiting import PATIENCE


def test_a_request_with_a_body_is_one_write(
    server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = []
    send = HTTPConnection.send

    def counted(self: HTTPConnection, data: bytes) -> None:
        writes.append(bytes(data))
        send(self, data)

    monkeypatch.setattr(HTTPConnection, "send", counted)
    connections = Connections(service_url(server_url), None, PATIENCE)
    for name in ("one", "two"):
        body = f'{{"Name": "of-{name}", "Type": "Private"}}'
        headers = {"Content-Type": "application/json"}
        answer = connections.ask("POST", "/v2/networks", body, headers)
        assert (answer.status, len(writes)) == (201, 1)
        assert writes.pop().endswith(body.encode())
    connections.close()


def test_a_request_that_cannot_be_sent_does_not_spoil_the_next_one(server_url: str) -> None:
    connections = Connections(service_url(server_url), None, PATIENCE)
    for path, headers, status in (
        ("/v2/networks/a b\nü", {}, 400),
        ("/v2/networks", {"Bad": "a\nb"}, None),
        ("/v2/networks", {"Odd": "\u4e2d"}, None),
        ("/v2/networks", {}, 200),
    ):
        if status is None:
            with pytest.raises(ValueError, match=r"header|latin-1"):
                connections.ask("GET", path, None, headers)
        else:
            assert connections.ask("GET", path, None, headers).status == status
    connections.close()
