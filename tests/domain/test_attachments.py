"""Plugging in and out: states 1 to 5, shared containers, and what refuses.

Source: hns-behaviour.md section 7.4 [D].
"""

from dataclasses import replace

import pytest

from hnsemu.domain.attachments import (
    Attachment,
    SystemType,
    attached,
    attachment_notifications,
    check_attachable,
    detached,
    joined,
    plugged,
    unplugged,
)
from hnsemu.domain.endpoints import Endpoint, EndpointState
from hnsemu.domain.facts import Port
from hnsemu.domain.namespaces import Namespace, NamespaceType
from hnsemu.domain.network_types import Mode
from hnsemu.domain.notifications import HcnNotification
from hnsemu.errors import HnsError, Hr

PORT = Port(1, "Endpoint", "p", "n", "i", "a", "", "00-15-5D-00-00-01", connected=False)
FRESH = Endpoint(1, "e", "Ethernet", 1, "n", "nat", Mode.NAT, "NAT", "parent", port=PORT)
FIRST = Attachment(SystemType.CONTAINER, "c1")
SECOND = Attachment(SystemType.CONTAINER, "c2")


def test_a_container_attaches() -> None:
    after = attached(FRESH, FIRST, 7)
    assert after.state is EndpointState.ATTACHED
    assert after.shared_containers == ("c1",)
    assert after.started == 7
    assert after.port is not None
    assert after.port.connected


def test_a_second_container_shares() -> None:
    after = attached(attached(FRESH, FIRST, 7), SECOND, 8)
    assert after.state is EndpointState.ATTACHED_SHARING
    assert after.shared_containers == ("c1", "c2")
    assert after.started == 7


def test_the_host_attaches_in_its_compartment() -> None:
    after = attached(FRESH, Attachment(SystemType.HOST), 7)
    assert after.port is not None
    assert after.port.compartment == 1
    assert after.shared_containers == ()


@pytest.mark.parametrize(
    ("first", "again"),
    [
        pytest.param(FIRST, FIRST, id="the same container"),
        pytest.param(FIRST, Attachment(SystemType.CONTAINER, "C1"), id="in another case"),
        pytest.param(Attachment(SystemType.HOST), Attachment(SystemType.HOST), id="the host"),
        pytest.param(Attachment(SystemType.HOST), FIRST, id="a container after the host"),
        pytest.param(FIRST, Attachment(SystemType.HOST), id="the host after a container"),
    ],
)
def test_what_is_attached_does_not_attach_again(first: Attachment, again: Attachment) -> None:
    with pytest.raises(HnsError) as refusal:
        attached(attached(FRESH, first, 7), again, 8)
    assert refusal.value.hr is Hr.HCN_E_ENDPOINT_ALREADY_ATTACHED


def test_a_container_needs_its_id() -> None:
    with pytest.raises(HnsError) as refusal:
        attached(FRESH, Attachment(SystemType.CONTAINER), 7)
    assert refusal.value.hr is Hr.HCN_E_INVALID_ENDPOINT


def test_an_endpoint_without_a_port_changes_its_state_alone() -> None:
    portless = replace(FRESH, port=None)
    used = plugged(portless, ("c1",), 5, 7)
    assert (used.state, used.port) == (EndpointState.ATTACHED, None)
    assert unplugged(used) == replace(portless, state=EndpointState.DETACHED, started=7)


def test_detaching_leaves_the_others() -> None:
    shared = attached(attached(FRESH, FIRST, 7), SECOND, 8)
    one = detached(shared, "C1")
    assert (one.state, one.shared_containers) == (EndpointState.ATTACHED, ("c2",))
    none = detached(one, "c2")
    assert (none.state, none.shared_containers) == (EndpointState.DETACHED, ())
    assert none.port is not None
    assert not none.port.connected


@pytest.mark.parametrize("name", ["", "c1"])
def test_what_is_not_attached_does_not_detach(name: str) -> None:
    with pytest.raises(HnsError) as refusal:
        detached(FRESH, name)
    assert refusal.value.hr is Hr.HCN_E_ENDPOINT_NOT_ATTACHED


@pytest.mark.parametrize(
    ("endpoint", "hr"),
    [
        (replace(FRESH, flags=1, port=None), Hr.HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION),
        (replace(FRESH, state=EndpointState.DEGRADED), Hr.HCN_E_DEGRADED_OPERATION),
    ],
)
def test_remote_and_degraded_endpoints_do_not_attach(endpoint: Endpoint, hr: Hr) -> None:
    with pytest.raises(HnsError) as refusal:
        check_attachable(endpoint)
    assert refusal.value.hr is hr


@pytest.mark.parametrize(
    ("containers", "state", "shared"),
    [
        ((), EndpointState.ATTACHED, ()),
        (("a",), EndpointState.ATTACHED, ("a",)),
        (("a", "b", "a"), EndpointState.ATTACHED_SHARING, ("a", "b")),
    ],
)
def test_a_namespace_plugs_its_endpoints_in(
    containers: tuple[str, ...], state: EndpointState, shared: tuple[str, ...]
) -> None:
    resources = tuple(("Container", container) for container in containers)
    namespace = Namespace(1, "ns", NamespaceType.HOST, compartment_id=6, compartment_guid="c6",
                          resources=resources)  # fmt: skip
    after = joined(FRESH, namespace, 7)
    assert (after.namespace_id, after.compartment_guid, after.state) == ("ns", "c6", state)
    assert after.shared_containers == shared
    assert after.port is not None
    assert (after.port.compartment, after.port.connected) == (6, True)


@pytest.mark.parametrize(
    ("was_attached", "state", "kind"),
    [
        (False, EndpointState.ATTACHED, HcnNotification.NETWORK_ENDPOINT_ATTACHED),
        (True, EndpointState.DETACHED, HcnNotification.NETWORK_ENDPOINT_DETACHED),
        (True, EndpointState.ATTACHED_SHARING, None),
        (False, EndpointState.DEGRADED, None),
    ],
)
def test_the_network_hears_of_the_first_and_the_last_attachment(
    *, was_attached: bool, state: EndpointState, kind: HcnNotification | None
) -> None:
    told = attachment_notifications(replace(FRESH, state=state), was_attached=was_attached)
    assert [notification.kind for notification in told] == ([] if kind is None else [kind])


def test_an_endpoint_that_works_attaches() -> None:
    check_attachable(FRESH)
