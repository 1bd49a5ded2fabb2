"""Lists: what a query selects, and which page of it is answered."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Protocol, TypeVar

from hnsemu.domain.guid import is_guid, parse_guid
from hnsemu.domain.query import matches
from hnsemu.errors import HnsError, Hr


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Identified)


def wanted_id(wanted: Mapping[str, object]) -> str | None:
    """Return the one id that a filter names, so that nothing else needs to be read."""
    only = wanted.get("ID")
    return parse_guid(only) if isinstance(only, str) and is_guid(only) else None


def selected(
    items: Iterable[T],
    wanted: Mapping[str, object],
    properties: Callable[[T], Mapping[str, object]],
    limit: int | None,
    after: str | None,
) -> list[T]:
    """Return the items that match `wanted`: at most `limit` of those behind the item `after`.

    Raises: E_INVALIDARG when there is no item `after`, or none any more.
    """
    rest = iter(items)
    if after is not None and not any(item.id == after for item in rest):
        raise HnsError(
            Hr.E_INVALIDARG, f"after: {after} is not there any more; list again from the start"
        )
    return list(islice((item for item in rest if matches(wanted, properties(item))), limit))
