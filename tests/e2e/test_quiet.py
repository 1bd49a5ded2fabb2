"""The service opens no connection to anywhere: an audit hook would see every attempt."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.waiting import PATIENCE

_WATCHED = """
import sys

def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        sys.stderr.write(f"OUTGOING {event} {arguments[1:]}\\n")

sys.addaudithook(watch)
from hnsemu.config import Settings
from hnsemu.main import create_app
import asyncio, httpx, json

async def main():
    app = create_app(Settings(database_url=sys.argv[1], seed=1))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            paths = ["/docs", "/openapi.json", "/metrics", "/v2/networks", "/host/vfp/ports",
                     "/readyz", "/docs/swagger-ui-bundle.js", "/v1/endpoints", "/host"]
            answers = {path: (await http.get(path)).status_code for path in paths}
            print(json.dumps(answers))

asyncio.run(main())
"""


def test_the_service_connects_to_nothing(tmp_path: Path, sqlite_template: Path) -> None:
    path = tmp_path / "hnsemu.db"
    path.write_bytes(sqlite_template.read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED, f"sqlite:///{path}"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert set(json.loads(done.stdout).values()) == {200}
    assert "OUTGOING" not in done.stderr
