"""What the pages of a host are called, where they are, and by which keys one gets there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A page of a host. path: below its pages. key: pressed after `g`."""

    word: str
    path: str
    key: str


NAVIGATION: tuple[tuple[str, tuple[Place, ...]], ...] = (
    (
        "Host",
        (
            Place("Host", "", "h"),
            Place("Topology", "/topology", "t"),
            Place("Windows", "/windows", "w"),
        ),
    ),
    (
        "HNS",
        (
            Place("Networks", "/networks", "n"),
            Place("Endpoints", "/endpoints", "e"),
            Place("Namespaces", "/namespaces", "s"),
            Place("Load balancers", "/loadbalancers", "l"),
            Place("Routes", "/sdnroutes", "u"),
            Place("Policy lists", "/policylists", "p"),
        ),
    ),
    (
        "Packets",
        (
            Place("Trace", "/trace", "c"),
            Place("Matrix", "/matrix", "m"),
            Place("Policy", "/policy", "y"),
            Place("VFP ports", "/ports", "i"),
        ),
    ),
    (
        "Tests",
        (
            Place("Requests", "/requests", "r"),
            Place("Faults", "/faults", "f"),
            Place("Snapshots", "/snapshots", "b"),
            Place("Events", "/events", "v"),
        ),
    ),
    (
        "Programs",
        (
            Place("Docker", "/docker", "d"),
            Place("Coverage", "/coverage", "o"),
            Place("API", "/api", "x"),
        ),
    ),
)
"""Headings, and the pages below each."""
