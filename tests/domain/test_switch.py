"""Which switch a new network stands on."""

import pytest

from hnsemu.domain.facts import Adapter, VSwitch
from hnsemu.domain.network_types import Mode, SwitchKind, network_type
from hnsemu.domain.switch import SwitchChoice, SwitchRequest, choose_switch
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
    wanted: SwitchRequest | None = None,
    switches: tuple[VSwitch, ...] = (),
    adapters: tuple[Adapter, ...] = FREE,
    *,
    shares_internal: bool = True,
) -> SwitchChoice:
    return choose_switch(
        network_type(mode),
        wanted or SwitchRequest(),
        switches,
        adapters,
        shares_internal=shares_internal,
    )


@pytest.mark.parametrize(
    ("mode", "wanted", "switches", "adapters", "expected"),
    [
        pytest.param(
            Mode.OVERLAY,
            SwitchRequest(),
            (),
            FREE,
            SwitchChoice(None, (FREE[0],), "overlay"),
            id="nobody named: the first free adapter",
        ),
        pytest.param(
            Mode.OVERLAY,
            SwitchRequest(),
            (switch("l2bridge", name="other"), OVERLAY),
            FREE,
            SwitchChoice(OVERLAY),
            id="nobody named: the switch of the same family",
        ),
        pytest.param(
            Mode.L2TUNNEL,
            SwitchRequest(),
            (switch("l2bridge"),),
            (),
            SwitchChoice(switch("l2bridge")),
            id="l2tunnel joins l2bridge",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            SwitchRequest(),
            (OVERLAY,),
            (adapter("Ethernet", OVERLAY), FREE[1]),
            SwitchChoice(None, (FREE[1],), "l2bridge"),
            id="l2bridge keeps off the switch of overlay",
        ),
        pytest.param(
            Mode.OVERLAY,
            SwitchRequest(adapters=("ethernet 2",)),
            (),
            FREE,
            SwitchChoice(None, (FREE[1],), "overlay"),
            id="a named adapter, in any case",
        ),
        pytest.param(
            Mode.TRANSPARENT,
            SwitchRequest(adapters=("Ethernet 2", "Ethernet")),
            (),
            FREE,
            SwitchChoice(None, (FREE[1], FREE[0]), "transparent"),
            id="a team",
        ),
        pytest.param(
            Mode.OVERLAY,
            SwitchRequest(adapters=("Ethernet",)),
            (OVERLAY,),
            (adapter("Ethernet", OVERLAY),),
            SwitchChoice(OVERLAY),
            id="an adapter named again joins its switch",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            SwitchRequest(address="10.0.0.2"),
            (),
            FREE,
            SwitchChoice(None, (FREE[1],), "l2bridge"),
            id="an adapter by its address",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            SwitchRequest(adapters=("Ethernet",), address="10.0.0.2"),
            (),
            FREE,
            SwitchChoice(None, (FREE[0],), "l2bridge"),
            id="the name wins over the address",
        ),
        pytest.param(
            Mode.OVERLAY,
            SwitchRequest(layer_id="layer-one"),
            (OVERLAY,),
            FREE,
            SwitchChoice(OVERLAY),
            id="the switch of a layer",
        ),
        pytest.param(
            Mode.TRANSPARENT,
            SwitchRequest(),
            (),
            (adapter("Wi-Fi", wireless=True),),
            SwitchChoice(None, (adapter("Wi-Fi", wireless=True),), "transparent"),
            id="transparent on a wireless adapter",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            SwitchRequest(),
            (),
            (adapter("Wi-Fi", wireless=True), FREE[0]),
            SwitchChoice(None, (FREE[0],), "l2bridge"),
            id="l2bridge passes the wireless adapter by",
        ),
        pytest.param(
            Mode.OVERLAY,
            SwitchRequest(isolated=True),
            (OVERLAY,),
            (adapter("Ethernet", OVERLAY), FREE[1]),
            SwitchChoice(None, (FREE[1],), ""),
            id="an isolated network gets a switch of its own",
        ),
        pytest.param(
            Mode.NAT, SwitchRequest(), (), FREE, SwitchChoice(None, (), "nat"), id="first NAT"
        ),
        pytest.param(
            Mode.NAT, SwitchRequest(), (NAT,), FREE, SwitchChoice(NAT), id="NAT networks share"
        ),
        pytest.param(
            Mode.NAT,
            SwitchRequest(adapters=("Ethernet",)),
            (NAT,),
            FREE,
            SwitchChoice(NAT),
            id="NAT has no use for an adapter",
        ),
        pytest.param(
            Mode.ICS,
            SwitchRequest(),
            (NAT, ALONE),
            FREE,
            SwitchChoice(None, (), ""),
            id="ICS stands alone",
        ),
        pytest.param(
            Mode.PRIVATE,
            SwitchRequest(),
            (ALONE,),
            FREE,
            SwitchChoice(None, (), ""),
            id="so does Private",
        ),
    ],
)
def test_switch_chosen(
    mode: Mode,
    wanted: SwitchRequest,
    switches: tuple[VSwitch, ...],
    adapters: tuple[Adapter, ...],
    expected: SwitchChoice,
) -> None:
    assert chosen(mode, wanted, switches, adapters) == expected


