"""Which virtual switch a new network stands on, and what it is bound to."""

from collections.abc import Sequence
from dataclasses import dataclass

from hnsemu.domain.facts import Adapter, VSwitch
from hnsemu.domain.network_types import NetworkType, SwitchKind
from hnsemu.errors import HnsError, Hr

NO_FAMILY = ""
"""Family of a switch that no second network may join."""

# Frames that carry the host's MAC for many addresses do not pass a wireless adapter.
# Source: hcsshim#1477 [O] for l2bridge; overlay taken to be the same [I].
_WIRED = {"l2bridge", "overlay"}

_VIRTUAL = "vethernet ("


@dataclass(frozen=True, slots=True)
class SwitchRequest:
    """How the caller names a switch; when everything is empty, HNS chooses.

    adapters: names, from NetAdapterName (several for a SET team). address: of the adapter.
    layer_id: of an existing layer, from LayerConstraint. isolated: whether the network wants a
    switch of its own (IsolateVSwitch).
    """

    adapters: tuple[str, ...] = ()
    address: str = ""
    layer_id: str = ""
    isolated: bool = False


ANY_SWITCH = SwitchRequest()
"""A caller who leaves the choice to HNS."""


@dataclass(frozen=True, slots=True)
class SwitchChoice:
    """Where a network goes: an existing switch, or a new one of `family` on these adapters."""

    switch: VSwitch | None
    adapters: tuple[Adapter, ...] = ()
    family: str = NO_FAMILY


def choose_switch(
    rules: NetworkType,
    request: SwitchRequest,
    switches: Sequence[VSwitch],
    adapters: Sequence[Adapter],
    *,
    shares_internal: bool,
) -> SwitchChoice:
    """Return the switch of a new network.

    Switches come oldest first and adapters in the host's order; "any" means the first.
    shares_internal: whether NAT networks of this release stand on one switch (13.x on).
    Raises: HCN_E_LAYER_NOT_FOUND; HCN_E_ADAPTER_NOT_FOUND for adapters that are not there, or when
            none is free; E_INVALIDARG for a named adapter under another switch (antrea#2213 [O]),
            and for a vNIC of the host.
    Source: hns-behaviour.md section 8 ([D] one external switch per adapter, same family joins;
    [O] NAT networks of 13.x share one switch; [I] l2bridge and overlay never share).
    """
    is_external = rules.switch is SwitchKind.EXTERNAL
    family = rules.family if is_external or shares_internal else NO_FAMILY
    if request.isolated:
        family = NO_FAMILY
    if request.layer_id:
        return SwitchChoice(_layer(family, request.layer_id, switches))
    if is_external and (request.adapters or request.address):
        return _on_adapters(rules, family, _adapters_of(request, adapters), switches)
    for switch in switches:
        if family and switch.family == family:
            return SwitchChoice(switch)
    return SwitchChoice(None, (_free(rules, adapters),) if is_external else (), family)


def _layer(family: str, layer_id: str, switches: Sequence[VSwitch]) -> VSwitch:
    found = next((switch for switch in switches if switch.layer_id == layer_id), None)
    if found is None or not family or found.family != family:
        raise HnsError(
            Hr.HCN_E_LAYER_NOT_FOUND,
            f"LayerConstraint: no switch that such a network can join has the layer {layer_id}; "
            "use the LayeredOn of a network of the same type",
        )
    return found


def _adapters_of(request: SwitchRequest, adapters: Sequence[Adapter]) -> tuple[Adapter, ...]:
    """Return the adapters that the caller means; names are compared without case, as Windows does.

    Of name and address the name decides: Antrea sends both. Source: clients.md section 15 [C].
    """
    if request.adapters:
        by_name = {adapter.name.lower(): adapter for adapter in adapters}
        for name in request.adapters:
            if name.lower() not in by_name:
                raise _unknown(name, adapters)
        return tuple(by_name[name.lower()] for name in request.adapters)
    found = tuple(adapter for adapter in adapters if adapter.address == request.address)
    if not found:
        known = [adapter.address for adapter in adapters if adapter.address]
        raise HnsError(
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            f"no adapter of the host has the address {request.address}; it has "
            f"{', '.join(known) or 'none'}",
        )
    return found[:1]


def _unknown(name: str, adapters: Sequence[Adapter]) -> HnsError:
    """Return the refusal for a name that no physical adapter has.

    Source: hcsshim#94, for-win#4581 and antrea#2246 [O] for vNICs, SDN#532 [O] for the rest.
    """
    known = ", ".join(adapter.name for adapter in adapters) or "none"
    if name.lower().startswith(_VIRTUAL):
        what = f"{name!r} is a vNIC of the host; name a physical adapter: {known}"
        return HnsError(Hr.E_INVALIDARG, what)
    return HnsError(
        Hr.HCN_E_ADAPTER_NOT_FOUND, f"adapter {name!r} does not exist; name a physical one: {known}"
    )


def _on_adapters(
    rules: NetworkType, family: str, adapters: tuple[Adapter, ...], switches: Sequence[VSwitch]
) -> SwitchChoice:
    wireless = next((adapter.name for adapter in adapters if not _usable(rules, adapter)), None)
    if wireless is not None:
        raise HnsError(
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            f"{wireless!r} is wireless and cannot carry such a network; name a wired adapter",
        )
    bound = {adapter.switch_id for adapter in adapters}
    if bound == {""}:
        return SwitchChoice(None, adapters, family)
    switch = next((switch for switch in switches if {switch.id} == bound), None)
    if switch is None or not family or switch.family != family:
        names = ", ".join(adapter.name for adapter in adapters)
        raise HnsError(
            Hr.E_INVALIDARG,
            f"{names}: bound to a switch that such a network cannot "
            "join; delete the networks on it or name a free adapter",
        )
    return SwitchChoice(switch)


def _free(rules: NetworkType, adapters: Sequence[Adapter]) -> Adapter:
    for adapter in adapters:
        if _usable(rules, adapter) and not adapter.switch_id:
            return adapter
    raise HnsError(
        Hr.HCN_E_ADAPTER_NOT_FOUND,
        "every usable adapter of the host carries a switch of another kind of network; "
        "delete those networks or give the host another adapter",
    )


def _usable(rules: NetworkType, adapter: Adapter) -> bool:
    return not (adapter.wireless and rules.family in _WIRED)
