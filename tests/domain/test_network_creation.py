"""A new network: what HNS makes of a request on the host as it stands."""

from dataclasses import replace

import pytest

from hnsemu.domain.facts import Adapter, Policy, VSwitch
from hnsemu.domain.hosts import Host
from hnsemu.domain.identity import IdentityRequest
from hnsemu.domain.network_creation import (
    NetworkRequest,
    NewNetwork,
    Site,
    new_external_network,
    new_network,
)
from hnsemu.domain.network_rules import Flag
from hnsemu.domain.network_types import Mode, SwitchKind
from hnsemu.domain.networks import MacRange, Neighbour, Network
from hnsemu.domain.notifications import HcnNotification
from hnsemu.domain.releases import RELEASES
from hnsemu.domain.subnets import SubnetRequest
from hnsemu.domain.switch import SwitchRequest
from hnsemu.errors import HnsError, Hr
from hnsemu.host import SeededSource

NOW = 1000
CAPTURE = "430bdadd-bab0-41ab-a369-94b67fa5be0a"
ETHERNET = Adapter(1, "a1", "Ethernet", "00-15-5D-00-00-01", "10.0.0.4", 24, "", wireless=False)
SECOND = Adapter(2, "a2", "Ethernet 2", "00-15-5D-00-00-02", "10.0.1.4", 24, "", wireless=False)
EMPTY = Site(Host(1, "host", RELEASES["ws2025"]), NOW, (), (), (ETHERNET, SECOND))
INSIDE = (SubnetRequest(prefix="10.1.0.0/16"),)
ULA = SubnetRequest(prefix="fdf7:50::/64")


def request(mode: Mode, name: str = "new", **members: object) -> NetworkRequest:
    wanted = NetworkRequest(IdentityRequest(name=name), mode, mode.value)
    return replace(wanted, **members)  # type: ignore[arg-type]


def on(release: str, site: Site = EMPTY) -> Site:
    return replace(site, host=replace(site.host, release=RELEASES[release]))


def create(site: Site, wanted: NetworkRequest) -> NewNetwork:
    return new_network(site, wanted, SeededSource(1))


def after(site: Site, *wanted: NetworkRequest) -> Site:
    """Return the site once these networks stand on it, with keys as the database gives them."""
    source = SeededSource()
    for key, new_one in enumerate(wanted, 1):
        new = new_network(site, new_one, source)
        switch = new.switch if new.switch.key else replace(new.switch, key=key)
        network = replace(new.network, key=key, vswitch=switch)
        known = (*(old for old in site.switches if old.key != switch.key), switch)
        bound = [
            replace(old, switch_id=switch.id) if old in new.adapters else old
            for old in site.adapters
        ]
        site = replace(
            site,
            networks=(*site.networks, _neighbour(network)),
            switches=known,
            adapters=tuple(bound),
        )
    return site


def _neighbour(network: Network) -> Neighbour:
    """Return a network as the next one sees it."""
    assert network.vswitch is not None
    return Neighbour(
        network.id,
        network.name,
        network.vswitch.key,
        network.isolation,
        network.dns_compartment,
        network.mac_ranges,
        tuple(subnet.network for subnet in network.subnets),
        has_nat=network.nat is not None,
    )


def refusal(site: Site, wanted: NetworkRequest) -> Hr:
    with pytest.raises(HnsError) as refused:
        create(site, wanted)
    return refused.value.hr


@pytest.mark.parametrize(
    ("mode", "kind", "adapters", "has_vnic", "has_nat"),
    [
        (Mode.NAT, SwitchKind.INTERNAL, (), True, True),
        (Mode.ICS, SwitchKind.INTERNAL, (), True, True),
        (Mode.TRANSPARENT, SwitchKind.EXTERNAL, ("Ethernet",), False, False),
        (Mode.L2BRIDGE, SwitchKind.EXTERNAL, ("Ethernet",), False, False),
        (Mode.PRIVATE, SwitchKind.PRIVATE, (), False, False),
        (Mode.INTERNAL, SwitchKind.INTERNAL, (), True, False),
    ],
)
def test_parts_follow_from_the_type(
    mode: Mode, kind: SwitchKind, adapters: tuple[str, ...], *, has_vnic: bool, has_nat: bool
) -> None:
    new = create(EMPTY, request(mode, subnets=INSIDE))
    assert (new.switch.kind, new.switch.adapters) == (kind, adapters)
    assert tuple(adapter.name for adapter in new.adapters) == adapters
    assert (new.network.host_vnic is not None) is has_vnic
    assert (new.host_mac is not None) is has_vnic
    assert (new.network.nat is not None) is has_nat
    assert len(new.pool_seeds) == 1


def test_one_seed_gives_one_network() -> None:
    wanted = request(Mode.NAT)
    assert create(EMPTY, wanted) == create(EMPTY, wanted)


