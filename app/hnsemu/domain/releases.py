"""Windows releases as data: HNS and schema versions, and which feature came with which version."""

import re
from dataclasses import dataclass, replace

from hnsemu.errors import HnsError, Hr

Version = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Release:
    """One Windows release as HNS shows it.

    hns:    what GET /globals/version answers, (major, minor).
    schema: newest HCN schema version the release reads, (major, minor).
    A host's definition may replace the versions and the build, see `with_versions`.
    Source: hns-behaviour.md section 5 ([O] HNS versions; schema map [D] for 2.0, 2.6, 2.11 and
    2.14, the others interpolated [I]); docker/for-win#2236 and moby#37752 for 1709 [O]; builds:
    osversion of hcsshim [C]. 1909 and 20H2 to 22H2 of Windows 10 are 1903 and 2004 with other
    features switched on: their HNS is the same [I].
    """

    name: str
    title: str
    build: int
    hns: Version
    schema: Version

    @property
    def packed_version(self) -> int:
        """Return the `Version` member of every object this release writes."""
        return self.hns[0] << 32 | self.hns[1]

    @property
    def is_client(self) -> bool:
        """Tell whether it is a Windows for desktops: Hyper-V brings the Default Switch there."""
        return not self.title.startswith("Windows Server")

    @property
    def nat_on_winnat(self) -> bool:
        """Tell whether NAT networks stand on WinNAT (13.x on) instead of ICS. Source: [O] 2.7."""
        return self.hns >= (13, 0)

    @property
    def changes_load_balancers(self) -> bool:
        """Tell whether HcnModifyLoadBalancer does what it says: 15.4 says success, no more.

        Source: kubernetes#131466 [O]; hcnglobals.go of hnslib 0.1.3, which takes that path from
        15.5 on [C].
        """
        return self.hns >= (15, 5)

    @property
    def speaks_v2(self) -> bool:
        """Tell whether computenetwork.dll exists (1809 on). Source: section 5."""
        return self.hns >= (9, 0)


RELEASES: dict[str, Release] = {
    release.name: release
    for release in (
        Release("ws2016", "Windows Server 2016", 14393, (1, 1), (1, 0)),
        Release("ws1709", "Windows Server, version 1709", 16299, (5, 1), (1, 0)),
        Release("win10-1709", "Windows 10, version 1709", 16299, (5, 1), (1, 0)),
        Release("ws1803", "Windows Server, version 1803", 17134, (7, 2), (1, 0)),
        Release("ws2019-rtm", "Windows Server 2019 at release", 17763, (9, 1), (2, 0)),
        Release("ws2019", "Windows Server 2019", 17763, (9, 5), (2, 0)),
        Release("ws1903", "Windows Server, version 1903", 18362, (10, 3), (2, 4)),
        Release("win10-1903", "Windows 10, version 1903", 18362, (10, 3), (2, 4)),
        Release("win10-1909", "Windows 10, version 1909", 18363, (10, 3), (2, 4)),
        Release("ws2004", "Windows Server, version 2004", 19041, (11, 10), (2, 6)),
        Release("win10-2004", "Windows 10, version 2004", 19041, (11, 10), (2, 6)),
        Release("win10-20h2", "Windows 10, version 20H2", 19042, (11, 10), (2, 6)),
        Release("win10-21h1", "Windows 10, version 21H1", 19043, (11, 10), (2, 6)),
        Release("win10-21h2", "Windows 10, version 21H2", 19044, (11, 10), (2, 6)),
        Release("win10-22h2", "Windows 10, version 22H2", 19045, (11, 10), (2, 6)),
        Release("ws2022", "Windows Server 2022", 20348, (13, 3), (2, 11)),
        Release("win11", "Windows 11", 22621, (15, 0), (2, 14)),
        Release("ws2025", "Windows Server 2025", 26100, (15, 4), (2, 16)),
    )
}

NEWEST = max(RELEASES.values(), key=lambda release: release.hns)
"""The release of a host whose definition names none."""

