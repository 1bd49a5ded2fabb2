"""/events: what happens, as lines of JSON."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import orjson
from fastapi import Response
from starlette.responses import StreamingResponse

from hnsemu.docker.api.call import Call
from hnsemu.docker.api.door import Routes
from hnsemu.docker.api.following import events_after
from hnsemu.docker.domain.events import CONTAINER, IMAGE, OUTPUT, Event, is_wanted
from hnsemu.docker.domain.filters import Filters
from hnsemu.docker.domain.times import unix, unix_nanoseconds
from hnsemu.docker.errors import BAD_REQUEST, DockerError
from hnsemu.docker.services import events
from hnsemu.docker.services.events import Place

routes = Routes()


@routes.on("GET", "/events", lasts=True)
async def follow_events(call: Call) -> Response:
    """Answer with past events since a moment, then with those that come, until a moment."""
    filters = call.filters()
    since, until = call.moments()
    if until and until < since:
        text = "`since` time ({}) cannot be after `until` time ({})"
        raise DockerError(BAD_REQUEST, text.format(call.text("since"), call.text("until")))
    place = await call.run(events.oldest if since or until else events.newest)
    return StreamingResponse(
        _lines(call, place, filters, since, until), media_type="application/json"
    )


async def _lines(
    call: Call, place: Place, filters: Filters, since: int, until: int
) -> AsyncIterator[bytes]:
    async with aclosing(events_after(call, place, until, tells_health=True)) as following:
        async for event in following:
            if event.type != OUTPUT and event.time >= since and is_wanted(event, filters):
                yield orjson.dumps(event_document(event)) + b"\n"


def event_document(event: Event) -> dict[str, object]:
    """Return an event as clients read it; some also in the form of old versions."""
    early: dict[str, str] = {}
    if event.type in {CONTAINER, IMAGE}:
        early = {"status": event.action, "id": event.actor}
    if event.type == CONTAINER:
        early["from"] = event.attributes.get("image", "")
    return {
        **{name: text for name, text in early.items() if text},
        "Type": event.type,
        "Action": event.action,
        "Actor": {"ID": event.actor, "Attributes": dict(sorted(event.attributes.items()))},
        "scope": "local",
        "time": unix(event.time),
        "timeNano": unix_nanoseconds(event.time),
    }
