"""How many objects a daemon has."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Census:
    """Containers by what they do, and images."""

    running: int = 0
    paused: int = 0
    stopped: int = 0
    images: int = 0
