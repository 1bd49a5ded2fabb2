"""Release profiles: the versions and features of each Windows release."""

from pydantic import BaseModel, ConfigDict, Field

from hnsemu.domain.releases import FEATURES, RELEASES, Release, supports


class VersionNumber(BaseModel):
    """A version as HNS prints it."""

    model_config = ConfigDict(frozen=True)

    major: int
    minor: int


class ReleaseProfile(BaseModel):
    """One Windows release."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(examples=["ws2022"])
    title: str = Field(examples=["Windows Server 2022"])
    build: int = Field(examples=[20348])
    hns_version: VersionNumber
    schema_version: VersionNumber = Field(description="Newest HCN schema version of the release.")
    hcn: bool = Field(description="Whether the release has the HCN API (/v2).")
    nat_engine: str = Field(description="The NAT behind NAT networks: WinNAT or ICS.")
    features: dict[str, bool]


def release_profiles() -> tuple[ReleaseProfile, ...]:
    """Return the profiles of all releases, oldest first."""
    return tuple(release_profile(release) for release in RELEASES.values())


def release_profile(release: Release) -> ReleaseProfile:
    """Return the profile of `release`."""
    return ReleaseProfile(
        name=release.name,
        title=release.title,
        build=release.build,
        hns_version=VersionNumber(major=release.hns[0], minor=release.hns[1]),
        schema_version=VersionNumber(major=release.schema[0], minor=release.schema[1]),
        hcn=release.speaks_v2,
        nat_engine="WinNAT" if release.nat_on_winnat else "ICS",
        features={feature: supports(release, feature) for feature in FEATURES},
    )
