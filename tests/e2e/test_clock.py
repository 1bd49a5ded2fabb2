"""The clock is one for all workers: whichever is asked next goes by the last change."""

import httpx
import pytest

from tests.conftest import DATABASES
from tests.e2e.servers import serving
from tests.waiting import PATIENCE

CLOCK = "/emulator/clock"
_CHANGES = 20
_ASKED = 4  # connections for each change: some reach the other worker

pytestmark = pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)


def test_every_worker_goes_by_a_change_that_was_answered(database_url: str) -> None:
    with serving(database_url, "--workers", "2") as server, server.client() as client:
        client.put(CLOCK, json={"freeze": True}).raise_for_status()
        for number in range(_CHANGES):
            time = f"20{30 + number}-01-01T00:00:00Z"
            client.put(CLOCK, json={"set": time}).raise_for_status()
            for asked in range(_ASKED):
                made = httpx.put(  # a connection of its own
                    f"{server.url}/emulator/hosts/h{number}-{asked}", json={}, timeout=PATIENCE
                ).json()
                assert made["created"] == time
                httpx.post(
                    f"{server.url}/emulator/hosts/h0-0/restart", timeout=PATIENCE
                ).raise_for_status()
                shown = httpx.get(f"{server.url}/emulator/hosts/h0-0", timeout=PATIENCE).json()
                assert shown["started"] == time
                assert server.get(CLOCK).json()["time"] == time
