"""/emulator/hosts/{name}/faults: let calls of programs fail as they do on real hosts."""

from typing import Annotated

from fastapi import Request, Response

from hnsemu.api import answers
from hnsemu.api.declarations import PathParameter
from hnsemu.api.deps import call
from hnsemu.api.parameters import HostName, StrictBody
from hnsemu.api.router import ControlRouter
from hnsemu.domain.digits import number_in
from hnsemu.domain.faults import Fault
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.host.faults import (
    FaultDocument,
    FaultRecord,
    PresetRecord,
    fault_record,
    preset_records,
)
from hnsemu.services import faults

router = ControlRouter()


def _read_number(text: str) -> int:
    number = number_in(text)
    if number is None:
        raise HnsError(Hr.E_INVALIDARG, f"{text!r} is no number of a fault; GET the list of them")
    return number


_FaultNumber = Annotated[
    int,
    PathParameter(
        name="fault",
        description="Number of the fault.",
        schema={"type": "integer", "format": "int64", "minimum": 1},
        example="1",
        read=_read_number,
    ),
]


@router.operation("POST", "/hosts/{name}/faults", gives=FaultRecord, status=201)
async def add_fault(
    request: Request, document: StrictBody[FaultDocument], _host: HostName
) -> Response:
    """Let calls of /v1, /v2 and /docker of this host fail by a rule. Nothing else can fail by it.

    Of several rules, the first that acts decides; one that only delays lets the others act, too.
    """
    rule = document.to_domain()
    fault = await call(request, faults.add_fault, rule)
    return answers.text(_text(fault), 201)


@router.operation("GET", "/hosts/{name}/faults", gives=FaultRecord, many=True)
async def list_faults(request: Request, _host: HostName) -> Response:
    """The faults of this host, oldest first: how often each matched, and acted."""
    found = await call(request, faults.list_faults)
    return answers.texts(_text(fault) for fault in found)


@router.operation("DELETE", "/hosts/{name}/faults", status=204)
async def clear_faults(request: Request, _host: HostName) -> Response:
    """Remove all faults of this host; calls that hang by them end."""
    await call(request, faults.clear_faults)
    return answers.nothing()


@router.operation("DELETE", "/hosts/{name}/faults/{fault}", status=204)
async def remove_fault(request: Request, _host: HostName, number: _FaultNumber) -> Response:
    """Remove one fault."""
    await call(request, faults.remove_fault, number)
    return answers.nothing()


@router.operation("GET", "/faults", gives=PresetRecord, many=True)
async def list_presets(_request: Request) -> Response:
    """The faults that were seen on real hosts, by name."""
    return answers.texts(
        preset.model_dump_json(exclude_none=True, exclude_defaults=True)
        for preset in preset_records()
    )


def _text(fault: Fault) -> str:
    return fault_record(fault).model_dump_json(exclude_none=True)
