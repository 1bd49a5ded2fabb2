"""What every object of HNS has: an id, names, versions and times."""

from typing import TypedDict


class Identity(TypedDict):
    """The members that all objects share, as arguments of their making.

    created, updated: FILETIMEs. additional_params: JSON text.
    """

    id: str
    name: str
    owner: str
    version: int
    schema_version: tuple[int, int]
    additional_params: str
    activity_id: str
    created: int
    updated: int
