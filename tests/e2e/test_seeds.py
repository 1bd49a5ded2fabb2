"""A service loads its seeds before it says that it is ready, and says which line is broken."""

import json
import subprocess
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.e2e.servers import COMMAND, serving
from tests.ports import free_port
from tests.waiting import PATIENCE, until

STATE = {"format": 1, "host": {"release": "ws2019", "definition": {"release": "ws2019"}}}
REQUESTS = """\
- {method: PUT, path: /emulator/hosts/node-1, body: {release: ws2022}}
- {method: POST, path: /v2/networks, host: node-1, body: {Name: blue, Type: Private}}
- {method: DELETE, path: /v2/networks/11111111-2222-3333-4444-555555555555, status: 404}
"""


def test_seeds_are_loaded_when_the_service_is_ready(tmp_path: Path) -> None:
    (tmp_path / "10-state.json").write_text(json.dumps({"name": "old", "state": STATE}))
    (tmp_path / "20-requests.yaml").write_text(REQUESTS)
    (tmp_path / "30-script.sh").write_text("hnsemu hosts create from-script --release ws2022\n")
    (tmp_path / "40-script.py").write_text(
        "import os, urllib.request\n"
        "url = os.environ['HNSEMU_URL'] + '/emulator/hosts/from-python'\n"
        "urllib.request.urlopen(urllib.request.Request(url, method='PUT'))\n"
    )
    with serving("sqlite://", "--ephemeral", "--seed-dir", str(tmp_path)) as server:
        assert server.get("/readyz").status_code == 200
        hosts = {host["name"] for host in server.get("/emulator/hosts").json()}
        assert hosts == {"default", "old", "node-1", "from-script", "from-python"}
        networks = server.get("/hosts/node-1/v2/networks").json()
        assert "blue" in {network["Name"] for network in networks}
        seeds = server.get("/emulator/seeds").json()
    assert [seed["state"] for seed in seeds] == ["done"] * 4
    assert [seed["items"] for seed in seeds] == [1, 3, 0, 0]


@pytest.mark.parametrize(
    ("name", "text", "line", "reason"),
    [
        ("20.yaml", REQUESTS.replace("Private", "Nonsense"), 2, "POST /hosts/node-1/v2/networks"),
        ("20.yaml", "- {method: GET, path: /v2}\n- [", 3, "the body is not valid YAML"),
        ("20.json", '{"format": 7, "host": {}}', 1, "format: 7 is newer than 1"),
        ("20.sh", "true\nfalse\n", 2, "exit code 1: line 2: false"),
        ("20.py", "raise SystemExit('no')", 0, "exit code 1: no"),
    ],
)
def test_a_broken_seed_is_named_with_its_line_and_stops_the_others(
    tmp_path: Path, name: str, text: str, line: int, reason: str
) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / name).write_text(text)
    (folder / "30.yaml").write_text("[]")
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND[:-1], str(port), "--ephemeral", "--seed-dir", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        broken = _failed_seed(f"http://127.0.0.1:{port}", name)
        ready = httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=PATIENCE)
        assert (broken["line"], ready.status_code) == (line, 503)
        assert reason in str(broken["detail"])
        assert ready.json()["Detail"].startswith(f"seed {name}")
        assert httpx.get(f"http://127.0.0.1:{port}/livez", timeout=PATIENCE).status_code == 200
        states = [
            seed["state"]
            for seed in httpx.get(
                f"http://127.0.0.1:{port}/emulator/seeds", timeout=PATIENCE
            ).json()
        ]
        assert states == ["failed", "waiting"]
    finally:
        process.terminate()
        output, errors = process.communicate(timeout=PATIENCE)
    assert "ready" not in output
    assert f"seed {name}" in errors


def _failed_seed(url: str, name: str) -> dict[str, object]:
    def look() -> dict[str, object] | None:
        with suppress(httpx.HTTPError):
            for seed in httpx.get(f"{url}/emulator/seeds", timeout=PATIENCE).json():
                if seed["name"] == name and seed["state"] == "failed":
                    found: dict[str, object] = seed
                    return found
        return None

    return until(look, f"{name} does not fail")
