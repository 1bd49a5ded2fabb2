"""The base of all views of a host: PowerShell's PascalCase, and no member is left out."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_pascal


class View(BaseModel):
    """A read-only document, with members named as a cmdlet prints them; an empty text is ""."""

    model_config = ConfigDict(frozen=True, alias_generator=to_pascal, validate_by_name=True)


def braced(guid: str) -> str:
    """Return a GUID as the cmdlets print it; no GUID is ""."""
    return f"{{{guid.upper()}}}" if guid else ""
