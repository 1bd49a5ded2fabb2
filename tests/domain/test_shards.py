"""Which service has a host, and what a front is told."""

import pytest

from hnsemu.domain.shards import Shard, nginx, places
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
