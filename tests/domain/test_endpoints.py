"""What filters may name of an endpoint, in the words of both dialects."""

from dataclasses import replace

import pytest

from hnsemu.domain.endpoints import Endpoint, EndpointState, IpConfiguration, properties
from hnsemu.domain.network_types import Mode

POD = Endpoint(1, "e", "pod", 1, "n", "vxlan0", Mode.OVERLAY, "overlay", "parent")


def test_both_dialects_name_the_network() -> None:
    shown = properties(POD)
    assert shown["VirtualNetwork"] == shown["HostComputeNetwork"] == "n"
    assert (shown["VirtualNetworkName"], shown["Type"]) == ("vxlan0", "Overlay")


def test_state_and_flags_are_numbers() -> None:
    shown = properties(replace(POD, state=EndpointState.ATTACHED_SHARING, flags=17))
    assert (shown["State"], shown["Flags"], shown["IsRemoteEndpoint"]) == (3, 17, True)


def test_the_prefix_length_is_that_of_the_first_address() -> None:
    two = (IpConfiguration("10.0.0.5", 24), IpConfiguration("fd00::5", 64))
    shown = properties(replace(POD, ip_configurations=two))
    assert shown["PrefixLength"] == 24
    assert "PrefixLength" not in properties(POD)


@pytest.mark.parametrize("state", EndpointState)
def test_two_states_mean_plugged_in(state: EndpointState) -> None:
    plugged_in = state in {EndpointState.ATTACHED, EndpointState.ATTACHED_SHARING}
    assert replace(POD, state=state).is_attached is plugged_in
