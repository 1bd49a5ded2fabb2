"""Members of a namespace: endpoints and containers that come and go."""

from dataclasses import replace

import pytest

from hnsemu.domain.endpoints import REMOTE, Endpoint, EndpointState
from hnsemu.domain.facts import Port
from hnsemu.domain.namespace_changes import (
    Member,
    MemberRequest,
    NamespaceChange,
    NamespaceFacts,
    change_members,
    namespace_deletion,
)
from hnsemu.domain.namespaces import Namespace, NamespaceType, ResourceType
from hnsemu.domain.network_types import Mode
from hnsemu.domain.notifications import HcnNotification
from hnsemu.errors import HnsError, Hr
from hnsemu.host import SeededSource

NOW = 7
CONTAINER, ENDPOINT = ResourceType.CONTAINER, ResourceType.ENDPOINT
PORT = Port(1, "Endpoint", "p", "n", "i", "a", "", "00-15-5D-00-00-01", connected=False)
EMPTY = Namespace(1, "ns", NamespaceType.HOST)
POD = replace(EMPTY, compartment_id=6, resources=(("Endpoint", "e"), ("Container", "c1")))
FREE = Endpoint(1, "e", "web", 1, "n", "nat", Mode.NAT, "NAT", "parent", port=PORT)
INSIDE = replace(FREE, namespace_id="ns", state=EndpointState.ATTACHED, shared_containers=("c1",))


def change(
    namespace: Namespace, kind: ResourceType, id_: str, *members: Member, adds: bool = True
) -> NamespaceChange:
    facts = NamespaceFacts(namespace, NOW, members, next_compartment=9)
    return change_members(facts, MemberRequest(kind, adds, id_), SeededSource())


def test_an_endpoint_is_plugged_in() -> None:
    joining = change(EMPTY, ENDPOINT, "e", Member(FREE))
    assert joining.namespace.endpoint_ids == ("e",)
    assert (joining.namespace.updated, joining.before) == (NOW, EMPTY)
    (plugged,) = joining.endpoints
    assert (plugged.endpoint.namespace_id, plugged.endpoint.state) == ("ns", EndpointState.ATTACHED)
    assert joining.member is FREE
    assert joining.refusal is None


def test_an_endpoint_whose_policy_cannot_be_plumbed_is_degraded() -> None:
    joining = change(EMPTY, ENDPOINT, "e", Member(FREE, "nonsense"))
    assert joining.refusal is not None
    assert joining.refusal.hr is Hr.HCN_E_NAMESPACE_ATTACH_FAILED
    assert joining.endpoints[0].endpoint.state is EndpointState.DEGRADED


@pytest.mark.parametrize(
    ("members", "hr"),
    [
        ((), Hr.HCN_E_ENDPOINT_NOT_FOUND),
        ((Member(replace(FREE, flags=REMOTE)),), Hr.HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION),
        ((Member(INSIDE),), Hr.HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS),
        ((Member(replace(FREE, state=EndpointState.DEGRADED)),), Hr.HCN_E_DEGRADED_OPERATION),
    ],
    ids=["unknown", "remote", "in a namespace", "degraded"],
)
def test_other_endpoints_do_not_join(members: tuple[Member, ...], hr: Hr) -> None:
    with pytest.raises(HnsError) as refusal:
        change(EMPTY, ENDPOINT, "e", *members)
    assert refusal.value.hr is hr


def test_an_endpoint_that_leaves_is_unplugged() -> None:
    leaving = change(POD, ENDPOINT, "e", Member(INSIDE), adds=False)
    assert leaving.namespace.endpoint_ids == ()
    after = leaving.endpoints[0].endpoint
    assert (after.namespace_id, after.state) == ("", EndpointState.DETACHED)
    assert leaving.member is INSIDE


@pytest.mark.parametrize("members", [(), (Member(FREE),)], ids=["gone", "elsewhere"])
def test_what_is_not_inside_does_not_leave(members: tuple[Member, ...]) -> None:
    with pytest.raises(HnsError) as refusal:
        change(POD, ENDPOINT, "e", *members, adds=False)
    assert refusal.value.hr is Hr.E_ELEMENT_NOT_FOUND


def test_the_first_container_brings_the_compartment_and_shares_the_endpoints() -> None:
    waiting = replace(INSIDE, shared_containers=())
    started = change(
        replace(EMPTY, resources=(("Endpoint", "e"),)), CONTAINER, "c1", Member(waiting)
    )
    assert (started.namespace.compartment_id, started.namespace.containers) == (9, ("c1",))
    assert started.endpoints[0].endpoint.shared_containers == ("c1",)
    second = change(POD, CONTAINER, "c2", Member(INSIDE))
    assert second.namespace.compartment_id == 6
    assert second.endpoints[0].endpoint.state is EndpointState.ATTACHED_SHARING


def test_a_container_is_not_listed_when_an_endpoint_cannot_be_plumbed() -> None:
    other = replace(INSIDE, id="f")
    failed = change(POD, CONTAINER, "c2", Member(INSIDE), Member(other, "nonsense"), Member(INSIDE))
    assert failed.refusal is not None
    assert failed.namespace.containers == ("c1",)
    assert [endpoint.endpoint.state for endpoint in failed.endpoints] == [
        EndpointState.ATTACHED_SHARING, EndpointState.DEGRADED,
    ]  # fmt: skip


def test_a_container_that_ends_leaves_the_compartment() -> None:
    degraded = Member(replace(INSIDE, id="f", state=EndpointState.DEGRADED))
    ended = change(POD, CONTAINER, "c1", Member(INSIDE), degraded, adds=False)
    assert (ended.namespace.compartment_id, ended.namespace.containers) == (6, ())
    (left,) = ended.endpoints
    assert left.endpoint.shared_containers == ()
    with pytest.raises(HnsError) as refusal:
        change(POD, CONTAINER, "c9", adds=False)
    assert refusal.value.hr is Hr.E_ELEMENT_NOT_FOUND


def test_a_deleted_namespace_unplugs_its_endpoints() -> None:
    bare = replace(POD, resources=(("Endpoint", "e"),))
    deletion = namespace_deletion(NamespaceFacts(bare, NOW, (Member(INSIDE),)))
    assert deletion.endpoints[0].endpoint.state is EndpointState.DETACHED
    assert [told.kind for told in deletion.notifications] == [HcnNotification.NAMESPACE_DELETE]


@pytest.mark.parametrize(
    "namespace", [POD, replace(EMPTY, built_in=True)], ids=["in use", "built in"]
)
def test_some_namespaces_stay(namespace: Namespace) -> None:
    with pytest.raises(HnsError) as refusal:
        namespace_deletion(NamespaceFacts(namespace, NOW))
    assert refusal.value.hr is Hr.HCN_E_REQUEST_UNSUPPORTED
