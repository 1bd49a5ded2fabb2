"""Which switch a new network stands on."""

import pytest

from hnsemu.domain.facts import Adapter, VSwitch
from hnsemu.domain.network_types import Mode, SwitchKind, network_type
from hnsemu.domain.switch import Placement, Wanted, place
from hnsemu.errors import HnsError, Hr


def adapter(name: str, switch: VSwitch | None = None, *, wireless: bool = False) -> Adapter:
    number = {"Ethernet": 1, "Ethernet 2": 2, "Wi-Fi": 3}[name]
    return Adapter(
        key=number,
        id=f"a{number}",
        name=name,
        mac=f"00-15-5D-00-00-0{number}",
        address=f"10.0.0.{number}",
        prefix_length=24,
        gateway="",
        wireless=wireless,
        switch_id=switch.id if switch else "",
    )


def switch(family: str, kind: SwitchKind = SwitchKind.EXTERNAL, name: str = "one") -> VSwitch:
    return VSwitch(
        key=1,
        id=f"switch-{name}",
        name=name,
        kind=kind,
        family=family,
        layer_id=f"layer-{name}",
        owner_id="net",
        parent_id="parent",
    )


FREE = (adapter("Ethernet"), adapter("Ethernet 2"))
OVERLAY = switch("overlay")
NAT = switch("nat", SwitchKind.INTERNAL)
ALONE = switch("", name="alone")


def chosen(
    mode: Mode,
    wanted: Wanted | None = None,
    switches: tuple[VSwitch, ...] = (),
    adapters: tuple[Adapter, ...] = FREE,
    *,
    shares_internal: bool = True,
) -> Placement:
    return place(
        network_type(mode),
        wanted or Wanted(),
        switches,
        adapters,
        shares_internal=shares_internal,
    )


@pytest.mark.parametrize(
    ("mode", "wanted", "switches", "adapters", "expected"),
    [
        pytest.param(
            Mode.OVERLAY,
            Wanted(),
            (),
            FREE,
            Placement(None, (FREE[0],), "overlay"),
            id="nobody named: the first free adapter",
        ),
        pytest.param(
            Mode.OVERLAY,
            Wanted(),
            (switch("l2bridge", name="other"), OVERLAY),
            FREE,
            Placement(OVERLAY),
            id="nobody named: the switch of the same family",
        ),
        pytest.param(
            Mode.L2TUNNEL,
            Wanted(),
            (switch("l2bridge"),),
            (),
            Placement(switch("l2bridge")),
            id="l2tunnel joins l2bridge",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            Wanted(),
            (OVERLAY,),
            (adapter("Ethernet", OVERLAY), FREE[1]),
            Placement(None, (FREE[1],), "l2bridge"),
            id="l2bridge keeps off the switch of overlay",
        ),
        pytest.param(
            Mode.OVERLAY,
            Wanted(adapters=("ethernet 2",)),
            (),
            FREE,
            Placement(None, (FREE[1],), "overlay"),
            id="a named adapter, in any case",
        ),
        pytest.param(
            Mode.TRANSPARENT,
            Wanted(adapters=("Ethernet 2", "Ethernet")),
            (),
            FREE,
            Placement(None, (FREE[1], FREE[0]), "transparent"),
            id="a team",
        ),
        pytest.param(
            Mode.OVERLAY,
            Wanted(adapters=("Ethernet",)),
            (OVERLAY,),
            (adapter("Ethernet", OVERLAY),),
            Placement(OVERLAY),
            id="an adapter named again joins its switch",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            Wanted(address="10.0.0.2"),
            (),
            FREE,
            Placement(None, (FREE[1],), "l2bridge"),
            id="an adapter by its address",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            Wanted(adapters=("Ethernet",), address="10.0.0.2"),
            (),
            FREE,
            Placement(None, (FREE[0],), "l2bridge"),
            id="the name wins over the address",
        ),
        pytest.param(
            Mode.OVERLAY,
            Wanted(layer_id="layer-one"),
            (OVERLAY,),
            FREE,
            Placement(OVERLAY),
            id="the switch of a layer",
        ),
        pytest.param(
            Mode.TRANSPARENT,
            Wanted(),
            (),
            (adapter("Wi-Fi", wireless=True),),
            Placement(None, (adapter("Wi-Fi", wireless=True),), "transparent"),
            id="transparent on a wireless adapter",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            Wanted(),
            (),
            (adapter("Wi-Fi", wireless=True), FREE[0]),
            Placement(None, (FREE[0],), "l2bridge"),
            id="l2bridge passes the wireless adapter by",
        ),
        pytest.param(
            Mode.OVERLAY,
            Wanted(isolated=True),
            (OVERLAY,),
            (adapter("Ethernet", OVERLAY), FREE[1]),
            Placement(None, (FREE[1],), ""),
            id="an isolated network gets a switch of its own",
        ),
        pytest.param(Mode.NAT, Wanted(), (), FREE, Placement(None, (), "nat"), id="first NAT"),
        pytest.param(Mode.NAT, Wanted(), (NAT,), FREE, Placement(NAT), id="NAT networks share"),
        pytest.param(
            Mode.NAT,
            Wanted(adapters=("Ethernet",)),
            (NAT,),
            FREE,
            Placement(NAT),
            id="NAT has no use for an adapter",
        ),
        pytest.param(
            Mode.ICS, Wanted(), (NAT, ALONE), FREE, Placement(None, (), ""), id="ICS stands alone"
        ),
        pytest.param(
            Mode.PRIVATE, Wanted(), (ALONE,), FREE, Placement(None, (), ""), id="so does Private"
        ),
    ],
)
def test_switch_chosen(
    mode: Mode,
    wanted: Wanted,
    switches: tuple[VSwitch, ...],
    adapters: tuple[Adapter, ...],
    expected: Placement,
) -> None:
    assert chosen(mode, wanted, switches, adapters) == expected


