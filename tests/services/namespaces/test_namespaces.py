"""Namespaces hold endpoints and containers; compartments appear with the first container."""

from collections.abc import Callable

import pytest

from hnsemu.domain.endpoints import Endpoint, EndpointState
from hnsemu.domain.namespaces import HOST_COMPARTMENT_GUID, Namespace, NamespaceType
from hnsemu.domain.networks import Network
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.v2.modify import ModifyEndpointSettingRequest, ModifyNamespaceSettingRequest
from hnsemu.schema.v2.namespaces import HostComputeNamespace
from hnsemu.schema.v2.query import EVERYTHING, read_query
from hnsemu.services import endpoints, namespaces
from hnsemu.services.namespaces.creation import create_default
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns, Transaction, writes
from tests.racing import racing
from tests.services.pods import host_of, overlay, pod, remote

CHOSEN = "1a2b3c4d-0004-4000-8000-00000000d001"
NOWHERE = "5f0b1190-63be-4e0c-b974-bd0f55675a42"

# What a forgotten placeholder became: accepted at creation, broken when plugged in.
BROKEN = {"Type": "SDNRoute", "Settings": {"DestinationPrefix": "<your service cidr>"}}


def create(hns: Hns, **members: object) -> Namespace:
    return namespaces.create_namespace(hns, parse(HostComputeNamespace, members))


def modify(hns: Hns, namespace_id: str, **members: object) -> Namespace:
    document = parse(ModifyNamespaceSettingRequest, members)
    return namespaces.modify_namespace(hns, namespace_id, document)


def change(hns: Hns, namespace: Namespace, request: str, resource: str, identity: str) -> Namespace:
    return modify(
        hns,
        namespace.id,
        ResourceType=resource,
        RequestType=request,
        Settings={f"{resource}Id": identity},
    )


def refused(work: Callable[[], object]) -> Hr:
    with pytest.raises(HnsError) as refusal:
        work()
    return refusal.value.hr


@pytest.fixture
def network(hns: Hns) -> Network:
    """Return the network the pods are on."""
    return overlay(hns)


@pytest.fixture
def endpoint(hns: Hns, network: Network) -> Endpoint:
    """Return an endpoint that is in no namespace."""
    return pod(hns, network)


def test_the_zero_struct_of_containerd_is_a_host_namespace(hns: Hns) -> None:
    kept = create(hns, SchemaVersion={"Major": 0, "Minor": 0})
    assert (kept.type, kept.is_default) == (NamespaceType.HOST, False)
    assert (kept.compartment_id, kept.compartment_guid, kept.resources) == (0, "", ())
    assert kept.schema_version == (0, 0)
    assert namespaces.get_namespace(hns, kept.id) == kept


@pytest.mark.parametrize(
    ("members", "expected", "compartment"),
    [
        ("Host", NamespaceType.HOST, 0),
        ("HostDefault", NamespaceType.HOST_DEFAULT, 1),
        (2, NamespaceType.GUEST, 0),
        ("guestdefault", NamespaceType.GUEST_DEFAULT, 0),
    ],
)
def test_namespaces_of_every_type_are_made_again_and_again(
    hns: Hns, members: object, expected: NamespaceType, compartment: int
) -> None:
    for _ in range(2):
        kept = create(hns, Type=members, NamespaceId=5)
        assert kept.type is expected
        assert kept.compartment_id == compartment
        assert kept.compartment_guid == (HOST_COMPARTMENT_GUID if compartment else "")


def test_an_id_is_honoured_once(hns: Hns) -> None:
    assert create(hns, ID=f"{{{CHOSEN.upper()}}}").id == CHOSEN
    assert refused(lambda: create(hns, ID=CHOSEN)) is Hr.E_OBJECT_ALREADY_EXISTS


@pytest.mark.parametrize(
    ("release", "member", "at_once"),
    [
        ("ws2019", "CreateWithCompartment", True),
        ("ws2022", "ReadyOnCreate", False),
        ("win11", "ReadyOnCreate", False),
        ("ws2025", "ReadyOnCreate", True),
    ],
)
def test_a_compartment_can_be_there_at_once(
    database: Database, release: str, member: str, *, at_once: bool
) -> None:
    hns = host_of(database, release)
    kept = create(hns, **{member: True})
    assert bool(kept.compartment_id) is at_once
    assert bool(kept.compartment_guid) is at_once
    assert namespaces.get_namespace(hns, kept.id) == kept


