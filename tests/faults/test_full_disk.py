"""The disk is full: writes are refused and named, reads go on, and space ends it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.load import Load, check_nothing_is_lost_or_half_there
from tests.e2e.servers import serving
from tests.waiting import PATIENCE

_DISK = "3m"
_LARGER = "64m"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a small disk of its own; mounting it needs root."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_refuses_writes_and_loses_nothing(disk: Path) -> None:
    url = f"sqlite:///{disk / 'hnsemu.db'}"
    with serving(url) as server:
        with Load(server.url) as load:
            assert load.wait_for(lambda load: len(load.refusals) >= 10)
        assert set(load.refusals) == {503}
        assert load.acknowledged
        check_nothing_is_lost_or_half_there(server.url, load.acknowledged)

        subprocess.run(["mount", "-o", f"remount,size={_LARGER}", disk], check=True)
        with Load(server.url) as recovered:
            assert recovered.wait_for_more(50)
        assert not recovered.refusals
        assert server.stop() == 0
    with serving(url) as server:
        check_nothing_is_lost_or_half_there(
            server.url, [*load.acknowledged, *recovered.acknowledged]
        )


def test_a_full_disk_says_what_to_do(disk: Path) -> None:
    with serving(f"sqlite:///{disk / 'hnsemu.db'}") as server:
        with Load(server.url, clients=1) as load:
            assert load.wait_for(lambda load: bool(load.refusals))
        refused = httpx.put(f"{server.url}/emulator/hosts/another", timeout=PATIENCE)
        assert refused.status_code == 503
        assert "disk" in refused.json()["Detail"]
