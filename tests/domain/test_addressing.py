"""Which addresses and which MAC an endpoint claims, by what its network's pools hold."""

import ipaddress
from collections.abc import Mapping, Sequence

import pytest

from hnsemu.domain.addressing import (
    AddressClaim,
    AddressFacts,
    AddressRequest,
    MacClaim,
    claim_addresses,
    claim_mac,
    claim_remote_addresses,
    draws_needed,
    named_addresses,
)
from hnsemu.domain.drawing import Draw, State
from hnsemu.domain.releases import RELEASES
from hnsemu.errors import HnsError, Hr
from tests.domain.sites import draws, pool, site

V4 = pool(1, "10.0.0.0/29", "10.0.0.1")
OTHER = pool(2, "10.2.0.0/24")
V6 = pool(6, "fd00::/64")
DUAL = site(V4, OTHER, V6)
NEXT = {1: draws("10.0.0.4", "10.0.0.2"), 2: draws("10.2.0.9"), 6: draws("fd00::7")}
FREE = AddressFacts(upcoming=NEXT)
ANY = AddressRequest()


def key(address: str) -> str:
    """Return the text key of an address."""
    return ipaddress.ip_address(address).packed.hex()


def at(*addresses: str) -> list[AddressRequest]:
    """Return requests for these addresses."""
    return [AddressRequest(address) for address in addresses]


def shown(claims: Sequence[AddressClaim]) -> list[str]:
    """Return claimed addresses with their prefix lengths."""
    return [
        f"{claim.configuration.ip_address}/{claim.configuration.prefix_length}" for claim in claims
    ]


def standing(state: State, *addresses: str) -> AddressFacts:
    """Return facts of addresses that stand so."""
    return AddressFacts({key(address): state for address in addresses}, NEXT)


def claim(
    *requests: AddressRequest, facts: AddressFacts = FREE, release: str = "ws2025"
) -> tuple[AddressClaim, ...]:
    """Return what an endpoint on the dual-stack network claims."""
    return claim_addresses(requests, DUAL, facts, RELEASES[release], dhcp=False)


@pytest.mark.parametrize(
    ("requests", "claimed"),
    [
        pytest.param([], ["10.0.0.4/29", "fd00::7/64"], id="one of each family"),
        pytest.param([ANY], ["10.0.0.4/29"], id="one, of the first pool"),
        pytest.param([ANY, ANY], ["10.0.0.4/29", "fd00::7/64"], id="the family that is missing"),
        pytest.param([*at("fd00::5"), ANY], ["fd00::5/64", "10.0.0.4/29"], id="beside a named one"),
        pytest.param(
            [ANY, ANY, ANY], ["10.0.0.4/29", "fd00::7/64", "10.0.0.2/29"], id="more than families"
        ),
        pytest.param([AddressRequest(pool_id="p2")], ["10.2.0.9/24"], id="of a named pool"),
        pytest.param(at("10.0.0.3"), ["10.0.0.3/29"], id="a named one"),
        pytest.param([AddressRequest("10.0.0.3", 24)], ["10.0.0.3/24"], id="its own length"),
        pytest.param([*at("10.0.0.4"), ANY, ANY], ["10.0.0.4/29", "fd00::7/64", "10.0.0.2/29"],
                     id="a draw passes over what is named before it"),
    ],
)  # fmt: skip
def test_what_is_requested_is_claimed(requests: list[AddressRequest], claimed: list[str]) -> None:
    assert shown(claim(*requests)) == claimed


def test_a_drawn_address_moves_the_pool_and_a_named_one_does_not() -> None:
    assert claim(ANY) == (
        AddressClaim(claim(ANY)[0].configuration, key("10.0.0.4"), "free", pool_key=1, cursor=1),
    )
    (named,) = claim(*at("10.0.0.3"), facts=standing("released", "10.0.0.3"))
    assert (named.state, named.pool_key, named.cursor) == ("released", 1, None)