def test_a_guest_has_no_compartment_on_the_host(hns: Hns) -> None:
    guest = create(hns, Type="Guest", CreateWithCompartment=True)
    assert change(hns, guest, "Add", "Container", "c1").compartment_id == 0


def test_the_first_container_brings_a_compartment_and_ids_count_upwards(hns: Hns) -> None:
    first, second = create(hns), create(hns)
    with_container = change(hns, first, "Add", "Container", "c1")
    assert with_container.compartment_id == 2
    assert with_container.compartment_guid
    assert change(hns, first, "Add", "Container", "c2").compartment_id == 2
    assert change(hns, second, "Add", "Container", "c3").compartment_id == 3
    emptied = change(hns, second, "Remove", "Container", "c3")
    assert emptied.compartment_id == 3
    namespaces.delete_namespace(hns, second.id)
    third = create(hns, CreateWithCompartment=True)
    assert third.compartment_id == 4


def test_containers_may_repeat_and_leave_one_by_one(hns: Hns) -> None:
    namespace = create(hns)
    for container in ("291cd4892b99", "291cd4892b99", "0f70f0bcccaf"):
        change(hns, namespace, "Add", "Container", container)
    assert namespaces.get_namespace(hns, namespace.id).containers == (
        "291cd4892b99",
        "291cd4892b99",
        "0f70f0bcccaf",
    )
    left = change(hns, namespace, "Remove", "Container", "291cd4892b99")
    assert left.containers == ("291cd4892b99", "0f70f0bcccaf")
    assert namespaces.get_namespace(hns, namespace.id) == left


def test_an_endpoint_joins_and_leaves(hns: Hns, endpoint: Endpoint) -> None:
    namespace = create(hns)
    joined = change(hns, namespace, "Add", "Endpoint", endpoint.id.upper())
    assert joined.endpoint_ids == (endpoint.id,)
    assert joined.updated > namespace.updated
    assert namespaces.get_namespace(hns, namespace.id) == joined
    inside = endpoints.get_endpoint(hns, endpoint.id)
    assert inside.namespace_id == namespace.id
    assert inside.state is EndpointState.ATTACHED
    left = change(hns, namespace, "Remove", "Endpoint", endpoint.id)
    assert left.endpoint_ids == ()
    assert namespaces.get_namespace(hns, namespace.id) == left
    outside = endpoints.get_endpoint(hns, endpoint.id)
    assert outside.namespace_id == ""
    assert outside.state is EndpointState.DETACHED


def test_containers_share_the_endpoints(hns: Hns, endpoint: Endpoint) -> None:
    namespace = create(hns)
    change(hns, namespace, "Add", "Endpoint", endpoint.id)

    def seen() -> tuple[tuple[str, ...], EndpointState, int]:
        found = endpoints.get_endpoint(hns, endpoint.id)
        assert found.port is not None
        return found.shared_containers, found.state, found.port.compartment

    change(hns, namespace, "Add", "Container", "c1")
    assert seen() == (("c1",), EndpointState.ATTACHED, 2)
    change(hns, namespace, "Add", "Container", "c2")
    assert seen() == (("c1", "c2"), EndpointState.ATTACHED_SHARING, 2)
    change(hns, namespace, "Remove", "Container", "c1")
    assert seen() == (("c2",), EndpointState.ATTACHED, 2)


def test_an_endpoint_that_comes_late_finds_the_containers(hns: Hns, endpoint: Endpoint) -> None:
    namespace = create(hns)
    for container in ("c1", "c2"):
        change(hns, namespace, "Add", "Container", container)
    change(hns, namespace, "Add", "Endpoint", endpoint.id)
    found = endpoints.get_endpoint(hns, endpoint.id)
    assert found.shared_containers == ("c1", "c2")
    assert found.state is EndpointState.ATTACHED_SHARING
    assert found.port is not None
    assert found.port.compartment == 2


