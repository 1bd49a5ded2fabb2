"""Switch extensions: which ones a switch has, by release, and which are on.

Source: hns-behaviour.md section 2.2 [O].
"""

from collections.abc import Iterable
from dataclasses import dataclass

from hnsemu.domain.facts import InstalledExtension, VSwitch
from hnsemu.domain.network_types import Mode, network_type
from hnsemu.domain.releases import Release
from hnsemu.errors import HnsError, Hr

_NEW_VFP_ID = (13, 0)
_NEW_CAPTURE_ID = (11, 0)
_FILTER_NAME = (15, 0)
_ENABLE_FIREWALL = 256  # NetworkFlags


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension of a virtual switch; the id is lower-case."""

    id: str
    name: str
    is_enabled: bool


def extensions(
    switch: VSwitch, mode: Mode, release: Release, flags: int = 0
) -> tuple[Extension, ...]:
    """Return the extensions of a switch that carries a network of this type, in HNS's order.

    Those of others stand behind WFP, as Open vSwitch does where Antrea is installed [O].

    flags: of the network; a firewall on it is VFP's work. Source: S:ics-wsl-15.0 [O].
    """
    wfp, vfp, capture = extension_ids(release)
    vfp_name = "Filter Extension" if release.hns >= _FILTER_NAME else "Extension"
    vfp_is_on = network_type(mode).vfp or bool(flags & _ENABLE_FIREWALL)
    default = (
        Extension(wfp, "Microsoft Windows Filtering Platform", is_enabled=False),
        *(Extension(other.id, other.name, other.enabled) for other in switch.installed),
        Extension(vfp, f"Microsoft Azure VFP Switch {vfp_name}", is_enabled=vfp_is_on),
        Extension(capture, "Microsoft NDIS Capture", is_enabled=True),
    )
    overrides = dict(switch.extensions)
    return tuple(
        Extension(extension.id, extension.name, overrides.get(extension.id, extension.is_enabled))
        for extension in default
    )


def extension_ids(release: Release) -> tuple[str, str, str]:
    """Return the ids of WFP, VFP and NDIS capture on this release.

    Source: WSL#6410, #6457, #6695, #6421 and #6913 for 11.x: VFP has its old id and capture its new
    one [O].
    """
    return (
        "e7c3b2f0-f3c5-48df-af2b-10fed6d72e7a",
        "f74f241b-440f-4433-bb28-00f89ead20d8"
        if release.hns >= _NEW_VFP_ID
        else "e9b59cfa-2be1-4b21-828f-b6fbdbddc017",
        "430bdadd-bab0-41ab-a369-94b67fa5be0a"
        if release.hns >= _NEW_CAPTURE_ID
        else "ea24cd6c-d17a-4348-9190-09f0d5be83dd",
    )


def check_extension(
    extension_id: str, release: Release, installed: Iterable[InstalledExtension] = ()
) -> None:
    """Refuse an extension that no switch has; `installed` are those beside Windows' own.

    Raises: HCN_E_SWITCH_EXTENSION_NOT_FOUND.
    """
    known = (*extension_ids(release), *(extension.id for extension in installed))
    if extension_id not in known:
        raise HnsError(
            Hr.HCN_E_SWITCH_EXTENSION_NOT_FOUND,
            f"switches have no extension {extension_id or '(no id)'}; use one of "
            f"{', '.join(known)}, or list it under extensions of the host's definition",
        )
