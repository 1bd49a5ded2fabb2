"""Which daemon a host runs, and which versions of the API it speaks."""

import pytest

from hnsemu.docker.domain.daemons import daemon_of, dotted, spoken
from hnsemu.docker.errors import DockerError
from hnsemu.domain.releases import NEWEST, RELEASES

NOW = daemon_of(NEWEST)


@pytest.mark.parametrize(
    ("release", "version"),
    [
        ("ws2016", "20.10.27"),
        ("ws1803", "20.10.27"),
        ("ws2019-rtm", "28.5.2"),
        ("ws2022", "28.5.2"),
        ("win11", "28.5.2"),
    ],
)
def test_a_host_runs_the_newest_daemon_that_starts_there(release: str, version: str) -> None:
    assert daemon_of(RELEASES[release]).version == version


@pytest.mark.parametrize(("release", "early"), [("ws1803", True), ("ws2019", False)])
def test_the_texts_of_20_10_are_those_of_hosts_before_2019(release: str, *, early: bool) -> None:
    assert daemon_of(RELEASES[release]).is_early is early


@pytest.mark.parametrize(
    ("asked", "version"), [("", (1, 51)), ("1.24", (1, 24)), ("1.51", (1, 51)), ("1.30", (1, 30))]
)
def test_a_version_in_between_is_spoken(asked: str, version: tuple[int, int]) -> None:
    assert spoken(asked, NOW) == version


@pytest.mark.parametrize("asked", ["1.23", "0.9", "1", "1.2.3", "1.", "1..3"])
def test_an_old_version_is_refused(asked: str) -> None:
    with pytest.raises(DockerError, match=f"client version {asked} is too old") as refusal:
        spoken(asked, NOW)
    assert refusal.value.status == 400


@pytest.mark.parametrize("asked", ["1.52", "2.0"])
def test_a_new_version_is_refused(asked: str) -> None:
    with pytest.raises(DockerError, match=r"Maximum supported API version is 1\.51"):
        spoken(asked, NOW)


def test_a_version_is_printed_with_a_dot() -> None:
    assert dotted((1, 24)) == "1.24"
