"""Schemathesis walks the whole document: every check, 100 cases an operation, links, one seed."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from hnsemu.storage.migrate import upgrade
from tests.api.calls import WORLD
from tests.e2e.servers import serving
from tests.waiting import PATIENCE

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

# A stream has no end, so no answer to look at; tests/api/v2/test_notifications.py refuses bad ones.
ENDLESS = [
    "streamNotifications",
    "streamNetworkNotifications",
    "streamGuestNetworkServiceNotifications",
]
# Side by side; the rest may remove hosts, and what links lead to must not be gone by chance.
_SINGLE = "--phases=examples,coverage,fuzzing"
PARTS = {
    "HCN 2": [_SINGLE, "--include-path-regex=^/v2/"],
    "the rest": [_SINGLE, "--exclude-path-regex=^/v2/"],
    "links": ["--phases=stateful", "--max-examples=300"],
}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", PARTS)
def test_no_request_meets_an_undocumented_answer(part: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hnsemu.db'}"
    upgrade(url)
    with serving(url, HNSEMU_SEED="1") as server:
        for call in WORLD:
            made = httpx.request(
                call.method, server.url + call.path, json=call.json, timeout=PATIENCE
            )
            assert made.status_code == call.status, made.text
        command: list[str | Path] = [
            Path(sys.executable).with_name("st"),
            f"--config-file={HERE / 'schemathesis.toml'}",
            "run",
            f"{server.url}/openapi.json",
            *PARTS[part],
            "--checks=all",
            # `reads_as_windows` and `finds_what_it_made` ask these.
            "--exclude-checks=negative_data_rejection,ensure_resource_availability",
            "--continue-on-failure",
            "--no-color",
            *(f"--exclude-operation-id={name}" for name in ENDLESS),
        ]
        hooks = {"SCHEMATHESIS_HOOKS": str(HERE / "hooks.py"), "PYTHONPATH": str(ROOT)}
        ran = subprocess.run(
            command,
            env={**os.environ, **hooks},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        sys.stdout.write(ran.stdout)
        assert ran.returncode == 0, ran.stderr
        assert httpx.get(f"{server.url}/readyz", timeout=PATIENCE).status_code == 200
