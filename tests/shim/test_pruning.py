"""Old Wine prefixes go when a new one is made; what is in use stays."""

import os
import subprocess
import time
from pathlib import Path

from hnsemu.wine.pruning import KEPT, UNUSED_DAYS, prune

DAY = 24 * 60 * 60
LONG = (UNUSED_DAYS + 1) * DAY
TEMPLATE = "wine-0123456789abcdef-ws2025-26100"


def made(cache: Path, name: str, days: float, used: float | None = None) -> Path:
    """Make a prefix so many days old, in which a program ran so many days ago."""
    prefix = cache / name
    (prefix / "drive_c").mkdir(parents=True)
    if used is not None:
        (prefix / "used").touch()
        os.utime(prefix / "used", (time.time() - used * DAY,) * 2)
    os.utime(prefix, (time.time() - days * DAY,) * 2)
    return prefix


def names(cache: Path) -> set[str]:
    return {entry.name for entry in cache.iterdir()}


def test_a_template_that_nobody_used_for_long_goes_with_its_instances(tmp_path: Path) -> None:
    made(tmp_path, TEMPLATE, UNUSED_DAYS + 9)
    made(tmp_path, f"{TEMPLATE}-in-1-2", UNUSED_DAYS + 9, used=UNUSED_DAYS + 1)
    made(tmp_path, "wine-k3j2h1g0", UNUSED_DAYS + 1)  # what a killed start left
    (tmp_path / "dockerd").mkdir()
    prune(tmp_path)
    assert names(tmp_path) == {"dockerd"}


def test_one_use_of_one_instance_keeps_all_of_a_template(tmp_path: Path) -> None:
    made(tmp_path, TEMPLATE, UNUSED_DAYS + 9)
    made(tmp_path, f"{TEMPLATE}-in-1-2", UNUSED_DAYS + 9, used=UNUSED_DAYS + 1)
    made(tmp_path, f"{TEMPLATE}-in-3-4", UNUSED_DAYS + 9, used=UNUSED_DAYS - 1)
    before = names(tmp_path)
    prune(tmp_path)
    assert names(tmp_path) == before


def test_a_new_template_stays_before_its_first_program(tmp_path: Path) -> None:
    made(tmp_path, TEMPLATE, 0)
    prune(tmp_path)
    assert names(tmp_path) == {TEMPLATE}


def test_of_many_templates_those_used_last_stay(tmp_path: Path) -> None:
    made(tmp_path, "wine-oldest-ws2025", 4)
    made(tmp_path, "wine-oldest-ws2025-in-1-2", 4, used=3)
    for number in range(KEPT - 1):
        made(tmp_path, f"wine-{number}-ws2025", 2)
    prune(tmp_path)
    assert len(names(tmp_path)) == KEPT + 1  # templates, one with an instance
    made(tmp_path, "wine-newest-ws2025", 0)
    prune(tmp_path)
    assert len(names(tmp_path)) == KEPT
    assert not [name for name in names(tmp_path) if "oldest" in name]


def test_of_many_templates_those_of_the_last_hour_stay(tmp_path: Path) -> None:
    for number in range(KEPT + 1):
        made(tmp_path, f"wine-{number}-ws2025", 0)
    prune(tmp_path)
    assert len(names(tmp_path)) == KEPT + 1


def test_a_program_that_runs_keeps_its_prefix_however_long(tmp_path: Path) -> None:
    made(tmp_path, TEMPLATE, UNUSED_DAYS + 9)
    instance = made(tmp_path, f"{TEMPLATE}-in-1-2", UNUSED_DAYS + 9, used=UNUSED_DAYS + 1)
    with subprocess.Popen(
        ["sh", "-c", "echo runs; read end"],
        env={**os.environ, "WINEPREFIX": str(instance)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"runs\n"  # until then it may have no environment
        prune(tmp_path)
        assert len(names(tmp_path)) == 2
    prune(tmp_path)
    assert names(tmp_path) == set()


def test_a_prefix_that_is_a_link_goes_without_what_it_links_to(tmp_path: Path) -> None:
    cache, elsewhere = tmp_path / "cache", tmp_path / "elsewhere"
    cache.mkdir()
    (elsewhere / "drive_c").mkdir(parents=True)
    (cache / TEMPLATE).symlink_to(elsewhere)
    prune(cache, now=time.time() + LONG)
    assert names(cache) == set()
    assert (elsewhere / "drive_c").is_dir()
