"""Commands that run in containers beside their own."""

from dataclasses import dataclass
from typing import Any

DETACHED = 126
"""Exit code of a command whose client detached; it runs on, and nobody knows it any more.

Source: moby v28.5.2 daemon/exec.go, exitEaccess [C].
"""

UNKNOWN = 127
"""Exit code that its end is told with. Source: moby v28.5.2 daemon/monitor.go [C]."""


@dataclass(frozen=True, slots=True)
class Process:
    """What docker top shows of a process."""

    name: str
    pid: int


@dataclass(frozen=True, slots=True)
class Exec:
    """A command to run in a container.

    exit_code: None until it has ended, or its client has detached.
    pid:       0 unless it runs; also of one whose client has detached.
    """

    id: str
    container_id: str
    config: dict[str, Any]
    running: bool
    exit_code: int | None
    pid: int
    key: int