def test_an_endpoint_that_cannot_be_plumbed_stays_outside(hns: Hns, network: Network) -> None:
    namespace = create(hns)
    broken = pod(hns, network, BROKEN)
    hr = refused(lambda: change(hns, namespace, "Add", "Endpoint", broken.id))
    assert hr is Hr.HCN_E_NAMESPACE_ATTACH_FAILED
    assert namespaces.get_namespace(hns, namespace.id) == namespace
    found = endpoints.get_endpoint(hns, broken.id)
    assert (found.namespace_id, found.state) == ("", EndpointState.DEGRADED)


def test_what_cannot_be_plumbed_is_refused_on_an_endpoint_inside(
    hns: Hns, endpoint: Endpoint
) -> None:
    namespace = change(hns, create(hns), "Add", "Endpoint", endpoint.id)
    inside = endpoints.get_endpoint(hns, endpoint.id)
    members = {"ResourceType": "Policy", "RequestType": "Add", "Settings": {"Policies": [BROKEN]}}
    wanted = parse(ModifyEndpointSettingRequest, members)
    hr = refused(lambda: endpoints.modify_endpoint(hns, endpoint.id, wanted))
    assert hr is Hr.HCN_E_INVALID_POLICY
    assert endpoints.get_endpoint(hns, endpoint.id) == inside
    assert change(hns, namespace, "Add", "Container", "c1").containers == ("c1",)


@pytest.mark.parametrize("where", ["this", "another"])
def test_an_endpoint_is_in_one_namespace_at_the_most(
    hns: Hns, endpoint: Endpoint, where: str
) -> None:
    namespace = create(hns)
    kept = change(hns, namespace, "Add", "Endpoint", endpoint.id)
    target = namespace if where == "this" else create(hns)
    hr = refused(lambda: change(hns, target, "Add", "Endpoint", endpoint.id))
    assert hr is Hr.HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS
    assert namespaces.get_namespace(hns, namespace.id) == kept


def test_a_remote_endpoint_is_not_for_namespaces(hns: Hns, network: Network) -> None:
    namespace = create(hns)
    far = remote(hns, network)
    hr = refused(lambda: change(hns, namespace, "Add", "Endpoint", far.id))
    assert hr is Hr.HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION
    assert namespaces.get_namespace(hns, namespace.id) == namespace


def test_removing_twice_says_what_clients_take_for_gone(hns: Hns, endpoint: Endpoint) -> None:
    namespace = create(hns)
    change(hns, namespace, "Add", "Endpoint", endpoint.id)
    change(hns, namespace, "Remove", "Endpoint", endpoint.id)
    for resource, gone in (("Endpoint", endpoint.id), ("Endpoint", NOWHERE), ("Container", "c1")):
        with pytest.raises(HnsError) as refusal:
            change(hns, namespace, "Remove", resource, gone)
        assert refusal.value.hr is Hr.E_ELEMENT_NOT_FOUND


@pytest.mark.parametrize(
    ("members", "hr"),
    [
        pytest.param(
            {"Settings": {"EndpointId": NOWHERE}}, Hr.HCN_E_ENDPOINT_NOT_FOUND, id="no endpoint"
        ),
        pytest.param({"Settings": {}}, Hr.HCN_E_INVALID_JSON, id="no endpoint id"),
        pytest.param({"Settings": None}, Hr.HCN_E_INVALID_JSON, id="no settings"),
        pytest.param(
            {"ResourceType": "Container", "Settings": {"ContainerId": ""}},
            Hr.HCN_E_INVALID_JSON,
            id="no container id",
        ),
        pytest.param(
            {"Settings": {"EndpointId": "pod"}}, Hr.HCN_E_GUID_CONVERSION_FAILURE, id="no GUID"
        ),
        pytest.param({"ResourceType": None}, Hr.HCN_E_INVALID_JSON, id="no resource type"),
        pytest.param({"RequestType": None}, Hr.HCN_E_INVALID_JSON, id="no request type"),
        pytest.param({"RequestType": "Update"}, Hr.HCN_E_REQUEST_UNSUPPORTED, id="update"),
        pytest.param({"RequestType": 3}, Hr.HCN_E_REQUEST_UNSUPPORTED, id="refresh by number"),
    ],
)
def test_a_refused_change_changes_nothing(hns: Hns, members: dict[str, object], hr: Hr) -> None:
    namespace = create(hns)
    wanted = {
        "ResourceType": "Endpoint",
        "RequestType": "Add",
        "Settings": {"EndpointId": NOWHERE},
        **members,
    }
    assert refused(lambda: modify(hns, namespace.id, **wanted)) is hr
    assert namespaces.get_namespace(hns, namespace.id) == namespace


