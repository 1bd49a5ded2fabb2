"""Restart and reboot: what outlives them follows from flags, type and release."""

from dataclasses import replace

import pytest

from hnsemu.domain.endpoints import Endpoint, EndpointState
from hnsemu.domain.facts import Port
from hnsemu.domain.lifecycle import (
    after_reboot,
    ending_at_reboot,
    ending_at_restart,
    endpoint_outlives_restart,
    network_outlives_reboot,
    network_outlives_restart,
)
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import Network
from hnsemu.domain.releases import RELEASES


def network(mode: Mode, flags: int) -> Network:
    """Return a network of that mode and those NetworkFlags."""
    return Network(1, "n", "n", mode, mode.value, flags=flags)


def endpoint(state: EndpointState, compartment: int = 0, flags: int = 0) -> Endpoint:
    """Return an endpoint in that state with a port in that compartment."""
    port = Port(1, "Endpoint", "p", "n", "i", "a", "f", "m", compartment=compartment)
    return Endpoint(
        1, "e", "e", 1, "n", "n", Mode.NAT, "nat", "parent", flags=flags, state=state, port=port
    )


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    ("flags", "outlives"), [(0, True), (8, False), (16, True), (24, True), (11, False), (1, True)]
)
def test_non_persistent_networks_end_with_the_service(
    mode: Mode, flags: int, *, outlives: bool
) -> None:
    assert network_outlives_restart(network(mode, flags)) is outlives


@pytest.mark.parametrize(
    ("release", "flags", "outlives"),
    [
        ("ws2016", 0, True),
        ("ws2016", 8, False),
        ("ws1803", 0, True),
        ("ws2019-rtm", 0, False),
        ("ws2019", 0, False),
        ("ws2019", 16, True),
        ("ws2022", 8, False),
        ("ws2022", 24, True),
        ("ws2025", 0, False),
    ],
)
def test_nat_networks_end_at_a_reboot_from_ws2019_on(
    release: str, flags: int, *, outlives: bool
) -> None:
    nat = network(Mode.NAT, flags)
    assert network_outlives_reboot(nat, RELEASES[release]) is outlives


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode is not Mode.NAT])
def test_other_networks_outlive_a_reboot_unless_flagged(mode: Mode) -> None:
    assert network_outlives_reboot(network(mode, 0), RELEASES["ws2025"])
    assert not network_outlives_reboot(network(mode, 8), RELEASES["ws2025"])


def test_non_persistent_endpoints_end_with_the_service() -> None:
    assert endpoint_outlives_restart(endpoint(EndpointState.CREATED))
    assert not endpoint_outlives_restart(endpoint(EndpointState.CREATED, flags=1024 + 2))


@pytest.mark.parametrize("state", [EndpointState.ATTACHED, EndpointState.ATTACHED_SHARING])
@pytest.mark.parametrize("compartment", [0, 7])
def test_a_reboot_detaches_from_containers_and_machines(
    state: EndpointState, compartment: int
) -> None:
    before = replace(
        endpoint(state, compartment),
        shared_containers=("c1", "c2"),
        namespace_id="ns",
        compartment_guid="guid",
    )
    after = after_reboot(before, {"own"})
    assert after.state is EndpointState.DETACHED
    assert (after.shared_containers, after.namespace_id, after.compartment_guid) == ((), "", "")
    assert after.port is not None
    assert (after.port.compartment, after.port.connected) == (0, False)


def test_a_reboot_leaves_the_host_attached() -> None:
    before = replace(
        endpoint(EndpointState.ATTACHED_SHARING, 1),
        shared_containers=("c1", "c2"),
        namespace_id="own",
    )
    after = after_reboot(before, {"own"})
    assert after == replace(before, state=EndpointState.ATTACHED, shared_containers=())


@pytest.mark.parametrize("state", EndpointState)
@pytest.mark.parametrize("compartment", [0, 1, 7])
@pytest.mark.parametrize(("namespace", "left"), [("own", "own"), ("ns", ""), ("", "")])
def test_only_the_own_namespace_of_the_host_keeps_its_endpoints_over_a_reboot(
    state: EndpointState, compartment: int, namespace: str, left: str
) -> None:
    before = replace(endpoint(state, compartment), namespace_id=namespace)
    assert after_reboot(before, {"own"}).namespace_id == left


@pytest.mark.parametrize(
    "state", [EndpointState.CREATED, EndpointState.DETACHED, EndpointState.DEGRADED]
)
def test_a_reboot_does_nothing_to_what_is_not_attached(state: EndpointState) -> None:
    assert after_reboot(endpoint(state), ()) == endpoint(state)


LASTING, PASSING = network(Mode.L2BRIDGE, 0), replace(network(Mode.L2BRIDGE, 8), key=2)
ON_PASSING = replace(endpoint(EndpointState.ATTACHED), key=2, network_key=2)
KEPT, GONE = endpoint(EndpointState.CREATED), endpoint(EndpointState.CREATED, flags=1024)
RUNNING = replace(endpoint(EndpointState.ATTACHED, compartment=2), namespace_id="ns")


def test_a_restart_ends_what_is_not_persistent() -> None:
    ending = ending_at_restart([LASTING, PASSING], [KEPT, GONE, RUNNING, ON_PASSING])
    assert ending.networks == (PASSING,)
    assert ending.endpoints == (GONE,)
    assert ending.unplugged == ()


def test_a_reboot_also_unplugs_what_ran() -> None:
    ending = ending_at_reboot(
        [LASTING, PASSING], [KEPT, GONE, RUNNING, ON_PASSING], [], RELEASES["ws2025"]
    )
    assert (ending.networks, ending.endpoints) == ((PASSING,), (GONE,))
    assert ending.unplugged == ((RUNNING, after_reboot(RUNNING, ())),)


def test_a_reboot_ends_nat_networks_since_1809() -> None:
    nat = network(Mode.NAT, 0)
    assert ending_at_reboot([nat], [], [], RELEASES["ws2025"]).networks == (nat,)
    assert ending_at_reboot([nat], [], [], RELEASES["ws2016"]).networks == ()


def test_a_reboot_ends_the_default_switch() -> None:
    switch = Network(1, "c08cb7b8-9b3c-408e-8e30-5e16a3aeb444", "Default Switch", Mode.ICS, "ICS")
    for release in ("win10-1903", "win11"):
        assert not network_outlives_reboot(switch, RELEASES[release])
    assert network_outlives_restart(switch)