def test_nat_networks_of_old_releases_stand_alone() -> None:
    assert chosen(Mode.NAT, switches=(NAT,), shares_internal=False) == SwitchChoice(None, (), "")


@pytest.mark.parametrize(
    ("mode", "wanted", "switches", "adapters", "hr"),
    [
        pytest.param(
            Mode.OVERLAY,
            SwitchRequest(),
            (),
            (),
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            id="a host without adapters",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            SwitchRequest(),
            (OVERLAY,),
            (adapter("Ethernet", OVERLAY),),
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            id="the only adapter carries an overlay",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            SwitchRequest(),
            (),
            (adapter("Wi-Fi", wireless=True),),
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            id="l2bridge with nothing but Wi-Fi",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            SwitchRequest(adapters=("Wi-Fi",)),
            (),
            (adapter("Wi-Fi", wireless=True),),
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            id="l2bridge on Wi-Fi by name",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            SwitchRequest(adapters=("vEthernet (Ethernet)",)),
            (),
            FREE,
            Hr.E_INVALIDARG,
            id="a vNIC is no adapter",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            SwitchRequest(adapters=("Ethernet", "Ethernet 9")),
            (),
            FREE,
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            id="one of a team is missing",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            SwitchRequest(address="10.9.9.9"),
            (),
            FREE,
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            id="nobody has the address",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            SwitchRequest(adapters=("Ethernet",)),
            (OVERLAY,),
            (adapter("Ethernet", OVERLAY),),
            Hr.E_INVALIDARG,
            id="the named adapter carries an overlay",
        ),
        pytest.param(
            Mode.OVERLAY,
            SwitchRequest(adapters=("Ethernet", "Ethernet 2")),
            (OVERLAY,),
            (adapter("Ethernet", OVERLAY), FREE[1]),
            Hr.E_INVALIDARG,
            id="half a team is taken",
        ),
        pytest.param(
            Mode.OVERLAY,
            SwitchRequest(adapters=("Ethernet",), isolated=True),
            (OVERLAY,),
            (adapter("Ethernet", OVERLAY),),
            Hr.E_INVALIDARG,
            id="an isolated network cannot join",
        ),
        pytest.param(
            Mode.TRANSPARENT,
            SwitchRequest(adapters=("Ethernet",)),
            (ALONE,),
            (adapter("Ethernet", ALONE),),
            Hr.E_INVALIDARG,
            id="nobody joins an isolated one",
        ),
        pytest.param(
            Mode.OVERLAY,
            SwitchRequest(layer_id="layer-two"),
            (OVERLAY,),
            FREE,
            Hr.HCN_E_LAYER_NOT_FOUND,
            id="no such layer",
        ),
        pytest.param(
            Mode.L2BRIDGE,
            SwitchRequest(layer_id="layer-one"),
            (OVERLAY,),
            FREE,
            Hr.HCN_E_LAYER_NOT_FOUND,
            id="a layer of another family",
        ),
        pytest.param(
            Mode.ICS,
            SwitchRequest(layer_id="layer-alone"),
            (ALONE,),
            FREE,
            Hr.HCN_E_LAYER_NOT_FOUND,
            id="a layer nobody shares",
        ),
    ],
)
def test_network_without_a_switch_is_refused(
    mode: Mode,
    wanted: SwitchRequest,
    switches: tuple[VSwitch, ...],
    adapters: tuple[Adapter, ...],
    hr: Hr,
) -> None:
    with pytest.raises(HnsError) as refusal:
        chosen(mode, wanted, switches, adapters)
    assert refusal.value.hr is hr