def test_what_does_not_exist_is_not_found(hns: Hns) -> None:
    for work in (
        lambda: namespaces.get_namespace(hns, NOWHERE),
        lambda: namespaces.delete_namespace(hns, NOWHERE),
        lambda: modify(hns, NOWHERE, ResourceType="Endpoint", RequestType="Add"),
    ):
        assert refused(work) is Hr.E_ELEMENT_NOT_FOUND


def test_a_namespace_with_containers_stays_and_one_with_endpoints_lets_go(
    hns: Hns, endpoint: Endpoint
) -> None:
    namespace = create(hns)
    change(hns, namespace, "Add", "Endpoint", endpoint.id)
    kept = change(hns, namespace, "Add", "Container", "c1")
    hr = refused(lambda: namespaces.delete_namespace(hns, namespace.id))
    assert hr is Hr.HCN_E_REQUEST_UNSUPPORTED
    assert namespaces.get_namespace(hns, namespace.id) == kept
    change(hns, namespace, "Remove", "Container", "c1")
    namespaces.delete_namespace(hns, namespace.id)
    found = endpoints.get_endpoint(hns, endpoint.id)
    assert (found.namespace_id, found.state) == ("", EndpointState.DETACHED)


def test_a_deleted_endpoint_is_gone_from_its_namespace(hns: Hns, endpoint: Endpoint) -> None:
    namespace = create(hns)
    change(hns, namespace, "Add", "Endpoint", endpoint.id)
    endpoints.delete_endpoint(hns, endpoint.id)
    assert namespaces.get_namespace(hns, namespace.id).resources == ()
    namespaces.delete_namespace(hns, namespace.id)


def test_only_the_default_namespace_of_the_host_stays(hns: Hns) -> None:
    @writes
    def furnish(tx: Transaction) -> Namespace:
        return create_default(tx)

    built_in = furnish(hns)
    assert (built_in.is_default, built_in.compartment_id) == (True, 1)
    hr = refused(lambda: namespaces.delete_namespace(hns, built_in.id))
    assert hr is Hr.HCN_E_REQUEST_UNSUPPORTED
    namespaces.delete_namespace(hns, create(hns, Type="HostDefault").id)


def test_a_query_selects(hns: Hns) -> None:
    before = namespaces.list_namespaces(hns, EVERYTHING)
    host, guest = create(hns), create(hns, Type="Guest")
    assert namespaces.list_namespaces(hns, EVERYTHING) == [*before, host, guest]
    for text, expected in (
        (f'{{"Filter": "{{\\"ID\\":\\"{host.id.upper()}\\"}}"}}', [host]),
        ('{"Filter": "{\\"ID\\":\\"\\"}"}', []),
        ('{"Filter": "{\\"Type\\":\\"Guest\\"}"}', [guest]),
    ):
        assert namespaces.list_namespaces(hns, read_query(text)) == expected
    assert namespaces.list_namespaces(hns, EVERYTHING, 1, host.id) == [guest]


def test_of_two_namespaces_at_once_one_gets_the_endpoint(hns: Hns, endpoint: Endpoint) -> None:
    rivals = [create(hns) for _ in range(8)]
    outcomes = racing(
        lambda racer: change(hns, rivals[racer], "Add", "Endpoint", endpoint.id), len(rivals)
    )
    winners = [outcome for outcome in outcomes if isinstance(outcome, Namespace)]
    losers = [outcome for outcome in outcomes if not isinstance(outcome, Namespace)]
    assert len(winners) == 1
    assert losers == [Hr.HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS] * 7
    assert endpoints.get_endpoint(hns, endpoint.id).namespace_id == winners[0].id


def test_containers_that_come_at_once_get_one_compartment(hns: Hns) -> None:
    namespace = create(hns)
    outcomes = racing(lambda racer: change(hns, namespace, "Add", "Container", f"c{racer}"), 8)
    assert all(isinstance(outcome, Namespace) for outcome in outcomes)
    found = namespaces.get_namespace(hns, namespace.id)
    assert found.compartment_id == 2
    assert len(found.containers) == 8
