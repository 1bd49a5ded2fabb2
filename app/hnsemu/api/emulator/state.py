"""/emulator/hosts/{name}/state and /emulator/state: state as documents, JSON or YAML."""

from dataclasses import dataclass
from typing import IO, Annotated, Any

from fastapi import Request, Response
from starlette.responses import StreamingResponse

from hnsemu.api import answers
from hnsemu.api.declarations import HeaderParameter, JsonBody, QueryParameter
from hnsemu.api.deps import call, call_aside
from hnsemu.api.pace import Pace
from hnsemu.api.parameters import HostName
from hnsemu.api.router import ControlRouter
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.host.definition import HostRecord, host_record
from hnsemu.schema.host.state import HostState, NamedState
from hnsemu.schema.host.state_text import json_text, read_document, read_documents, yaml_text
from hnsemu.services import hosts
from hnsemu.services.hosts import state as host_state
from hnsemu.storage.transaction import Hns

router = ControlRouter()

YAML, NDJSON = "application/yaml", "application/x-ndjson"


def _read_format(text: str) -> bool:
    if text not in {"json", "yaml"}:
        raise HnsError(Hr.E_INVALIDARG, f"format: {text!r} is unknown; use json or yaml")
    return text == "yaml"


@dataclass(frozen=True, slots=True)
class Format:
    """Whether an answer is JSON or YAML: `?format=`, or else what Accept names."""

    is_yaml: Annotated[
        bool | None,
        QueryParameter(
            name="format",
            description="`json` or `yaml`; without it, what Accept names.",
            schema={"type": "string"},
            example="yaml",
            read=_read_format,
        ),
    ] = None
    accept: Annotated[str | None, HeaderParameter(name="Accept", is_public=False)] = None

    @property
    def yaml(self) -> bool:
        """Whether the answer is YAML."""
        return "yaml" in (self.accept or "") if self.is_yaml is None else self.is_yaml


@dataclass(frozen=True, slots=True)
class _StateBody(JsonBody):
    """A state document, JSON or YAML; generated clients send JSON."""

    async def value(self, request: Request) -> object:
        """Return the document; its shape is checked where the tables are known."""
        return read_document(await request.body())


@dataclass(frozen=True, slots=True)
class _StreamBody(JsonBody):
    """Documents of several hosts, one a line or as YAML."""

    async def value(self, request: Request) -> object:
        """Return the documents."""
        return read_documents(await request.body())


def _unread(value: object, *, strict: bool) -> object:
    del strict
    return value


StateDocument = Annotated[Any, _StateBody(HostState, _unread)]
StateStream = Annotated[Any, _StreamBody(NamedState, _unread)]


@router.operation("GET", "/hosts/{name}/state", gives=HostState, texts=(YAML,), pace=Pace.LONG)
async def get_host_state(request: Request, wanted: Format, _host: HostName) -> Response:
    """The whole state of the host. PUT makes a host of it, byte for byte the same."""
    document = await call(request, host_state.get_state)
    if wanted.yaml:
        return Response(yaml_text(document), media_type=YAML)
    return answers.text(json_text(document))


@router.operation("PUT", "/hosts/{name}/state", gives=HostRecord, may_create=True, pace=Pace.LONG)
async def put_host_state(request: Request, document: StateDocument, _host: HostName) -> Response:
    """Make the host what the document says, created if there is none (201).

    What was on the host is gone. The body may be YAML, too. A refusal names the first wrong member,
    and nothing has changed.
    """
    machine, is_new = await call(request, host_state.put_state, document)
    answer = answers.text(host_record(machine).model_dump_json())
    answer.status_code = 201 if is_new else 200
    return answer


@router.operation("GET", "/state", texts=(NDJSON, YAML), pace=Pace.PATIENT)
async def get_service_state(request: Request, wanted: Format) -> Response:
    """The states of all hosts as a stream: one a line, or YAML documents.

    All are read at one instant, whatever changes meanwhile.
    """
    file = await call_aside(request, _saved, is_yaml=wanted.yaml)
    return StreamingResponse(answers.pieces_of(file), media_type=YAML if wanted.yaml else NDJSON)


def _saved(hns: Hns, *, is_yaml: bool) -> IO[bytes]:
    """Return a file of all states.

    Raises: E_RPC_SERVER_UNAVAILABLE where it has no room.
    """
    places: dict[str, int] = {}
    with answers.spooling() as file:

        def save(name: str, state: dict[str, Any]) -> None:
            file.seek(places.setdefault(name, file.tell()))
            file.truncate()
            named = {"name": name, "state": state}
            text = f"---\n{yaml_text(named)}" if is_yaml else f"{json_text(named)}\n"
            file.write(text.encode())

        host_state.show_states(hns, save)
    return file


@router.operation("PUT", "/state", gives=HostRecord, many=True, pace=Pace.LONG)
async def put_service_state(request: Request, documents: StateStream) -> Response:
    """Make the hosts of the service what a stream says, and remove all others.

    The body is what GET answers: a state a line, or YAML documents. A refusal names the host and
    its first wrong member, and nothing has changed.
    """
    machines = await call(request, host_state.put_states, documents)
    return answers.texts(host_record(machine).model_dump_json() for machine in machines)


@router.operation("POST", "/reset", gives=HostRecord, many=True, pace=Pace.LONG)
async def reset_hosts(request: Request) -> Response:
    """Return all hosts to their definitions, one after the other; snapshots stay."""
    machines = await call(request, hosts.reset_hosts)
    return answers.texts(host_record(machine).model_dump_json() for machine in machines)
