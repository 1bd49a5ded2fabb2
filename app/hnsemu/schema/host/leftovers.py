"""/emulator/hosts/{name}/leftovers: what programs made on a host and nobody removed."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, Field

from hnsemu.domain.leftovers import Leftover


class LeftoverRecord(BaseModel):
    """An object that is still there, and the call that made it."""

    model_config = ConfigDict(frozen=True)

    kind: str = Field(examples=["endpoint"])
    id: str = Field(examples=["e2b1c7a0-7f5d-4a8e-9f0f-1f9f1c6f4a3e"])
    name: str = Field(description='As the call has it; `""` where it has none.')
    number: int = Field(description="Number of the call that made it.", examples=[1])
    operation: str = Field(examples=["HcnCreateEndpoint"])


class LeftoverList(BaseModel):
    """What programs made on a host and nobody removed, in the order of creation."""

    model_config = ConfigDict(frozen=True)

    leftovers: tuple[LeftoverRecord, ...]


def leftover_list(leftovers: Iterable[Leftover]) -> LeftoverList:
    """Return the document of what is left."""
    return LeftoverList(
        leftovers=tuple(
            LeftoverRecord(
                kind=leftover.kind,
                id=leftover.object_id,
                name=leftover.name,
                number=leftover.number,
                operation=leftover.operation,
            )
            for leftover in leftovers
        )
    )
