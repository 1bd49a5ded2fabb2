"""Plugging in and out: states 1 to 5, shared containers, and what refuses.

Source: hns-behaviour.md section 7.4 [D].
"""

from dataclasses import replace

import pytest

from hnsemu.domain.attachments import (
    Attachment,
    SystemType,
    attached,
    check_attachable,
    detached,
    plugged,
    unplugged,
)
from hnsemu.domain.endpoints import Endpoint, EndpointState
from hnsemu.domain.facts import Port
from hnsemu.domain.network_types import Mode
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
