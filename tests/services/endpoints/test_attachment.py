"""Plugging in and out: containers, virtual machines, the host, and what degrades."""

import pytest

from hnsemu.domain.attachments import Attachment, SystemType
from hnsemu.domain.endpoints import Endpoint, EndpointState
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.modify import ModifyEndpointSettingRequest
from hnsemu.schema.v2.query import read_query
from hnsemu.services import endpoints
from hnsemu.storage.transaction import Hns
from tests.services import pods
from tests.services.vnics import check_answers, refused
from tests.services.wires import policy

HOST = Attachment(SystemType.HOST)
BROKEN = policy("SDNRoute", DestinationPrefix="<your service cidr>")
MACHINE = "3333aaaa-0000-0000-0000-000000000001"


@pytest.fixture
def pod(hns: Hns) -> Endpoint:
    """Return an endpoint on an overlay network."""
    return pods.pod(hns, pods.overlay(hns))


def container(name: str) -> Attachment:
    """Return the attachment to a container."""
    return Attachment(SystemType.CONTAINER, name)


def state_of(hns: Hns, endpoint: Endpoint) -> EndpointState:
    """Return the state of the endpoint as lists find it."""
    found = endpoints.get_endpoint(hns, endpoint.id)
    query = read_query(f'{{"State": {int(found.state)}}}')
    assert endpoint.id in endpoints.list_endpoint_ids(hns, query)
    check_answers(hns)
    return found.state


def change_port(hns: Hns, endpoint: Endpoint, request: str, **settings: object) -> Endpoint:
    """Return the endpoint after a Port request."""
    wanted = {"ResourceType": "Port", "RequestType": request, "Settings": settings}
    return endpoints.modify_endpoint(hns, endpoint.id, parse(ModifyEndpointSettingRequest, wanted))


def test_an_endpoint_goes_through_its_states(hns: Hns, pod: Endpoint) -> None:
    assert state_of(hns, pod) is EndpointState.CREATED
    endpoints.attach_endpoint(hns, pod.id, container("c1"))
    assert state_of(hns, pod) is EndpointState.ATTACHED
    endpoints.attach_endpoint(hns, pod.id, container("c2"))
    assert state_of(hns, pod) is EndpointState.ATTACHED_SHARING
    endpoints.detach_endpoint(hns, pod.id, "c1")
    assert state_of(hns, pod) is EndpointState.ATTACHED
    endpoints.detach_endpoint(hns, pod.id, "c2")
    assert state_of(hns, pod) is EndpointState.DETACHED
    endpoints.attach_endpoint(hns, pod.id, container("c3"))
    assert state_of(hns, pod) is EndpointState.ATTACHED


def test_the_host_takes_an_endpoint_into_its_compartment(hns: Hns, pod: Endpoint) -> None:
    attached = endpoints.attach_endpoint(hns, pod.id, HOST)
    assert attached.port is not None
    assert (attached.port.compartment, attached.port.connected) == (1, True)
    assert endpoints.get_endpoint(hns, pod.id).port == attached.port
    again = refused(hns, lambda: endpoints.attach_endpoint(hns, pod.id, HOST))
    assert again.hr is Hr.HCN_E_ENDPOINT_ALREADY_ATTACHED


def test_what_is_not_attached_does_not_detach(hns: Hns, pod: Endpoint) -> None:
    refusal = refused(hns, lambda: endpoints.detach_endpoint(hns, pod.id))
    assert refusal.hr is Hr.HCN_E_ENDPOINT_NOT_ATTACHED


def test_a_remote_endpoint_has_no_port_to_plug(hns: Hns) -> None:
    far = pods.remote(hns, pods.overlay(hns))
    for work in (
        lambda: endpoints.attach_endpoint(hns, far.id, HOST),
        lambda: change_port(hns, far, "Add", VirtualNicName="vm"),
    ):
        refusal = refused(hns, work)
        assert refusal.hr is Hr.HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION


