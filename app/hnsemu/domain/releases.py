"""Windows releases as data: HNS and schema versions, and which feature came with which version."""

from dataclasses import dataclass

from hnsemu.errors import HnsError, Hr

Version = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Release:
    """One Windows release as HNS shows it.

    hns:    what GET /globals/version answers, (major, minor).
    schema: newest HCN schema version the release reads, (major, minor).
    Source: hns-behaviour.md section 5 ([O] HNS versions; schema map [D] for 2.0, 2.6, 2.11 and
    2.14, the others interpolated [I]).
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
    def speaks_v2(self) -> bool:
        """Tell whether computenetwork.dll exists (1809 on). Source: section 5."""
        return self.hns >= (9, 0)


RELEASES: dict[str, Release] = {
    release.name: release
    for release in (
        Release("ws2016", "Windows Server 2016", 14393, (1, 1), (1, 0)),
        Release("ws1803", "Windows Server, version 1803", 17134, (7, 2), (1, 0)),
        Release("ws2019-rtm", "Windows Server 2019 at release", 17763, (9, 1), (2, 0)),
        Release("ws2019", "Windows Server 2019", 17763, (9, 5), (2, 0)),
        Release("ws1903", "Windows Server, version 1903", 18362, (10, 3), (2, 4)),
        Release("ws2004", "Windows Server, version 2004", 19041, (11, 10), (2, 6)),
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
    # Not in hcnglobals.go: IPv6 addresses by HNS, l2bridge only. Source: section 7.2 [D].
    "IPv6OnL2Bridge": (((13, 0), _NEVER),),
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
