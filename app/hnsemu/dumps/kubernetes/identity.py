"""Ids of the objects that an import makes: they follow from what the objects are made of."""

import uuid

_OURS = uuid.UUID("2a9a9d57-0c0f-4d6c-8f61-0a3c4f8f0d5e")


def id_of(host: str, *of: str) -> str:
    """Return the id of an object of a host. of: its kind, and what it is made of."""
    return str(uuid.uuid5(_OURS, "/".join((host, *of))))
