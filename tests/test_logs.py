"""Requests have ids, the same in the response and in the log."""

import json
import logging
import re
from pathlib import Path

import httpx
import pytest

from hnsemu.logs import REQUEST_ID, JsonFormatter, PlainFormatter
from tests.e2e.servers import serving
from tests.waiting import PATIENCE

NOBODY = "11111111-2222-3333-4444-555555555555"
REFUSED = {
    "one": {
        "path": f"/v1/networks/{NOBODY}",
        "host": "default",
        "hresult": "0x803b0001",
    },
    "two": {
        "path": f"/hosts/nowhere/v2/networks/{NOBODY}",
        "host": "nowhere",
        "hresult": "0x80070490",
    },
}


async def test_every_response_has_an_id_of_its_own(client: httpx.AsyncClient) -> None:
    one, other = [(await client.get("/healthz")).headers["X-Request-Id"] for _ in range(2)]
    assert re.fullmatch(r"[0-9a-f]{32}", one)
    assert one != other


@pytest.mark.parametrize(
    ("given", "kept"), [("abc-123", True), ("a b", False), ("x" * 200, False), ("<b>", False)]
)
async def test_the_id_of_the_caller_is_kept_if_it_is_harmless(
    given: str, *, kept: bool, client: httpx.AsyncClient
) -> None:
    answer = await client.get("/v2/nothing", headers={"X-Request-Id": given})
    assert (answer.headers["X-Request-Id"] == given) == kept


def test_lines_are_plain_or_json() -> None:
    record = logging.LogRecord("hnsemu.x", logging.INFO, "f", 1, "all %s", ("well",), None)
    token = REQUEST_ID.set("r1")
    assert PlainFormatter().format(record).endswith("INFO hnsemu.x [r1]: all well")
    line = json.loads(JsonFormatter().format(record))
    REQUEST_ID.reset(token)
    assert (line["level"], line["request_id"], line["message"]) == ("info", "r1", "all well")
    assert list(line) == ["time", "level", "logger", "request_id", "message"]


def test_a_path_cannot_forge_a_line_or_colour_a_terminal() -> None:
    path = "/v2/a\n2026-01-31 10:00:00,000 ERROR forged\x1b[2J"
    record = logging.LogRecord("hnsemu.x", logging.INFO, "f", 1, "GET %s", (path,), None)
    line = PlainFormatter().format(record)
    assert line.endswith(r"GET /v2/a\n2026-01-31 10:00:00,000 ERROR forged\x1b[2J")
    assert line.isprintable()


def test_no_line_of_a_trace_looks_like_a_line_of_the_log() -> None:
    with pytest.raises(ValueError, match="forged") as failure:
        raise ValueError("no\n2026-01-31 10:00:00,000 ERROR forged\x1b[2J")
    raised = (failure.type, failure.value, failure.tb)
    record = logging.LogRecord("hnsemu.x", logging.ERROR, "f", 1, "failed", (), raised)
    first, *trace = PlainFormatter().format(record).split("\n")
    assert first.endswith("failed")
    assert r"  2026-01-31 10:00:00,000 ERROR forged\x1b[2J" in trace
    assert all(line.startswith("  ") and line.isprintable() for line in trace)


def test_a_server_logs_each_request(tmp_path: Path, sqlite_template: Path) -> None:
    path = tmp_path / "hnsemu.db"
    path.write_bytes(sqlite_template.read_bytes())
    log = tmp_path / "log"
    variables = {"HNSEMU_LOG_LEVEL": "info", "HNSEMU_LOG_FORMAT": "json"}
    with (
        log.open("w") as stderr,
        serving(f"sqlite:///{path}", stderr=stderr, **variables) as server,
    ):
        httpx.get(f"{server.url}/v2/networks", headers={"X-Request-Id": "mine"}, timeout=PATIENCE)
        for request_id, refused in REFUSED.items():
            headers = {"X-Request-Id": request_id}
            httpx.get(f"{server.url}{refused['path']}", headers=headers, timeout=PATIENCE)
        server.stop()
    lines = [json.loads(text) for text in log.read_text().splitlines()]
    requests = {line["request_id"]: line for line in lines if "method" in line}
    mine = requests["mine"]
    assert mine["message"].startswith("GET /v2/networks 200 ")
    known = {"method": "GET", "path": "/v2/networks", "status": 200, "host": "default"}
    assert known.items() <= mine.items()
    assert 0 <= mine["milliseconds"] < 1000 * PATIENCE
    assert "hresult" not in mine
    for request_id, refused in REFUSED.items():
        assert refused.items() <= requests[request_id].items()
