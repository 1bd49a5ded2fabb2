"""The arguments of a callback as a document: the data of an event in a stream."""

from collections.abc import Mapping

import orjson

from hnsemu.domain.notifications import StoredNotification
from hnsemu.schema.base import Document, Uint32
from hnsemu.schema.v2.common import NotificationBase


class HcnNotificationEvent(Document):
    """The data of one event: the arguments of HCN_NOTIFICATION_CALLBACK.

    NotificationType is the number of HCN_NOTIFICATIONS, NotificationStatus an HRESULT.
    """

    notification_type: Uint32 | None = None
    notification_status: Uint32 | None = None
    notification_data: NotificationBase | None = None


def event_data(notification: StoredNotification) -> str:
    """Return the data of the event for a notification."""
    document: Mapping[str, object] = {
        "NotificationType": int(notification.kind),
        "NotificationStatus": 0,
        "NotificationData": orjson.Fragment(notification.data),
    }
    return orjson.dumps(document).decode()
