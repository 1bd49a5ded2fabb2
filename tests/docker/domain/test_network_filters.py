"""Which networks a list shows, and which prune removes."""

import pytest

from hnsemu.docker.domain.filters import Filters
from hnsemu.docker.domain.network_filters import prunable, selected
from hnsemu.docker.domain.networks import HNS_OWNED, DockerNetwork
from hnsemu.docker.errors import DockerError

NETWORKS = [
    DockerNetwork("0" * 64, "none", "null"),
    DockerNetwork("1" * 64, "nat", "nat"),
    DockerNetwork("2" * 64, "front", "nat", created=10, labels={"team": "web"}),
    DockerNetwork("3" * 64, "back", "l2bridge", created=20),
    DockerNetwork("4" * 64, "lan", "transparent", options={HNS_OWNED: "true"}),
    DockerNetwork("5" * 64, "conf", "null", config_only=True),
    DockerNetwork("6" * 64, "Default Switch", "ics"),
]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, ["none", "nat", "front", "back", "lan", "conf", "Default Switch"]),
        ({"driver": ("nat",)}, ["nat", "front"]),
        ({"driver": ("nat", "ics")}, ["nat", "front", "Default Switch"]),
        ({"name": ("a",)}, ["nat", "back", "lan", "Default Switch"]),
        ({"name": ("^nat$",)}, ["nat"]),
        ({"id": ("22",)}, ["front"]),
        ({"label": ("team=web",)}, ["front"]),
        ({"scope": ("local",), "driver": ("null",)}, ["none", "conf"]),
        ({"scope": ("swarm",)}, []),
        ({"type": ("builtin",)}, ["none", "nat"]),
        ({"type": ("custom",), "driver": ("nat",)}, ["front"]),
        ({"dangling": ("0",)}, ["none", "nat"]),
        ({"dangling": ("true",), "driver": ("nat",)}, ["front"]),
    ],
)
def test_filters_select(filters: dict[str, tuple[str, ...]], names: list[str]) -> None:
    assert [network.name for network in selected(NETWORKS, Filters(filters))] == names


@pytest.mark.parametrize(
    ("filters", "status", "text"),
    [
        ({"bogus": ("1",)}, 400, "invalid filter 'bogus'"),
        ({"dangling": ("x",)}, 400, "invalid value for filter 'dangling', must be"),
        ({"dangling": ("0", "1")}, 400, 'got more than one value for filter key "dangling"'),
        ({"type": ("x",)}, 500, "invalid filter: 'type'='x'"),
    ],
)
def test_a_bad_filter_is_refused(
    filters: dict[str, tuple[str, ...]], status: int, text: str
) -> None:
    with pytest.raises(DockerError) as refusal:
        selected(NETWORKS, Filters(filters))
    assert refusal.value.status == status
    assert text in refusal.value.message


@pytest.mark.parametrize(
    ("filters", "used", "until", "names"),
    [
        ({}, set(), 0, ["front", "back"]),
        ({}, {"2" * 64}, 0, ["back"]),
        ({}, set(), 15, ["front"]),
        ({"label": ("team",)}, set(), 0, ["front"]),
        ({"label!": ("team",)}, set(), 0, ["back"]),
    ],
)
def test_prune_spares_what_is_used_or_of_the_host(
    filters: dict[str, tuple[str, ...]], used: set[str], until: int, names: list[str]
) -> None:
    found = prunable(NETWORKS, Filters(filters), used, until)
    assert [network.name for network in found] == names
