"""What a callback is told, as a document; the stream carries one in each event."""

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


def event_data(told: StoredNotification) -> str:
    """Return the data of the event that tells this."""
    shown: Mapping[str, object] = {
        "NotificationType": int(told.kind),
        "NotificationStatus": 0,
        "NotificationData": orjson.Fragment(told.data),
    }
    return orjson.dumps(shown).decode()
