"""What a deleted endpoint gives back, and who hears of it."""

import ipaddress

import pytest

from hnsemu.domain.endpoint_deletion import decide_deletion
from hnsemu.domain.endpoints import REMOTE, Endpoint, EndpointState, IpConfiguration
from hnsemu.domain.network_types import Mode
from hnsemu.domain.notifications import HcnNotification, Notification
from tests.domain.sites import pool, site

SITE = site(pool(1, "10.0.0.0/24"), pool(6, "fd00::/64"))


def endpoint(*addresses: tuple[str, str], **members: object) -> Endpoint:
    """Return an endpoint with these addresses of these pools."""
    return Endpoint(
        key=1,
        id="e",
        name="",
        network_key=7,
        network_id="network",
        network_name="cbr0",
        network_mode=Mode.L2BRIDGE,
        network_type_text="L2Bridge",
        parent_id="",
        ip_configurations=tuple(IpConfiguration(text, 24, pool_id) for text, pool_id in addresses),
        **members,  # type: ignore[arg-type]
    )


def key(address: str) -> str:
    """Return the text key of an address."""
    return ipaddress.ip_address(address).packed.hex()


@pytest.mark.parametrize(
    ("address", "pool_id", "released"),
    [
        pytest.param("10.0.0.4", "p1", True, id="of a pool"),
        pytest.param("fd00::4", "p6", False, id="of a pool that never comes round"),
        pytest.param("10.0.0.4", "p9", False, id="of a pool that is gone"),
        pytest.param("10.9.0.4", "", False, id="of no pool"),
    ],
)
def test_an_address_goes_back_to_a_pool_that_waits_for_it(
    address: str, pool_id: str, *, released: bool
) -> None:
    deletion = decide_deletion(endpoint((address, pool_id)), SITE)
    keys = (key(address),)
    assert (deletion.released, deletion.forgotten) == ((keys, ()) if released else ((), keys))


@pytest.mark.parametrize(
    ("mac", "flags", "released", "forgotten"),
    [
        ("02-00-00-00-00-02", 0, 0x020000000002, None),
        ("0e:2a:0a:00:00:05", 0, None, 0x0E2A0A000005),
        ("02-00-00-00-00-02", REMOTE, None, None),
        ("", 0, None, None),
    ],
)
def test_a_mac_goes_back_to_its_range(
    mac: str, flags: int, released: int | None, forgotten: int | None
) -> None:
    deletion = decide_deletion(endpoint(mac_address=mac, flags=flags), SITE)
    assert (deletion.released_mac, deletion.forgotten_mac) == (released, forgotten)


@pytest.mark.parametrize("state", EndpointState)
def test_the_end_of_an_endpoint_that_is_plugged_in_is_heard(state: EndpointState) -> None:
    heard = decide_deletion(endpoint(state=state), SITE).notifications
    kind = HcnNotification.NETWORK_ENDPOINT_DETACHED
    is_attached = state in {EndpointState.ATTACHED, EndpointState.ATTACHED_SHARING}
    assert heard == ((Notification(kind, "e", "network"),) if is_attached else ())