def test_a_virtual_machine_plugs_in_and_out(hns: Hns, pod: Endpoint) -> None:
    plugged = change_port(
        hns, pod, "Add", VirtualMachineId=MACHINE, VirtualNicName="vm--nic", PortId=MACHINE
    )
    assert (plugged.state, plugged.virtual_machine) == (EndpointState.ATTACHED, MACHINE)
    assert plugged.port is not None
    assert (plugged.port.port_id, plugged.port.friendly_name) == (MACHINE, "vm--nic")
    wanted = read_query(f'{{"VirtualMachine": "{MACHINE.upper()}"}}')
    assert endpoints.list_endpoint_ids(hns, wanted) == [pod.id]
    again = refused(hns, lambda: change_port(hns, pod, "Add", VirtualMachineId=MACHINE))
    assert again.hr is Hr.HCN_E_ENDPOINT_ALREADY_ATTACHED
    unplugged = change_port(hns, pod, "Remove")
    assert (unplugged.state, unplugged.virtual_machine) == (EndpointState.DETACHED, "")
    gone = refused(hns, lambda: change_port(hns, pod, "Remove"))
    assert gone.hr is Hr.HCN_E_ENDPOINT_NOT_ATTACHED


def test_a_port_is_plumbed_anew_without_a_change(hns: Hns, pod: Endpoint) -> None:
    endpoints.attach_endpoint(hns, pod.id, HOST)
    assert change_port(hns, pod, "Refresh").state is EndpointState.ATTACHED
    refusal = refused(hns, lambda: change_port(hns, pod, "Update"))
    assert refusal.hr is Hr.HCN_E_REQUEST_UNSUPPORTED


@pytest.mark.parametrize("plug", ["host", "virtual machine"])
def test_a_broken_policy_degrades_the_endpoint_at_attach(hns: Hns, plug: str) -> None:
    made = pods.pod(hns, pods.overlay(hns), BROKEN)

    def attach() -> None:
        if plug == "host":
            endpoints.attach_endpoint(hns, made.id, HOST)
        else:
            change_port(hns, made, "Add", VirtualNicName="vm")

    with pytest.raises(HnsError) as refusal:
        attach()
    assert refusal.value.hr is Hr.HCN_E_NAMESPACE_ATTACH_FAILED
    assert "<your service cidr>" in refusal.value.detail
    assert state_of(hns, made) is EndpointState.DEGRADED


def test_nothing_can_be_done_with_a_degraded_endpoint_but_deleting_it(hns: Hns) -> None:
    made = pods.pod(hns, pods.overlay(hns), BROKEN)
    with pytest.raises(HnsError):
        endpoints.attach_endpoint(hns, made.id, HOST)
    policies = {"ResourceType": "Policy", "RequestType": "Reset"}
    request = parse(ModifyEndpointSettingRequest, policies)
    posted = parse(HostComputeEndpoint, {"Policies": []})
    for work in (
        lambda: endpoints.attach_endpoint(hns, made.id, HOST),
        lambda: endpoints.modify_endpoint(hns, made.id, request),
        lambda: endpoints.update_endpoint(hns, made.id, posted),
    ):
        assert refused(hns, work).hr is Hr.HCN_E_DEGRADED_OPERATION
    endpoints.delete_endpoint(hns, made.id)


def test_a_policy_that_cannot_be_plumbed_is_refused_while_plugged_in(
    hns: Hns, pod: Endpoint
) -> None:
    add = {"ResourceType": "Policy", "RequestType": "Add", "Settings": {"Policies": [BROKEN]}}
    request = parse(ModifyEndpointSettingRequest, add)
    endpoints.attach_endpoint(hns, pod.id, HOST)
    refusal = refused(hns, lambda: endpoints.modify_endpoint(hns, pod.id, request))
    assert refusal.hr is Hr.HCN_E_INVALID_POLICY
    endpoints.detach_endpoint(hns, pod.id)
    assert endpoints.modify_endpoint(hns, pod.id, request).policies


def test_an_unknown_endpoint_is_not_found(hns: Hns) -> None:
    nowhere = "11111111-1111-1111-1111-111111111111"
    for work in (
        lambda: endpoints.attach_endpoint(hns, nowhere, HOST),
        lambda: endpoints.detach_endpoint(hns, nowhere),
    ):
        assert refused(hns, work).hr is Hr.HCN_E_ENDPOINT_NOT_FOUND
