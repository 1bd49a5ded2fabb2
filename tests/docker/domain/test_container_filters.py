"""Which containers a list shows."""

import pytest

from hnsemu.docker.domain.container_filters import check_filters, created_before, is_wanted
from hnsemu.docker.domain.containers import DockerEndpoint, Status
from hnsemu.docker.domain.filters import Filters
from hnsemu.docker.domain.ports import Port, Published
from hnsemu.docker.errors import DockerError
from tests.docker.domain.containers import container

WEB = container(
    DockerEndpoint("front", {}, network_id="4" * 64, ports=(Published(Port(80, "tcp"), 8080),)),
    own={"Labels": {"stage": "test"}, "ExposedPorts": {"80/tcp": {}}},
    status=Status.EXITED,
    exit_code=3,
    finished=5,
)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("id", "f758", True),
        ("id", "0000", False),
        ("name", "we", True),
        ("name", "/web", True),
        ("name", "^/web$", True),
        ("name", "^we$", False),
        ("status", "exited", True),
        ("status", "running", False),
        ("exited", "3", True),
        ("exited", "0", False),
        ("label", "stage", True),
        ("label", "stage=live", False),
        ("network", "front", True),
        ("network", "4444", True),
        ("network", "nat", False),
        ("ancestor", "iis", True),
        ("ancestor", "iis:latest", True),
        ("ancestor", "other", False),
        ("publish", "8080", True),
        ("publish", "80", False),
        ("expose", "80", True),
        ("expose", "80/udp", False),
        ("volume", "data", False),
        ("health", "none", True),
        ("is-task", "true", False),
    ],
)
def test_a_container_is_shown_when_each_filter_has_it(
    name: str, value: str, *, shown: bool
) -> None:
    assert is_wanted(WEB, Filters({name: (value,)})) is shown


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("bogus", "1", "invalid filter 'bogus'"),
        ("exited", "x", "invalid filter 'exited=x'"),
    ],
)
def test_other_filters_are_refused(name: str, value: str, text: str) -> None:
    with pytest.raises(DockerError) as refusal:
        check_filters(Filters({name: (value,)}))
    assert (refusal.value.status, refusal.value.message) == (400, text)


def test_a_status_that_no_container_has_is_refused() -> None:
    with pytest.raises(DockerError) as refusal:
        check_filters(Filters({"status": ("gone",)}))
    assert "invalid value for state (gone)" in refusal.value.message


def test_prune_spares_what_is_younger_than_it_says() -> None:
    hour = 36_000_000_000
    assert created_before(WEB, Filters(), hour)
    assert created_before(WEB, Filters({"until": ("30m",)}), hour)
    assert not created_before(WEB, Filters({"until": ("2h",)}), hour)
