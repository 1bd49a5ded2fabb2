"""Which events a filter lets pass."""

import pytest

from hnsemu.docker.domain.events import Event, is_wanted
from hnsemu.docker.domain.filters import Filters

STARTED = Event("container", "start", "4" * 64, {"name": "web", "image": "iis", "stage": "test"})


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        ({}, True),
        ({"type": ("container",)}, True),
        ({"type": ("network",)}, False),
        ({"event": ("die", "start")}, True),
        ({"event": ("stop",)}, False),
        ({"container": ("web",)}, True),
        ({"container": ("4444",)}, True),
        ({"container": ("db",)}, False),
        ({"network": ("web",)}, False),
        ({"label": ("stage=test",)}, True),
        ({"label": ("stage=live",)}, False),
        ({"scope": ("swarm",)}, False),
    ],
)
def test_an_event_passes_when_each_filter_has_it(
    filters: dict[str, tuple[str, ...]], *, passes: bool
) -> None:
    assert is_wanted(STARTED, Filters(filters)) is passes


def test_the_command_of_an_exec_is_no_part_of_its_name() -> None:
    ran = Event("container", "exec_start: ipconfig /all", "4" * 64)
    assert is_wanted(ran, Filters({"event": ("exec_start",)}))
