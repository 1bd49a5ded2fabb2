"""/emulator/clock: what time it is on all hosts of the service."""

from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.deps import call
from hnsemu.api.parameters import StrictBody
from hnsemu.api.router import ControlRouter
from hnsemu.domain.clock import Clock
from hnsemu.schema.host.clock import ClockDocument, ClockRecord, clock_record
from hnsemu.services import clock

router = ControlRouter()


@router.operation("GET", "/clock", gives=ClockRecord)
async def show_clock(request: Request) -> Response:
    """The time on the hosts, and whether it is that of the machine."""
    return _answer(*await call(request, clock.get_clock))


@router.operation("PUT", "/clock", gives=ClockRecord)
async def change_clock(request: Request, document: StrictBody[ClockDocument]) -> Response:
    """Stop the clock of all hosts, move it, or let it follow the machine again.

    Every time that a host shows or keeps goes by it: when objects were made, how long a lease or a
    fault lasts, when a ManagementIP appears. A clock that stands goes on standing when it is moved.
    """
    return _answer(*await call(request, clock.change_clock, document.to_domain()))


def _answer(found: Clock, time: int) -> Response:
    return answers.text(clock_record(found, time).model_dump_json())
