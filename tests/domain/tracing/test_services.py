"""Services: why none took a packet for its address."""

from collections.abc import Sequence

import pytest

from hnsemu.domain.dataplane import Balancer
from hnsemu.domain.loadbalancers import DIRECT_SERVER_RETURN
from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import UDP, Packet
from hnsemu.domain.tracing.services import is_nowhere_outside, why_unanswered
from tests.domain.worlds import balancer, network, node, packet, pod

BRIDGE = network(Mode.L2BRIDGE, "10.1.0.0/24")
WEB = pod(BRIDGE, "web", "10.1.0.5")
VIP = "10.96.0.10"
SENT = packet("10.1.0.6", VIP)


def service(flags: int = 0, mapping_flags: int = 1, port: int = 80, **members: object) -> Balancer:
    return balancer(
        members.pop("backends", [WEB]),  # type: ignore[arg-type]
        VIP, port, flags=flags, mapping_flags=mapping_flags, name="shop", **members,  # type: ignore[arg-type]
    )  # fmt: skip


def why(services: Sequence[Balancer], sent: Packet = SENT, *, outside: bool = False) -> str:
    return why_unanswered(
        node(BRIDGE, pods=[WEB], services=services), sent, is_from_outside=outside
    )


@pytest.mark.parametrize(
    ("found", "outside", "told"),
    [
        (service(port=443), False, "answers TCP 443 only"),
        (service(port=0, protocol=UDP), False, "answers UDP only"),
        (service(backends=[]), False, "has no backend"),
        (service(DIRECT_SERVER_RETURN), False, "serves the networks of its backends only"),
        (service(), False, "balances at the host's port"),
        (service(), True, "is internal"),
        (service(mapping_flags=0), True, "ArrivesAt"),
    ],
    ids=["port", "protocol", "empty", "other network", "no DSR", "internal", "from outside"],
)
def test_the_reason_names_the_service_and_what_it_lacks(
    found: Balancer,
    outside: bool,  # noqa: FBT001
    told: str,
) -> None:
    text = why([found], outside=outside)
    assert text.startswith(f"{VIP} is a VIP of load balancer shop, which ")
    assert told in text


def test_several_services_with_one_vip_are_counted() -> None:
    text = why([service(port=443), service(port=8443)])
    assert text == (
        f"{VIP} is a VIP of load balancer shop (and 1 more), which answers TCP 443, TCP 8443 only"
    )


def test_an_address_of_no_service_needs_no_reason() -> None:
    assert why([service()], packet("10.1.0.6", "10.9.9.9")) == ""


@pytest.mark.parametrize(
    ("services", "from_inside", "from_outside"),
    [
        ([service()], True, True),
        ([service(mapping_flags=0)], True, False),
        ([service(mapping_flags=16)], False, False),
        ([service(mapping_flags=2)], False, False),
        ([service(), service(mapping_flags=16)], False, False),
        ([], False, False),
    ],
    ids=["internal", "of a cluster", "external", "routed", "one of them external", "none"],
)
def test_a_vip_that_no_mapping_calls_external_is_nowhere_outside(
    services: Sequence[Balancer],
    from_inside: bool,  # noqa: FBT001
    from_outside: bool,  # noqa: FBT001
) -> None:
    host = node(BRIDGE, services=services)
    assert is_nowhere_outside(host, SENT, is_from_outside=False) is from_inside
    assert is_nowhere_outside(host, SENT, is_from_outside=True) is from_outside
