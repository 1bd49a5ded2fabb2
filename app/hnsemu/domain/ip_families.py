"""Which IP families the subnets of a network may have: by type of network and release.

`cell` looks the answer and its source up; docs/fidelity.md shows the whole table. Nothing that is
known contradicts the rule that a type which takes IPv6 takes it alone, too, and beside IPv4.
"""

from dataclasses import dataclass
from enum import StrEnum

from hnsemu.domain.network_types import NETWORK_TYPES, Mode
from hnsemu.domain.releases import Release, Version
from hnsemu.errors import HnsError, Hr


class Families(StrEnum):
    """The families of a network's subnets."""

    IPV4 = "IPv4"
    IPV6 = "IPv6"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Cell:
    """Whether a type takes the families on a release, and how that is known.

    origin: "documented", "observed", "from clients" or "inferred".
    """

    allowed: bool
    origin: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class _Span:
    """A cell of every release from an HNS version and a build on."""

    cell: Cell
    hns: Version = (0, 0)
    build: int = 0

    def covers(self, release: Release) -> bool:
        return release.hns >= self.hns and release.build >= self.build


_Spans = dict[Families, tuple[_Span, ...]]

_DUAL_STACK: Version = (11, 10)
_OVERLAY_BUILD = 22410

_ALWAYS = (_Span(Cell(allowed=True, origin="documented", source="NetworkMode of the schema")),)
_NEVER = (_Span(Cell(allowed=False, origin="inferred")),)
_INFERRED = Cell(allowed=True, origin="inferred")

_NOT_YET = _Span(Cell(allowed=False, origin="from clients", source="hcnglobals.go of hcsshim"))
_L2: _Spans = {
    Families.IPV6: (
        _Span(Cell(allowed=False, origin="inferred")),
        _Span(_INFERRED, hns=_DUAL_STACK),
    ),
    Families.BOTH: (
        _NOT_YET,
        _Span(
            Cell(
                allowed=True,
                origin="documented",
                source="Windows-Containers#75; hcnglobals.go of hcsshim",
            ),
            hns=_DUAL_STACK,
        ),
        _Span(Cell(allowed=True, origin="documented", source="architecture.md"), hns=(13, 0)),
    ),
}
_NAT: _Spans = {
    Families.IPV6: (
        _Span(Cell(allowed=False, origin="inferred")),
        _Span(_INFERRED, hns=_DUAL_STACK),
        _Span(
            Cell(allowed=True, origin="observed", source="moby#48285, Windows-Containers#522"),
            hns=(15, 0),
        ),
    ),
    Families.BOTH: (
        _NOT_YET,
        _Span(
            Cell(allowed=True, origin="from clients", source="ncproxy's tests in hcsshim"),
            hns=_DUAL_STACK,
        ),
    ),
}
_OVERLAY: _Spans = {
    Families.IPV6: (
        _Span(Cell(allowed=False, origin="inferred")),
        _Span(_INFERRED, build=_OVERLAY_BUILD),
    ),
    Families.BOTH: (
        _Span(Cell(allowed=False, origin="documented", source="architecture.md")),
        _Span(
            Cell(allowed=True, origin="documented", source="Windows-Containers#82"),
            build=_OVERLAY_BUILD,
        ),
    ),
}
_TRANSPARENT: _Spans = {
    Families.IPV6: (
        _Span(_INFERRED),
        _Span(Cell(allowed=True, origin="observed", source="Windows-Containers#82"), hns=(15, 0)),
    ),
    Families.BOTH: (
        _Span(Cell(allowed=False, origin="inferred")),
        _Span(_INFERRED, hns=_DUAL_STACK),
    ),
}
_IPV4_ONLY: _Spans = {Families.IPV6: _NEVER, Families.BOTH: _NEVER}

_BY_TYPE = {
    Mode.NAT: _NAT,
    Mode.ICS: _IPV4_ONLY,
    Mode.CONSTRAINED_ICS: _IPV4_ONLY,
    Mode.TRANSPARENT: _TRANSPARENT,
    Mode.L2BRIDGE: _L2,
    Mode.L2TUNNEL: _L2,
    Mode.OVERLAY: _OVERLAY,
    Mode.PRIVATE: _IPV4_ONLY,
    Mode.INTERNAL: _IPV4_ONLY,
}


def cell(mode: Mode, families: Families, release: Release) -> Cell:
    """Return whether networks of a type that a host can have take `families` on `release`."""
    spans = _ALWAYS if families is Families.IPV4 else _BY_TYPE[mode][families]
    return next(span.cell for span in reversed(spans) if span.covers(release))


def check_families(mode: Mode, families: Families, release: Release, what: str) -> None:
    """Refuse `what`, a subnet or a pair of them, where the type does not take its families.

    Raises: HCN_E_INVALID_SUBNET.
    """
    if cell(mode, families, release).allowed:
        return
    others = [other for other in NETWORK_TYPES if cell(other, families, release).allowed]
    way_out = (
        f"use one of {', '.join(others)}, or IPv4"
        if others
        else "use IPv4, or a host with a newer release"
    )
    refused = "IPv4 and IPv6 together" if families is Families.BOTH else families
    raise HnsError(
        Hr.HCN_E_INVALID_SUBNET,
        f"{what}: {mode} networks on {release.title} (HNS {release.hns[0]}.{release.hns[1]}) do "
        f"not take {refused}; {way_out}",
    )