def test_nat_networks_of_old_releases_stand_alone() -> None:
    assert chosen(Mode.NAT, switches=(NAT,), shares_internal=False) == Placement(None, (), "")


@pytest.mark.parametrize(
    ("mode", "wanted", "switches", "adapters", "hr"),
    [
        pytest.param(
            Mode.OVERLAY, Wanted(), (), (), Hr.HCN_E_ADAPTER_NOT_FOUND, id="a host without adapters"
        ),
        pytest.param(
            Mode.L2BRIDGE,
            Wanted(),
            (OVERLAY,),
            (adapter("Ethernet", OVERLAY),),
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            id="the only adapter carries an overlay",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            Wanted(),
            (),
            (adapter("Wi-Fi", wireless=True),),
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            id="l2bridge with nothing but Wi-Fi",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            Wanted(adapters=("Wi-Fi",)),
            (),
            (adapter("Wi-Fi", wireless=True),),
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            id="l2bridge on Wi-Fi by name",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            Wanted(adapters=("vEthernet (Ethernet)",)),
            (),
            FREE,
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            id="a vNIC is no adapter",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            Wanted(adapters=("Ethernet", "Ethernet 9")),
            (),
            FREE,
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            id="one of a team is missing",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            Wanted(address="10.9.9.9"),
            (),
            FREE,
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            id="nobody has the address",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            Wanted(adapters=("Ethernet",)),
            (OVERLAY,),
            (adapter("Ethernet", OVERLAY),),
            Hr.E_INVALIDARG,
            id="the named adapter carries an overlay",
        ),
        pytest.param(
            Mode.OVERLAY,
            Wanted(adapters=("Ethernet", "Ethernet 2")),
            (OVERLAY,),
            (adapter("Ethernet", OVERLAY), FREE[1]),
            Hr.E_INVALIDARG,
            id="half a team is taken",
        ),
        pytest.param(
            Mode.OVERLAY,
            Wanted(adapters=("Ethernet",), isolated=True),
            (OVERLAY,),
            (adapter("Ethernet", OVERLAY),),
            Hr.E_INVALIDARG,
            id="an isolated network cannot join",
        ),
        pytest.param(
            Mode.TRANSPARENT,
            Wanted(adapters=("Ethernet",)),
            (ALONE,),
            (adapter("Ethernet", ALONE),),
            Hr.E_INVALIDARG,
            id="nobody joins an isolated one",
        ),
        pytest.param(
            Mode.OVERLAY,
            Wanted(layer_id="layer-two"),
            (OVERLAY,),
            FREE,
            Hr.HCN_E_LAYER_NOT_FOUND,
            id="no such layer",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            Wanted(layer_id="layer-one"),
            (OVERLAY,),
            FREE,
            Hr.HCN_E_LAYER_NOT_FOUND,
            id="a layer of another family",
        ),
        pytest.param(
            Mode.ICS,
            Wanted(layer_id="layer-alone"),
            (ALONE,),
            FREE,
            Hr.HCN_E_LAYER_NOT_FOUND,
            id="a layer nobody shares",
        ),
    ],
)
def test_network_without_a_switch_is_refused(
    mode: Mode,
    wanted: Wanted,
    switches: tuple[VSwitch, ...],
    adapters: tuple[Adapter, ...],
    hr: Hr,
) -> None:
    with pytest.raises(HnsError) as refusal:
        chosen(mode, wanted, switches, adapters)
    assert refusal.value.hr is hr
