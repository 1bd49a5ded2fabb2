"""Which service has a host, and what a front is told."""

import pytest

from hnsemu.domain.shards import Shard, haproxy, nginx, places
from hnsemu.errors import HnsError, Hr

EAST = Shard("east", "10.0.0.5:8420", ["default", "node-1"])
WEST = Shard("west", "10.0.0.6:8420", ["default", "node-2", "volatile"])


def test_a_host_is_where_it_was_found() -> None:
    assert places([EAST, WEST]) == {"node-2": WEST, "volatile": WEST}
    assert places([WEST, EAST]) == {"node-1": EAST}


def test_a_host_on_two_services_is_refused_with_both() -> None:
    with pytest.raises(HnsError) as refusal:
        places([EAST, WEST, Shard("north", "10.0.0.7:8420", ["node-1"])])
    assert refusal.value.hr is Hr.E_ALREADY_EXISTS
    assert refusal.value.detail == (
        "host 'node-1' is on east and on north; delete it from the one that it has left"
    )


def test_nginx_is_told_where_hosts_are_and_that_the_rest_is_the_firsts() -> None:
    written = nginx([EAST, WEST], "127.0.0.1:80").splitlines()
    shard = written.index("map $hnsemu_host $hnsemu_shard {")
    assert written[shard + 1 : shard + 5] == [
        "    default hnsemu_east;",
        "    node-2 hnsemu_west;",
        "    \\volatile hnsemu_west;",
        "}",
    ]
    assert "    server 10.0.0.6:8420;" in written
    assert "    listen 127.0.0.1:80;" in written


def test_haproxy_is_told_the_same() -> None:
    written = haproxy([EAST, WEST], "127.0.0.1:80").splitlines()
    leading = written.index("    acl hnsemu_is_on_west var(txn.hnsemu_host) -m str -- node-2")
    assert written[leading + 1 : leading + 5] == [
        "    acl hnsemu_is_on_west var(txn.hnsemu_host) -m str -- volatile",
        "    use_backend hnsemu_west if hnsemu_is_on_west",
        "    default_backend hnsemu_east",
        "",
    ]
    assert "    bind 127.0.0.1:80" in written
    assert "    server west 10.0.0.6:8420" in written


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("10.0.0.6", "10.0.0.6:80"),
        ("east.example", "east.example:80"),
        ("[fd00::6]", "[fd00::6]:80"),
        ("[fd00::6]:8420", "[fd00::6]:8420"),
    ],
)
def test_haproxy_is_told_the_port_that_http_has(address: str, expected: str) -> None:
    written = haproxy([EAST, Shard("west", address, [])], "80").splitlines()
    assert f"    server west {expected}" in written
    assert "    bind :80" in written
