"""Events of the daemon: what happened to which object."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hnsemu.docker.domain.filters import Filters

CONTAINER, NETWORK, IMAGE, VOLUME = "container", "network", "image", "volume"

OUTPUT = "output"
"""Type of what those hear who are attached to a container or wait for it; no client sees it as an
event."""

PRINTED, FAILED = "stdout", "failed"
"""Actions of `OUTPUT`: the container printed a text; it went without having run, by exitCode.

What is printed may end with the prompt of a shell that has a console.
"""

FILTERS = frozenset(
    {"container", "daemon", "event", "image", "label", "network", "node", "plugin", "scope",
     "secret", "service", "type", "volume", "config"}
)  # fmt: skip


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
    """Tell whether the filters of GET /events let an event pass."""
    action = event.action.partition(":")[0]
    name = event.attributes.get("name", "")
    by_object = (CONTAINER, NETWORK, IMAGE, VOLUME)
    return (
        filters.exact("type", event.type)
        and (filters.exact("event", action) or filters.exact("event", event.action))
        and filters.exact("scope", "local")
        and filters.labels(event.attributes)
        and all(
            not filters.is_given(kind)
            or (event.type == kind and _is_one_of(filters.of(kind), event.actor, name))
            for kind in by_object
        )
    )


def _is_one_of(wanted: tuple[str, ...], actor: str, name: str) -> bool:
    return any(text == name or actor.startswith(text) for text in wanted)
