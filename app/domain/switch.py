"""Which virtual switch a new network stands on, and what it is bound to."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.facts import Adapter, VSwitch
from app.domain.network_types import NetworkType, SwitchKind
from app.errors import HnsError, Hr

# Families whose frames carry the host's MAC or are encapsulated: a wireless adapter cannot.
_WIRED = {"l2bridge", "overlay"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the caller points at a switch; everything empty leaves the choice to HNS.

    adapters: names, from NetAdapterName (several for a SET team). address: of the adapter.
    layer_id: of an existing layer, from LayerConstraint.
    """

    adapters: tuple[str, ...] = ()
    address: str = ""
    layer_id: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the network goes: an existing switch, or a new one on these adapters."""

    switch: VSwitch | None
    adapters: tuple[Adapter, ...] = ()


def place(
    rules: NetworkType,
    wanted: Wanted,
    switches: Sequence[VSwitch],
    adapters: Sequence[Adapter],
    *,
    shares_internal: bool,
) -> Placement:
    """Return the switch of a new network.

    shares_internal: whether NAT networks of this release stand on one switch (13.x on).
    Raises: HCN_E_LAYER_NOT_FOUND, HCN_E_ADAPTER_NOT_FOUND.
    Source: hns-behaviour.md section 8 ([D] one external switch per adapter, same family joins;
    [O] NAT networks of 13.x share one switch; [I] l2bridge and overlay never share).
    """
    if rules.switch is not SwitchKind.EXTERNAL:
        shared = rules.family and shares_internal
        return Placement(_first(switches, rules.family) if shared else None)
    if wanted.layer_id:
        return Placement(_layer(rules, wanted.layer_id, switches))
    if wanted.adapters or wanted.address:
        return _on_adapters(rules, _named(wanted, adapters), switches)
    joined = _first(switches, rules.family)
    if joined is not None:
        return Placement(joined)
    free = next((each for each in adapters if _usable(rules, each) and not each.switch_id), None)
    if free is None:
        raise HnsError(
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            "every adapter of the host carries a switch of another kind of network already; "
            "delete those networks or give the host another adapter",
        )
    return Placement(None, (free,))


def _first(switches: Sequence[VSwitch], family: str) -> VSwitch | None:
    return next((each for each in switches if each.family == family), None)


def _usable(rules: NetworkType, adapter: Adapter) -> bool:
    return not (adapter.wireless and rules.family in _WIRED)


def _layer(rules: NetworkType, layer_id: str, switches: Sequence[VSwitch]) -> VSwitch:
    found = next((each for each in switches if each.layer_id == layer_id), None)
    if found is None or found.family != rules.family:
        raise HnsError(
            Hr.HCN_E_LAYER_NOT_FOUND,
            f"LayerConstraint: no switch of this kind of network has the layer {layer_id}; "
            "use the LayeredOn of a network of the same type",
        )
    return found


def _named(wanted: Wanted, adapters: Sequence[Adapter]) -> tuple[Adapter, ...]:
    if not wanted.adapters:
        found = tuple(each for each in adapters if each.address == wanted.address)
        if not found:
            raise HnsError(
                Hr.HCN_E_ADAPTER_NOT_FOUND, f"no adapter has the address {wanted.address}"
            )
        return found[:1]
    by_name = {each.name: each for each in adapters}
    missing = [name for name in wanted.adapters if name not in by_name]
    if missing:
        raise HnsError(
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            f"the host has no physical adapter {missing[0]!r}; it has "
            f"{', '.join(by_name) or 'none'}",
        )
    return tuple(by_name[name] for name in wanted.adapters)


def _on_adapters(
    rules: NetworkType, named: tuple[Adapter, ...], switches: Sequence[VSwitch]
) -> Placement:
    wireless = [each.name for each in named if not _usable(rules, each)]
    if wireless:
        raise HnsError(
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            f"{wireless[0]!r} is wireless and cannot carry such a network; name a wired adapter",
        )
    bound = {each.switch_id for each in named}
    if bound == {""}:
        return Placement(None, named)
    switch = next((each for each in switches if {each.id} == bound), None)
    if switch is None or switch.family != rules.family:
        raise HnsError(
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            f"{', '.join(each.name for each in named)}: already under a switch of another kind of "
            "network; delete that network or name a free adapter",
        )
    return Placement(switch)
