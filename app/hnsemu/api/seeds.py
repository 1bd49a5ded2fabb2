"""How the seeds stand: a file that the process which runs them writes, and all workers read."""

import os
from collections.abc import Sequence
from pathlib import Path

import orjson

from hnsemu.schema.host.seed_record import SeedRecord, SeedState

_VARIABLE = "_HNSEMU_SEEDS"
"""Names the file, for this process and its workers."""


def announce(file: Path) -> None:
    """Let this process, and those that it starts, look into this file."""
    os.environ[_VARIABLE] = str(file)


def write(records: Sequence[SeedRecord]) -> None:
    """Replace what the file says."""
    file = Path(os.environ[_VARIABLE])
    part = file.with_suffix(".part")
    part.write_bytes(orjson.dumps([record.model_dump() for record in records]))
    part.replace(file)


def read() -> list[SeedRecord]:
    """Return how the seeds stand, [] for a service without any."""
    name = os.environ.get(_VARIABLE)
    if not name:
        return []
    return [SeedRecord(**record) for record in orjson.loads(Path(name).read_bytes())]


def pending() -> str:
    """Return why the service is not ready, "" when every seed is done."""
    for record in read():
        if record.state == SeedState.FAILED:
            at = f" line {record.line}" if record.line else ""
            return f"seed {record.name}{at}: {record.detail}"
        if record.state != SeedState.DONE:
            return f"seed {record.name} is {record.state}"
    return ""