def test_dhcp_and_networks_without_pools_give_no_address() -> None:
    release = RELEASES["ws2025"]
    assert claim_addresses([], DUAL, FREE, release, dhcp=True) == ()
    assert claim_addresses([ANY], site(), AddressFacts(), release, dhcp=False) == ()


@pytest.mark.parametrize(
    ("requests", "facts", "hr"),
    [
        pytest.param(at("ten"), FREE, Hr.HCN_E_INVALID_IP, id="no address"),
        pytest.param(at("10.1.0.4"), FREE, Hr.HCN_E_INVALID_IP, id="outside"),
        pytest.param(at("10.0.0.1"), FREE, Hr.HCN_E_ADDR_INVALID_OR_RESERVED, id="the gateway"),
        pytest.param(at("224.0.0.1"), FREE, Hr.HCN_E_ADDR_INVALID_OR_RESERVED, id="multicast"),
        pytest.param(
            at("10.0.0.3"), standing("taken", "10.0.0.3"), Hr.E_OBJECT_ALREADY_EXISTS, id="taken"
        ),
        pytest.param(at("10.0.0.3", "10.0.0.3"), FREE, Hr.E_OBJECT_ALREADY_EXISTS, id="twice"),
        pytest.param([ANY, *at("10.0.0.4")], FREE, Hr.E_OBJECT_ALREADY_EXISTS, id="drawn before"),
        pytest.param([AddressRequest("10.0.0.3", 33)], FREE, Hr.HCN_E_INVALID_IP, id="too long"),
        pytest.param(
            [AddressRequest(pool_id="p9")], FREE, Hr.HCN_E_SUBNET_NOT_FOUND, id="no such pool"
        ),
        pytest.param(
            [AddressRequest("10.0.0.3", pool_id="p2")], FREE, Hr.HCN_E_INVALID_IP, id="other pool"
        ),
        pytest.param([], AddressFacts(), Hr.HCN_E_ADDR_INVALID_OR_RESERVED, id="nothing is left"),
        pytest.param(
            [AddressRequest(pool_id="p2")] * 2,
            FREE,
            Hr.HCN_E_ADDR_INVALID_OR_RESERVED,
            id="one is left of two",
        ),
    ],
)
def test_what_cannot_be_claimed_is_refused(
    requests: list[AddressRequest], facts: AddressFacts, hr: Hr
) -> None:
    with pytest.raises(HnsError) as refusal:
        claim(*requests, facts=facts)
    assert refusal.value.hr is hr


def test_an_address_on_a_network_without_pools_is_refused() -> None:
    with pytest.raises(HnsError) as refusal:
        claim_addresses(at("10.0.0.5"), site(), FREE, RELEASES["ws2025"], dhcp=False)
    assert refusal.value.hr is Hr.HCN_E_SUBNET_NOT_FOUND


@pytest.mark.parametrize(("release", "taken"), [("ws2019", True), ("ws1903", False)])
def test_a_prefix_of_full_length_needs_its_feature(release: str, *, taken: bool) -> None:
    request = AddressRequest("10.0.0.3", 32)
    if taken:
        assert shown(claim(request, release=release)) == ["10.0.0.3/32"]
    else:
        with pytest.raises(HnsError):
            claim(request, release=release)


@pytest.mark.parametrize(
    ("requests", "needed"),
    [
        ([], {1: 1, 6: 1}),
        ([ANY], {1: 1}),
        ([ANY, ANY, ANY], {1: 2, 6: 1}),
        ([*at("10.0.0.3"), ANY], {6: 1}),
        ([AddressRequest(pool_id="p2"), ANY], {2: 1, 6: 1}),
        ([AddressRequest(pool_id="p9")], {}),
    ],
)
def test_draws_are_counted_by_pool(
    requests: list[AddressRequest], needed: Mapping[int, int]
) -> None:
    assert draws_needed(requests, DUAL.pools, dhcp=False) == needed
    if not requests:
        assert draws_needed(requests, DUAL.pools, dhcp=True) == {}