def test_listeners_hear_of_it_twice() -> None:
    new = create(EMPTY, request(Mode.PRIVATE, flags=16))
    assert [told.kind for told in new.notifications] == [
        HcnNotification.NETWORK_PRE_CREATE,
        HcnNotification.NETWORK_CREATE,
    ]
    assert {told.object_id for told in new.notifications} == {new.network.id}
    assert new.notifications[0].data == {"Flags": 16}


@pytest.mark.parametrize(
    ("release", "mode", "same"),
    [
        ("ws2025", Mode.L2BRIDGE, True),
        ("ws2022", Mode.L2BRIDGE, False),
        ("ws2022", Mode.ICS, False),
        ("ws2019", Mode.NAT, False),
        ("ws2022", Mode.NAT, False),
        ("ws2025", Mode.ICS, True),
        ("ws2025", Mode.NAT, True),
    ],
)
def test_switch_has_the_id_of_its_network(release: str, mode: Mode, *, same: bool) -> None:
    new = create(on(release), request(mode, subnets=INSIDE))
    assert (new.switch.id == new.network.id) is same
    assert new.switch.owner_id == new.network.id


def test_vnic_is_named_after_the_network_and_its_port_after_a_switch_of_that_id() -> None:
    new = create(EMPTY, request(Mode.INTERNAL, "a name of more than 15"))
    assert new.network.host_vnic is not None
    assert new.network.host_vnic.friendly_name == "a name of more than 15"
    assert new.network.host_vnic.port_id == new.network.id
    old = create(on("ws2022"), request(Mode.NAT, "a name of more than 15"))
    assert old.network.host_vnic is not None
    assert old.network.host_vnic.friendly_name == "a name of more "
    assert old.network.host_vnic.port_id != old.network.id


def test_id_of_an_old_switch_is_not_given_again() -> None:
    taken = "b95d0c5e-57d4-412b-b571-18a81a16e005"
    stands = VSwitch(7, taken, "old", SwitchKind.PRIVATE, "", "layer", "owner", "parent")
    wanted = replace(request(Mode.L2BRIDGE, subnets=INSIDE), identity=IdentityRequest(id=taken))
    new = create(replace(EMPTY, switches=(stands,)), wanted)
    assert new.network.id == taken
    assert new.switch.id != taken


def test_nat_networks_share_a_switch_and_have_vlans_of_their_own() -> None:
    site = after(EMPTY, request(Mode.NAT, "a"), request(Mode.NAT, "b"))
    assert [network.isolation for network in site.networks] == [1, 2]
    new = create(site, request(Mode.NAT, "c"))
    assert (new.network.isolation, new.switch.key, new.adapters) == (3, 1, ())
    assert new.switch.owner_id == site.networks[0].id


def test_first_network_on_an_empty_switch_owns_it() -> None:
    empty = VSwitch(7, "s", "ext", SwitchKind.EXTERNAL, "transparent", "layer", "old", "parent")
    new = create(replace(EMPTY, switches=(empty,)), request(Mode.TRANSPARENT))
    assert new.switch == replace(empty, owner_id=new.network.id)


@pytest.mark.parametrize(("flags", "shown"), [(0, "10.0.1.4"), (Flag.DISABLE_HOST_PORT, "")])
def test_management_ip_is_that_of_the_adapter(flags: int, shown: str) -> None:
    site = replace(EMPTY, host=replace(EMPTY.host, management_ip_delay=5))
    wanted = request(Mode.TRANSPARENT, switch=SwitchRequest(("Ethernet 2",)), flags=flags)
    network = create(site, wanted).network
    assert (network.management_ip, network.management_ip_at) == (shown, NOW + 5)
    assert network.adapter_name == "Ethernet 2"


def test_overlay_has_a_router_outside_its_macs() -> None:
    vsid = SubnetRequest(prefix="10.1.0.0/16", policies=(Policy("VSID", '{"IsolationId": 4096}'),))
    network = create(EMPTY, request(Mode.OVERLAY, subnets=(vsid,))).network
    assert network.rdid_port is not None
    assert network.rdid_port.mac == network.dr_mac != ""
    chosen = request(Mode.OVERLAY, subnets=(vsid,), dr_mac="00-15-5D-01-02-03")
    assert create(EMPTY, chosen).network.dr_mac == "00-15-5D-01-02-03"


def test_range_of_the_caller_is_kept() -> None:
    own = (MacRange("00-15-5D-52-C0-00", "00-15-5D-52-CF-FF"),)
    assert create(EMPTY, request(Mode.PRIVATE, mac_ranges=own)).network.mac_ranges == own


def test_names_are_compared_exactly() -> None:
    assert create(ONE, request(Mode.PRIVATE, "One")).network.name == "One"


UNREADABLE = SubnetRequest(prefix="10.2.0.0/16", refusal=HnsError(Hr.HCN_E_INVALID_POLICY))
ONE = after(EMPTY, request(Mode.NAT, "one"))
BRIDGED = after(EMPTY, request(Mode.TRANSPARENT, "bridged"))


