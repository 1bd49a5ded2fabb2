"""Which events a filter lets pass."""

import pytest

from hnsemu.docker.domain.events import Event, is_wanted
from hnsemu.docker.domain.filters import Filters

STARTED = Event("container", "start", "4" * 64, {"name": "web", "image": "iis", "stage": "test"})
RAN = Event("container", "exec_start: ipconfig /all", "4" * 64, {"name": "web", "image": "iis:2"})
PULLED = Event("image", "pull", "iis:2", {"name": "iis"})
JOINED = Event("network", "connect", "5" * 64, {"name": "webs", "type": "nat"})


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        ({}, True),
        ({"type": ("container",)}, True),
        ({"type": ("network",)}, False),
        ({"event": ("die", "start")}, True),
        ({"event": ("stop",)}, False),
        ({"event": ("sta",)}, False),
        ({"event": ("sta", "health_status")}, True),
        ({"container": ("web",)}, True),
        ({"container": ("we",)}, True),
        ({"container": ("4444",)}, True),
        ({"container": ("db",)}, False),
        ({"container": ("db",), "network": ("web",)}, False),
        ({"image": ("iis",)}, True),
        ({"image": ("nanoserver",)}, False),
        ({"daemon": ("default",)}, False),
        ({"plugin": ("nat",)}, False),
        ({"label": ("stage=test",)}, True),
        ({"label": ("stage=live",)}, False),
        ({"scope": ("swarm",)}, False),
        ({"color": ("red",)}, True),
    ],
)
def test_an_event_passes_when_each_filter_has_it(
    filters: dict[str, tuple[str, ...]], *, passes: bool
) -> None:
    assert is_wanted(STARTED, Filters(filters)) is passes


@pytest.mark.parametrize("event", [STARTED, JOINED])
@pytest.mark.parametrize("kind", ["container", "network", "volume"])
def test_filters_by_objects_look_at_every_type(event: Event, kind: str) -> None:
    assert is_wanted(event, Filters({kind: ("web",)}))


@pytest.mark.parametrize(
    ("wanted", "passes"), [("exec_start", True), ("exec_start: ipconfig", True), ("exec_", False)]
)
def test_the_command_of_an_exec_is_behind_its_name(wanted: str, *, passes: bool) -> None:
    names = (wanted, "exec_create") if passes else (wanted,)
    assert is_wanted(RAN, Filters({"event": names})) is passes


@pytest.mark.parametrize("event", [RAN, PULLED])
@pytest.mark.parametrize(("image", "passes"), [("iis", True), ("iis:2", True), ("iis:1", False)])
def test_an_image_is_wanted_with_or_without_its_tag(
    event: Event, image: str, *, passes: bool
) -> None:
    assert is_wanted(event, Filters({"image": (image,)})) is passes
