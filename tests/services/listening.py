"""Reading what a host told, as a stream does."""

from typing import Any

import orjson

from hnsemu.domain.notifications import Handle, Page, Position, StoredNotification
from hnsemu.services import notifications
from hnsemu.storage.transaction import Hns


def read_all(hns: Hns, position: Position) -> tuple[list[StoredNotification], Page]:
    """Return everything behind `position`, and the last page read."""
    page = notifications.read_on(hns, position)
    told = list(page.notifications)
    while page.has_more:
        page = notifications.read_on(hns, page.position)
        told += page.notifications
    return told, page


def heard(
    hns: Hns, handle: Handle = Handle.SERVICE, object_id: str = "", after: int = 0
) -> list[tuple[str, dict[str, Any]]]:
    """Return the name and the data of what was told behind `after`."""
    told, _ = read_all(hns, notifications.begin(hns, handle, object_id, after))
    return [(notification.kind.text, orjson.loads(notification.data)) for notification in told]


def now(hns: Hns, handle: Handle = Handle.SERVICE, object_id: str = "") -> Position:
    """Return where a reader begins that comes now."""
    return notifications.begin(hns, handle, object_id)


def names(hns: Hns, position: Position) -> list[str]:
    """Return the names of what was told behind `position`."""
    return [notification.kind.text for notification in read_all(hns, position)[0]]