# Half-open ranges of HNS versions, as hcsshim's hcnglobals.go has them; (major, None) is the end
# of that major line. Source: hns-behaviour.md section 5 [D].
_NEVER: Version = (1 << 16, 0)
_FIRST_OF_HCN: Version = (2, 0)
_NEWEST_SCHEMA = 2
_VERSION = re.compile(r"([0-9]{1,5})\.([0-9]{1,5})")
FEATURES: dict[str, tuple[tuple[Version, Version], ...]] = {
    "AclAddressLists": (((7, 2), _NEVER),),
    "AclPortRanges": (((7, 2), _NEVER),),
    "Api.V2": (((9, 2), _NEVER),),
    "RemoteSubnet": (((9, 2), _NEVER),),
    "HostRoute": (((9, 2), _NEVER),),
    "DSR": (((9, 3), (10, 0)), ((10, 2), _NEVER)),
    "Slash32EndpointPrefixes": (((9, 3), (10, 0)), ((10, 4), _NEVER)),
    "VxlanPort": (((10, 3), _NEVER),),
    "AclSupportForProtocol252": (((11, 0), _NEVER),),
    "IPv6DualStack": (((11, 10), _NEVER),),
    "SessionAffinity": (((12, 0), _NEVER),),
    "SetPolicy": (((13, 0), _NEVER),),
    "L4Proxy": (
        ((9, 5), (10, 0)),
        ((10, 5), (11, 0)),
        ((11, 11), (12, 0)),
        ((12, 1), (13, 0)),
        ((13, 1), _NEVER),
    ),
    "L4WfpProxy": (((13, 2), _NEVER),),
    "TierAcl": (((14, 0), _NEVER),),
    "NetworkACL": (((15, 0), _NEVER),),
    "NestedIpSet": (((15, 0), _NEVER),),
    "DisableHostPort": (((15, 1), _NEVER),),
    "ModifyLoadbalancer": (((15, 4), _NEVER),),
    "Accelnet": (((15, 4), _NEVER),),
    # Not in hcnglobals.go: a namespace gets its compartment at once. Source: netns_windows.go of
    # containerd [C].
    "NamespaceReadyOnCreate": (((13, 4), (14, 0)), ((15, 2), _NEVER)),
    # Several subnets in one network. Source: multi-subnet.md of Microsoft, schema 2.6 [D].
    "MultiSubnet": (((11, 0), _NEVER),),
}


def supports(release: Release, feature: str) -> bool:
    """Tell whether `release` has `feature`, a key of FEATURES."""
    return any(first <= release.hns < end for first, end in FEATURES[feature])


def require(release: Release, feature: str, hr: Hr, what: str) -> None:
    """Refuse `what` with `hr` on a release that does not have `feature` yet."""
    if not supports(release, feature):
        raise HnsError(
            hr,
            f"{what} needs {feature}, which {release.title} (HNS {release.hns[0]}.{release.hns[1]})"
            " does not have; leave it out or use a host with a newer release",
        )


def with_versions(
    release: Release,
    *,
    hns: Version | None = None,
    schema: Version | None = None,
    build: int | None = None,
) -> Release:
    """Return the release with versions and a build of a host's own; None keeps the release's.

    Builds, HNS versions and schema versions grow together from release to release; what contradicts
    the known ones is refused.

    Raises: E_INVALIDARG.
    """
    own = replace(
        release,
        hns=hns or release.hns,
        schema=schema or release.schema,
        build=release.build if build is None else build,
    )
    if own == release:
        return release
    if own.speaks_v2 != (own.schema >= _FIRST_OF_HCN):
        what = "has HCN" if own.speaks_v2 else "came before HCN"
        raise HnsError(
            Hr.E_INVALIDARG,
            f"hns_version: HNS {_text(own.hns)} {what}, schema_version {_text(own.schema)} says "
            "otherwise; HCN came with HNS 9.0 and schema 2.0",
        )
    if own.schema[0] > _NEWEST_SCHEMA:
        raise HnsError(
            Hr.E_INVALIDARG,
            f"schema_version: no schema {_text(own.schema)} is known; use one of 1.0 and 2.x",
        )
    for known in RELEASES.values():
        _check_neighbour(own, known)
    return own


def _check_neighbour(own: Release, known: Release) -> None:
    """Refuse a release whose versions are not in the order of its build and a known one's."""
    is_older = own.build < known.build
    fits_hns = own.hns[0] <= known.hns[0] if is_older else own.hns[0] >= known.hns[0]
    fits_schema = own.schema <= known.schema if is_older else own.schema >= known.schema
    if fits_hns and fits_schema:
        return
    member, has, version = (
        ("schema_version", own.schema, known.schema)
        if fits_hns
        else ("hns_version", own.hns, known.hns)
    )
    order = "older than" if is_older else "not older than"
    raise HnsError(
        Hr.E_INVALIDARG,
        f"{member}: build {own.build} is {order} {known.title} (build {known.build}), which has "
        f"{_text(version)}; {_text(has)} contradicts that, give versions and build of one Windows",
    )


def parse_version(text: str) -> Version:
    """Return a version as people write it, such as "15.5", as two numbers.

    Raises: E_INVALIDARG.
    """
    found = _VERSION.fullmatch(text)
    if found is None:
        raise HnsError(Hr.E_INVALIDARG, f"{text!r} is not a version; write two numbers, as in 15.5")
    return int(found[1]), int(found[2])


def _text(version: Version) -> str:
    return f"{version[0]}.{version[1]}"


def release_named(name: str) -> Release:
    """Return the release called `name`.

    Raises: E_INVALIDARG naming the known ones.
    """
    release = RELEASES.get(name.lower())
    if release is None:
        raise HnsError(
            Hr.E_INVALIDARG, f"unknown release {name!r}; known are {', '.join(RELEASES)}"
        )
    return release