def test_addresses_that_read_are_named() -> None:
    assert named_addresses([*at("10.0.0.3", "ten", "224.0.0.1", "fd00::1"), ANY]) == [
        key("10.0.0.3"),
        key("fd00::1"),
    ]


def test_an_endpoint_has_so_many_addresses() -> None:
    assert named_addresses([ANY] * 1000) == []
    with pytest.raises(HnsError) as refusal:
        named_addresses([ANY] * 1001)
    assert refusal.value.hr is Hr.HCN_E_INVALID_ENDPOINT
    assert "1001 members; an endpoint has at most 1000" in refusal.value.detail


def test_a_remote_endpoint_is_anywhere() -> None:
    facts = AddressFacts({key("10.0.0.3"): "released"})
    inside, outside = claim_remote_addresses(at("10.0.0.3", "10.96.0.1"), DUAL, facts)
    assert shown([inside, outside]) == ["10.0.0.3/29", "10.96.0.1/32"]
    assert (inside.state, inside.pool_key, outside.state) == ("released", None, "free")


@pytest.mark.parametrize(
    ("requests", "hr"),
    [
        pytest.param([ANY], Hr.HCN_E_INVALID_ENDPOINT, id="none"),
        pytest.param(at("ten"), Hr.HCN_E_INVALID_IP, id="no address"),
        pytest.param(at("0.0.0.0"), Hr.HCN_E_ADDR_INVALID_OR_RESERVED, id="zero"),
        pytest.param(at("10.0.0.3"), Hr.E_OBJECT_ALREADY_EXISTS, id="taken"),
        pytest.param(at("1.1.1.1", "1.1.1.1"), Hr.E_OBJECT_ALREADY_EXISTS, id="twice"),
    ],
)
def test_a_remote_address_is_refused(requests: list[AddressRequest], hr: Hr) -> None:
    with pytest.raises(HnsError) as refusal:
        claim_remote_addresses(requests, DUAL, standing("taken", "10.0.0.3"))
    assert refusal.value.hr is hr


@pytest.mark.parametrize(
    ("requested", "facts", "remote", "claimed"),
    [
        ("", AddressFacts(next_mac=Draw(0x020000000002, "free", 1)), False,
         MacClaim("02-00-00-00-00-02", 0x020000000002, "free", 1)),
        ("", AddressFacts(next_mac=Draw(0x020000000002, "released", 3)), False,
         MacClaim("02-00-00-00-00-02", 0x020000000002, "released", 3)),
        ("0e:2a:0a:00:00:05", AddressFacts(), False,
         MacClaim("0e:2a:0a:00:00:05", 0x0E2A0A000005)),
        ("0e2a0a000005", AddressFacts(mac_state="released"), False,
         MacClaim("0e2a0a000005", 0x0E2A0A000005, "released")),
        ("", AddressFacts(), True, MacClaim()),
        ("0E-2A-0A-00-00-05", AddressFacts(mac_state="taken"), True, MacClaim("0E-2A-0A-00-00-05")),
    ],
)  # fmt: skip
def test_a_mac_is_claimed_as_requested_or_the_next_one(
    requested: str, facts: AddressFacts, claimed: MacClaim, *, remote: bool
) -> None:
    assert claim_mac(requested, DUAL, facts, remote=remote) == claimed


@pytest.mark.parametrize(
    ("requested", "facts", "hr"),
    [
        ("", AddressFacts(), Hr.HCN_E_INVALID_ENDPOINT),
        ("nonsense", AddressFacts(), Hr.HCN_E_INVALID_ENDPOINT),
        ("0e2a0a000005", AddressFacts(mac_state="taken"), Hr.E_OBJECT_ALREADY_EXISTS),
    ],
)
def test_a_mac_is_refused(requested: str, facts: AddressFacts, hr: Hr) -> None:
    with pytest.raises(HnsError) as refusal:
        claim_mac(requested, DUAL, facts, remote=False)
    assert refusal.value.hr is hr
