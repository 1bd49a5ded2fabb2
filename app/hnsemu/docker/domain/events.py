"""Events of the daemon: what happened to which object.

Source: moby v28.5.2 daemon/events/filter.go [C].
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hnsemu.docker.domain.filters import Filters
from hnsemu.docker.domain.images import read_reference
from hnsemu.docker.errors import DockerError

CONTAINER, NETWORK, IMAGE, VOLUME = "container", "network", "image", "volume"

OUTPUT = "output"
"""Type of what those hear who are attached to a container or wait for it; no client sees it as an
event."""

PRINTED, FAILED = "stdout", "failed"
"""Actions of `OUTPUT`: the container printed a text; it went without having run, by exitCode.

What is printed may end with the prompt of a shell that has a console.
"""

_OBJECTS = (
    "daemon", "container", "plugin", "volume", "network", "node", "service", "secret", "config"
)  # fmt: skip
"""Filters by the beginning of the id or name of an object, of whatever type that is."""

_WITH_DETAILS = {"health_status", "exec_create", "exec_start"}
"""Actions behind which more is said; a filter that has one of them wants beginnings of actions."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened. actor: the id of the object. time: FILETIME. number: place in the ring."""

    type: str
    action: str
    actor: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    time: int = 0
    number: int = 0


def printed(lines: Sequence[str], shown_after: str = "") -> dict[str, str]:
    """Return the attributes of `PRINTED`. shown_after: the prompt."""
    text = {"text": "\n".join(lines)} if lines else {}
    return text | ({"prompt": shown_after} if shown_after else {})


def printed_lines(event: Event) -> list[str]:
    """Return the lines that a container printed."""
    text = event.attributes.get("text")
    return [] if text is None else text.split("\n")


def is_wanted(event: Event, filters: Filters) -> bool:
    """Tell whether the filters of GET /events let an event pass; unknown ones want nothing."""
    name = event.attributes.get("name", "")
    has_details = not _WITH_DETAILS.isdisjoint(filters.of("event"))
    return (
        (filters.beginning if has_details else filters.exact)("event", event.action)
        and filters.exact("type", event.type)
        and filters.exact("scope", "local")
        and all(
            filters.beginning(kind, event.actor) or filters.beginning(kind, name)
            for kind in _OBJECTS
        )
        and _is_of_image(event, filters)
        and filters.labels(event.attributes)
    )


def _is_of_image(event: Event, filters: Filters) -> bool:
    """Tell whether an event is one of the images wanted, or of a container made from one."""
    image = event.attributes.get("name" if event.type == IMAGE else "image", "")
    texts = (event.actor, image)
    return any(
        filters.exact("image", text) for text in (*texts, *(_without_tag(text) for text in texts))
    )


def _without_tag(text: str) -> str:
    try:
        return read_reference(text).familiar_name
    except DockerError:
        return text
