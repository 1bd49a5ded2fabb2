"""Kinds of hosts that clients meet, by name: what a definition that names one need not say."""

from dataclasses import dataclass, replace

from hnsemu.domain.hosts import ExternalSwitch, HostDefinition
from hnsemu.errors import HnsError, Hr


@dataclass(frozen=True, slots=True)
class HostVariant:
    """One kind of host.

    adapters:          names of its adapters.
    wireless:          whether they are Wi-Fi, which no external switch takes.
    azure_vm:          whether it is a virtual machine of Azure.
    external_switches: switches that its Hyper-V has already.
    """

    about: str
    adapters: tuple[str, ...]
    wireless: bool = False
    azure_vm: bool = False
    external_switches: tuple[ExternalSwitch, ...] = ()


VARIANTS = {
    "wifi": HostVariant("a laptop with a Wi-Fi adapter and no other", ("Wi-Fi",), wireless=True),
    "azure": HostVariant("an Azure virtual machine with one adapter", ("Ethernet",), azure_vm=True),
    "hyper-v": HostVariant(
        "a Hyper-V host whose virtual machines stand on an external switch",
        ("Ethernet", "Ethernet 2", "Ethernet 3"),
        external_switches=(ExternalSwitch("External", ("Ethernet",)),),
    ),
}  # fmt: skip
"""Source: docker/for-win#2237 and hcsshim#1477 (Wi-Fi), azure-container-networking (Azure),
hns-behaviour.md section 7.1 for what HNS makes of a switch of Hyper-V [O]; names are ours [M]."""


def with_variant(definition: HostDefinition) -> HostDefinition:
    """Return the definition with what its variant says and itself does not.

    Adapters are left to `adapter_definitions`: their addresses follow from the host's number.
    """
    if not definition.variant:
        return definition
    variant = VARIANTS[definition.variant]
    own_adapters = definition.adapters is not None
    switches = () if own_adapters else variant.external_switches
    return replace(
        definition,
        azure_vm=variant.azure_vm if definition.azure_vm is None else definition.azure_vm,
        external_switches=switches
        if definition.external_switches is None
        else definition.external_switches,
    )


def check_variant(definition: HostDefinition) -> None:
    """Refuse a variant that is unknown or that the rest of the definition contradicts.

    Raises: E_INVALIDARG.
    """
    name = definition.variant
    if not name:
        return
    if name not in VARIANTS:
        raise HnsError(
            Hr.E_INVALIDARG, f"unknown variant {name!r}; known are {', '.join(VARIANTS)}"
        )
    variant = VARIANTS[name]
    if variant.azure_vm and definition.azure_vm is False:
        raise _contradiction(name, "azure_vm is false")
    if variant.wireless and any(not adapter.wireless for adapter in definition.adapters or ()):
        raise _contradiction(name, "adapters has one that is not wireless")
    if variant.wireless and definition.external_switches:
        raise _contradiction(name, "external_switches is not empty, and Wi-Fi carries none")
    if variant.external_switches and not with_variant(definition).external_switches:
        raise _contradiction(name, "external_switches is missing or empty")


def _contradiction(name: str, what: str) -> HnsError:
    return HnsError(
        Hr.E_INVALIDARG, f"variant {name!r} contradicts the rest: {what}; leave one of them out"
    )
