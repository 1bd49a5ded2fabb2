"""What HNS told those who registered a callback, newest first."""

import orjson
from fastapi import Response

from hnsemu.pages.objects.nouns import NETWORKS, making
from hnsemu.pages.router import PageRouter
from hnsemu.pages.visit import Visit
from hnsemu.services import notifications

router = PageRouter(prefix="/ui")

_MOST = 200


@router.page("/events")
def show_events(visit: Visit) -> Response:
    """The newest notifications that the host keeps."""
    newest = notifications.newest(visit.hns, _MOST)
    return visit.shown(
        "events/list.html",
        "Events",
        document=f"{visit.path}/events/json",
        address=f"{visit.address}/v2/notifications",
        events=[
            (notification.number, notification.kind.text, orjson.loads(notification.data))
            for notification in newest
        ],
        makes=making(NETWORKS, visit.hns.host_name),
    )


@router.page("/events/json")
def read_events(visit: Visit) -> Response:
    """The same as JSON, each event with the data that the stream of the API sends."""
    shown = [
        {"Id": event.number, "Event": event.kind.text, "Data": orjson.loads(event.data)}
        for event in notifications.newest(visit.hns, _MOST)
    ]
    return Response(orjson.dumps(shown), media_type="application/json")
