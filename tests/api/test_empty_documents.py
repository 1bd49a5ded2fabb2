"""An empty or blank body is the document without members: it does what `{}` does.

What that is stands in docs/fidelity.md. Where no document is expected, the body does not matter.
"""

import httpx
import pytest

from hnsemu.api.examples import NETWORK
from hnsemu.errors import Hr
from tests import contract
from tests.api.calls import WORKING

_BODIES = [b"", b" \r\n\t", b"{}"]
_NODE = "/emulator/hosts/node-1"


@pytest.mark.parametrize(
    ("path", "created"),
    [
        ("/v2/networks", {"SchemaVersion": {"Major": 2, "Minor": 0}}),
        (f"/v2/networks/{NETWORK}/endpoints", {"HostComputeNetwork": NETWORK}),
        ("/v2/namespaces", {}),
        ("/v2/guestnetworkservices", {"State": 1}),
    ],
)
async def test_an_object_that_needs_no_member_is_created(
    path: str, created: dict[str, object], world: httpx.AsyncClient
) -> None:
    for body in _BODIES:
        answer = await world.post(path, content=body)
        assert answer.status_code == 201, body
        shown = answer.json()
        assert "Type" not in shown  # NAT of networks, Host of namespaces: zeros are left out
        assert {name: shown[name] for name in created} == created


@pytest.mark.parametrize(
    ("path", "refusal"),
    [
        ("/v2/endpoints", Hr.HCN_E_NETWORK_NOT_FOUND),
        ("/v2/loadbalancers", Hr.HCN_E_INVALID_JSON_REFERENCE),
        ("/v2/sdnroutes", Hr.HCN_E_INVALID_JSON_REFERENCE),
        ("/v2/policylists", Hr.HCN_E_INVALID_POLICY),
        ("/v1/endpoints", Hr.HCN_E_NETWORK_NOT_FOUND),
        ("/v1/policylists", Hr.HCN_E_INVALID_POLICY),
    ],
)
async def test_an_object_that_needs_one_is_refused_and_nothing_is_created(
    path: str, refusal: Hr, world: httpx.AsyncClient
) -> None:
    before = (await world.get(path)).json()
    for body in _BODIES:
        answer = await world.post(path, content=body)
        assert answer.json()["ErrorCode"] == refusal.hresult, body
    assert (await world.get(path)).json() == before


@pytest.mark.parametrize("noun", ["networks", "namespaces"])
async def test_hns_1_creates_what_hcn_2_creates(noun: str, world: httpx.AsyncClient) -> None:
    for body in _BODIES:
        answer = (await world.post(f"/v1/{noun}", content=body)).json()
        assert answer["Success"], body
        assert (await world.get(f"/v2/{noun}/{answer['Output']['ID']}")).status_code == 200


_REPEATED = [
    name
    for name, call in WORKING.items()
    if call.method not in {"GET", "DELETE"} and name != "removeHost"
]


async def test_a_host_is_removed_by_all_spellings(world: httpx.AsyncClient) -> None:
    for body in _BODIES:
        assert (await world.put(_NODE)).is_success
        removed = await world.post(f"{_NODE}/remove", content=body)
        assert removed.json() == {"leftovers": []}, body


@pytest.mark.parametrize("operation", _REPEATED)
async def test_every_operation_answers_all_spellings_alike(
    operation: str, world: httpx.AsyncClient
) -> None:
    call = WORKING[operation]
    found = [await world.request(call.method, call.path, content=body) for body in _BODIES]
    codes = [(answer.is_success, answer.headers.get("Hns-Result")) for answer in found]
    shown = [answer.json() for answer in found]
    details = [one.get("Detail") for one in shown if isinstance(one, dict)]
    assert codes == [codes[0]] * len(_BODIES)
    assert len(set(details)) <= 1


async def test_a_host_that_is_reset_without_a_definition_keeps_its_own(
    world: httpx.AsyncClient,
) -> None:
    await world.post(f"{_NODE}/reset", json={"release": "ws2019"})
    for body in (b"", b"\n"):
        assert (await world.post(f"{_NODE}/reset", content=body)).json()["release"] == "ws2019"
    assert (await world.post(f"{_NODE}/reset", json={})).json()["release"] == "ws2025"


def test_the_document_asks_for_a_body_where_one_is_read() -> None:
    document = contract.document()
    optional = {
        operation["operationId"]
        for methods in document["paths"].values()
        for operation in methods.values()
        if "requestBody" in operation and not operation["requestBody"]["required"]
    }
    assert optional == {"defineHost", "resetHost"}
