"""Objects that programs made on a host and did not remove."""

from dataclasses import dataclass

from hnsemu.testing.http import Json


@dataclass(frozen=True)
class Leftover:
    """An object that is still there, and the call that made it."""

    kind: str
    object_id: str
    name: str
    number: int
    operation: str

    @property
    def text(self) -> str:
        """Return a line that names it."""
        name = f"{self.name} " if self.name else ""
        return f"{self.kind} {name}({self.object_id}), made by call {self.number}, {self.operation}"


def leftovers_of(answer: Json) -> list[Leftover]:
    """Return what an answer lists, in the order of creation."""
    return [
        Leftover(left["kind"], left["id"], left["name"], left["number"], left["operation"])
        for left in answer["leftovers"]
    ]
