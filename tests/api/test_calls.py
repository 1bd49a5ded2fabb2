"""Every operation works, every refusal is an error record, and every example is true."""

import httpx
import pytest

from hnsemu.api.examples import REPLIES, REQUESTS
from hnsemu.api.hns_outputs import OUTPUTS, WITHOUT_OUTPUT, envelope
from tests import contract
from tests.api.calls import AFTER, NEVER_WORKING, REFUSED, WORKING, WORLD, Call

# The operation that shows the object of an example.
_SHOWN = {
    "BulkResult": "createObjects",
    "HostComputeNetwork": "getNetwork",
    "HostComputeEndpoint": "getEndpoint",
    "HostComputeNamespace": "getNamespace",
    "HostComputeLoadBalancer": "getLoadBalancer",
    "HostComputeRoute": "getSdnRoute",
    "HostComputePolicyList": "getPolicyList",
    "GuestNetworkService": "getGuestNetworkService",
    "GuestPortReservation": "getPortReservation",
    "EndpointStatistics": "getEndpointStats",
    "EndpointAddresses": "getEndpointAddresses",
}
_READING = [name for name, call in WORKING.items() if call.method == "GET"]


def test_no_operation_is_forgotten() -> None:
    document = contract.document()
    operations = {
        operation["operationId"]
        for methods in document["paths"].values()
        for operation in methods.values()
    }
    # the id of a switch is known only at run time: its ports are called below; the stream of calls
    # has no end, and a server for itself (tests/e2e/test_journal.py)
    elsewhere = {"listVSwitchPorts", "streamRequests"}
    working = WORKING.keys() | AFTER.keys() | NEVER_WORKING | elsewhere
    assert working == operations
    assert REFUSED.keys() == operations


@pytest.mark.parametrize("operation", [name for name in WORKING if name not in _READING])
async def test_an_operation_works(operation: str, world: httpx.AsyncClient) -> None:
    call = WORKING[operation]
    answer = await call.send(world)
    assert answer.status_code == call.status, answer.text
    _check_envelope(call, answer)
    if "Location" in answer.headers:
        created = await world.get(answer.headers["Location"])
        assert created.json()["ID"] == answer.json()["ID"]


async def test_reading_works_and_head_is_get_without_body(world: httpx.AsyncClient) -> None:
    for operation in _READING:
        call = WORKING[operation]
        got = await call.send(world)
        assert got.status_code == 200, operation
        _check_envelope(call, got)
        head = await world.head(call.path)
        assert head.status_code == 200, operation
        assert head.content == b""
        assert head.headers["Content-Length"] == str(len(got.content))


@pytest.mark.parametrize("operation", AFTER)
async def test_an_operation_undoes_another(operation: str, world: httpx.AsyncClient) -> None:
    for call in AFTER[operation]:
        answer = await call.send(world)
        assert answer.status_code == call.status, answer.text


async def test_the_ports_of_every_switch_are_listed(world: httpx.AsyncClient) -> None:
    switches = (await world.get("/host/vswitches")).json()
    assert switches
    for switch in switches:
        ports = await world.get(f"/host/vswitches/{switch['Id']}/ports")
        assert ports.status_code == 200
        assert isinstance(ports.json(), list)


async def test_refusals_have_one_shape_and_change_nothing(world: httpx.AsyncClient) -> None:
    await world.put("/emulator/clock", json={"freeze": True})
    before = await _everything(world)
    for operation, call in REFUSED.items():
        assert call.hr is not None
        answer = await call.send(world)
        record = answer.json()
        assert (answer.status_code, record["Error"]) == (call.status, call.hr.message), operation
        assert list(record) == ["Success", "Error", "ErrorCode", "Detail"]
        assert record["Success"] is False
        assert record["ErrorCode"] == call.hr.hresult
        assert record["Detail"]
        assert answer.headers["Hns-Result"] in {f"{call.hr.hresult:#010x}", "0x00000000"}
    assert await _everything(world) == before


@pytest.mark.parametrize("model", REPLIES, ids=lambda model: model.__name__)
async def test_the_example_of_a_reply_is_true(model: type, world: httpx.AsyncClient) -> None:
    shown = (await WORKING[_SHOWN[model.__name__]].send(world)).json()
    _check_like(REPLIES[model], shown)


@pytest.mark.parametrize("operation", [*OUTPUTS, *WITHOUT_OUTPUT])
async def test_the_example_of_an_envelope_is_true(operation: str, world: httpx.AsyncClient) -> None:
    calls = AFTER.get(operation) or (WORKING[operation],)
    shown = [(await call.send(world)).json() for call in calls][-1]
    example = envelope(operation)
    assert isinstance(example, dict)
    assert example.keys() == shown.keys()
    _check_like(example, shown)


def test_every_example_of_a_request_is_sent() -> None:
    calls = [*WORLD, *WORKING.values(), *(call for later in AFTER.values() for call in later)]
    sent = [call.json for call in calls]
    for model, example in REQUESTS.items():
        assert example in sent, model.__name__


async def _everything(client: httpx.AsyncClient) -> dict[str, str]:
    """Return the answers of all reading operations."""
    return {name: (await WORKING[name].send(client)).text for name in _READING}


def _check_envelope(call: Call, answer: httpx.Response) -> None:
    if call.path.startswith("/v1/"):
        assert answer.json()["Success"] is True
        assert answer.headers["Hns-Result"] == "0x00000000"


def _check_like(example: object, shown: object) -> None:
    """Check that all members of `example` are in `shown`, with values of the same types."""
    assert type(example) is type(shown)
    if isinstance(example, dict) and isinstance(shown, dict):
        assert example.keys() <= shown.keys()
        for name, value in example.items():
            _check_like(value, shown[name])
    if isinstance(example, list) and isinstance(shown, list):
        assert len(example) <= len(shown)
        for one, other in zip(example, shown, strict=False):
            _check_like(one, other)
