"""How a seed stands."""

from enum import StrEnum

from pydantic import BaseModel, Field


class SeedState(StrEnum):
    """How a seed stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class SeedRecord(BaseModel):
    """A file of the seed directory."""

    name: str = Field(examples=["10-node-1.yaml"])
    state: str = Field("waiting", description="waiting, running, done or failed.")
    items: int = Field(0, description="Documents and requests that were sent.")
    line: int = Field(0, description="The line at which it failed, 0 where none is known.")
    detail: str = Field("", description="Why it failed.")
