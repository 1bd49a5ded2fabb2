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
    ports={"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}], "90/udp": None},
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
        ("expose", "090/udp", True),
        ("expose", "79-81", True),
        ("expose", "80-80/", True),
        ("expose", "81-90/tcp", False),
        ("publish", "8000-8100/tcp", True),
        ("publish", "0/udp", True),
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


def test_a_port_of_either_filter_suffices() -> None:
    assert is_wanted(WEB, Filters({"expose": ("1",), "publish": ("8080",)}))
    assert is_wanted(WEB, Filters({"expose": ("80",), "publish": ("1",)}))
    assert not is_wanted(WEB, Filters({"expose": ("1",), "publish": ("1",)}))


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("expose", "80-", 'strconv.ParseUint: parsing "": invalid syntax'),
        ("publish", "http", 'strconv.ParseUint: parsing "http": invalid syntax'),
        ("publish", "65536/udp", 'strconv.ParseUint: parsing "65536": value out of range'),
        ("expose", "90-80", "invalid range specified for port: 90-80"),
        ("expose", "/tcp", "empty string specified for ports"),
    ],
)
def test_ports_that_are_none_are_refused(name: str, value: str, text: str) -> None:
    with pytest.raises(DockerError) as refusal:
        check_filters(Filters({name: (value,)}))
    expected = (500, f"error while looking up for {name} {value}: {text}")
    assert (refusal.value.status, refusal.value.message) == expected


def test_a_filter_for_ports_has_no_address() -> None:
    with pytest.raises(DockerError) as refusal:
        check_filters(Filters({"publish": ("0.0.0.0:80",)}))
    assert refusal.value.message == "filter for 'publish' should not contain ':': 0.0.0.0:80"


def test_a_status_that_no_container_has_is_refused() -> None:
    with pytest.raises(DockerError) as refusal:
        check_filters(Filters({"status": ("gone",)}))
    assert "invalid value for state (gone)" in refusal.value.message


def test_prune_spares_what_is_younger_than_it_says() -> None:
    hour = 36_000_000_000
    assert created_before(WEB, Filters(), hour)
    assert created_before(WEB, Filters({"until": ("30m",)}), hour)
    assert not created_before(WEB, Filters({"until": ("2h",)}), hour)