@pytest.mark.parametrize(
    ("site", "wanted", "hr"),
    [
        pytest.param(ONE, request(Mode.PRIVATE, "one"), Hr.HCN_E_NETWORK_ALREADY_EXISTS, id="name"),
        pytest.param(
            ONE,
            request(Mode.PRIVATE, "one", subnets=(UNREADABLE,)),
            Hr.HCN_E_NETWORK_ALREADY_EXISTS,
            id="a name before a policy",
        ),
        pytest.param(
            EMPTY,
            request(Mode.PRIVATE, mac_ranges=(MacRange("x", "y"),), subnets=(UNREADABLE,)),
            Hr.HCN_E_INVALID_NETWORK,
            id="MACs before a policy",
        ),
        pytest.param(
            EMPTY,
            request(Mode.PRIVATE, subnets=(SubnetRequest(prefix="x"), UNREADABLE)),
            Hr.HCN_E_INVALID_POLICY,
            id="a policy before every prefix",
        ),
        pytest.param(
            EMPTY, request(Mode.OVERLAY), Hr.HCN_E_INVALID_NETWORK, id="overlay without subnet"
        ),
        pytest.param(
            EMPTY,
            request(Mode.L2BRIDGE, switch=SwitchRequest(("Wi-Fi",))),
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            id="unknown adapter",
        ),
        pytest.param(
            EMPTY,
            request(Mode.TRANSPARENT, extensions=(("unknown", True),)),
            Hr.HCN_E_SWITCH_EXTENSION_NOT_FOUND,
            id="unknown extension",
        ),
        pytest.param(
            BRIDGED,
            request(Mode.TRANSPARENT, extensions=((CAPTURE, False),)),
            Hr.HCN_E_SHARED_SWITCH_MODIFICATION,
            id="extension of a switch that others use",
        ),
    ],
)
def test_refusals_come_in_their_order(site: Site, wanted: NetworkRequest, hr: Hr) -> None:
    assert refusal(site, wanted) is hr


def test_external_switch_of_the_hyper_v_tools_gets_a_bare_network() -> None:
    new = new_external_network(EMPTY, "ext", ("Ethernet 2",), SeededSource())
    network: Network = new.network
    assert (network.mode, network.name, network.subnets) == (Mode.TRANSPARENT, "ext", ())
    assert network.management_ip == ""
    assert (new.switch.name, new.switch.by_hns) == ("ext", False)
    assert new.adapters == (SECOND,)
    assert len({network.id, new.switch.id, new.switch.layer_id, new.switch.parent_id}) == 4


def test_the_second_nat_network_of_ws2016_is_a_slice_of_the_first() -> None:
    first = request(Mode.NAT, "first", subnets=(SubnetRequest(prefix="172.16.0.0/16"),))
    site = after(on("ws2016"), first)
    (subnet,) = create(site, request(Mode.NAT, "second")).network.subnets
    assert subnet.network.subnet_of(site.networks[0].prefixes[0])  # type: ignore[arg-type]
    assert subnet.network.prefixlen == 20


@pytest.mark.parametrize(
    "requests",
    [(ULA,), (SubnetRequest(prefix="0.0.0.0/0"), ULA), (ULA, SubnetRequest())],
    ids=["IPv6 alone", "IPv4 of HNS' choice first", "and last"],
)
def test_nat_has_ipv4_beside_ipv6(requests: tuple[SubnetRequest, ...]) -> None:
    network = create(on("win11"), request(Mode.NAT, subnets=requests)).network
    assert [subnet.network.version for subnet in network.subnets] == [4, 6]
    assert network.nat is not None
    assert network.nat.gateway == network.subnets[0].gateway
    assert network.subnets[1].gateway == "fdf7:50::1"


def test_nat_translates_ipv4_whichever_subnet_comes_first() -> None:
    network = create(on("win11"), request(Mode.NAT, subnets=(ULA, *INSIDE))).network
    assert [subnet.prefix for subnet in network.subnets] == ["fdf7:50::/64", "10.1.0.0/16"]
    assert network.nat is not None
    assert network.nat.gateway == "10.1.0.1"


def test_hns_chooses_no_ipv6_prefix() -> None:
    wanted = request(Mode.NAT, subnets=(SubnetRequest(prefix="::/0"),))
    assert refusal(on("win11"), wanted) is Hr.E_ELEMENT_NOT_FOUND


def test_overlay_networks_count_their_dns_compartments() -> None:
    first, second = (overlay(name, vsid) for name, vsid in (("a", 5000), ("b", 5001)))
    site = after(EMPTY, first, second)
    assert [network.dns_compartment for network in site.networks] == [3, 4]
    freed = replace(site, networks=site.networks[1:])
    assert create(freed, overlay("c", 5002)).network.dns_compartment == 3
    assert create(site, request(Mode.NAT)).network.dns_compartment == 0


def overlay(name: str, vsid: int) -> NetworkRequest:
    vsid_policy = Policy("VSID", f'{{"IsolationId": {vsid}}}')
    prefix = f"10.{vsid - 4900}.0.0/16"
    return request(
        Mode.OVERLAY, name, subnets=(SubnetRequest(prefix=prefix, policies=(vsid_policy,)),)
    )
