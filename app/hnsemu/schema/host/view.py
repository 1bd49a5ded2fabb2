"""What the views of a host have in common: PowerShell's PascalCase, every member always there."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_pascal


class View(BaseModel):
    """A read-only document named as a cmdlet prints it; texts are "" when there is nothing."""

    model_config = ConfigDict(frozen=True, alias_generator=to_pascal, validate_by_name=True)


def braced(guid: str) -> str:
    """Return a GUID as the cmdlets print it, "" for none."""
    return f"{{{guid.upper()}}}" if guid else ""
