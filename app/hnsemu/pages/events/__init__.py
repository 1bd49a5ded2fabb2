"""What HNS told those who registered a callback, newest first."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from fastapi import Response

from hnsemu.domain.notifications import HcnNotification
from hnsemu.pages.objects.nouns import NETWORKS, making
from hnsemu.pages.router import PageRouter
from hnsemu.pages.visit import Visit
from hnsemu.services import notifications, objects

router = PageRouter(prefix="/ui")

_MOST = 200

_Event = tuple[int, HcnNotification, Mapping[str, Any]]
"""Number, kind and data."""

_ABOUT = {
    HcnNotification.NETWORK_PRE_CREATE: "networks",
    HcnNotification.NETWORK_CREATE: "networks",
    HcnNotification.NETWORK_PRE_DELETE: "networks",
    HcnNotification.NETWORK_DELETE: "networks",
    HcnNotification.NAMESPACE_CREATE: "namespaces",
    HcnNotification.NAMESPACE_DELETE: "namespaces",
    HcnNotification.NETWORK_ENDPOINT_ATTACHED: "endpoints",
    HcnNotification.NETWORK_ENDPOINT_DETACHED: "endpoints",
}


@router.page("/events")
def show_events(visit: Visit) -> Response:
    """The newest notifications that the host keeps."""
    events = _newest(visit)
    return visit.shown(
        "events/list.html",
        "Events",
        document=f"{visit.path}/events/json",
        address=f"{visit.address}/v2/notifications",
        events=[(number, kind.text, data) for number, kind, data in events],
        words=_words(visit, events),
        makes=making(NETWORKS, visit.options),
    )


@router.page("/events/json")
def read_events(visit: Visit) -> Response:
    """The same as JSON, each event with the data that the stream of the API sends."""
    shown = [
        {"Id": number, "Event": kind.text, "Data": data} for number, kind, data in _newest(visit)
    ]
    return Response(orjson.dumps(shown), media_type="application/json")


def _newest(visit: Visit) -> list[_Event]:
    return [
        (event.number, event.kind, orjson.loads(event.data))
        for event in notifications.newest(visit.hns, _MOST)
    ]


def _words(visit: Visit, events: Sequence[_Event]) -> dict[str, str]:
    """Return the word of the noun by the id of each object that the host still has."""
    ids: dict[str, set[str]] = {}
    for _, kind, data in events:
        named = data.get("ID")
        if kind in _ABOUT and named:
            ids.setdefault(_ABOUT[kind], set()).add(named)
    return {
        object_id: word
        for word, wanted in ids.items()
        for object_id in objects.existing(visit.hns, word, sorted(wanted))
    }
