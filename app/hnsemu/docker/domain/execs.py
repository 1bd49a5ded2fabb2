"""Commands that run in containers beside their own."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Exec:
    """A command to run in a container. exit_code: None until it has ended."""

    id: str
    container_id: str
    config: dict[str, Any]
    running: bool
    exit_code: int | None
    pid: int
    key: int
