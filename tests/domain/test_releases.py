"""Releases as data: what each has, and what it refuses."""

import pytest

from hnsemu.domain.releases import (
    FEATURES,
    NEWEST,
    RELEASES,
    release_named,
    require,
    supports,
)
from hnsemu.errors import HnsError, Hr


@pytest.mark.parametrize(
    ("feature", "first"),
    [
        ("AclPortRanges", "ws1803"),
        ("RemoteSubnet", "ws2019"),
        ("VxlanPort", "ws1903"),
        ("IPv6DualStack", "ws2004"),
        ("MultiSubnet", "ws2004"),
        ("SessionAffinity", "ws2022"),
        ("SetPolicy", "ws2022"),
        ("L4WfpProxy", "ws2022"),
        ("TierAcl", "win11"),
        ("NetworkACL", "win11"),
        ("DisableHostPort", "ws2025"),
        ("ModifyLoadbalancer", "ws2025"),
    ],
)
def test_a_feature_comes_with_a_release_and_stays(feature: str, first: str) -> None:
    names = list(RELEASES)
    having = [name for name in names if supports(RELEASES[name], feature)]
    assert having == names[names.index(first) :]


def test_features_that_were_brought_to_older_lines_have_gaps() -> None:
    having = {name for name, release in RELEASES.items() if supports(release, "L4Proxy")}
    assert having == {"ws2019", "ws2022", "win11", "ws2025"}
    assert supports(RELEASES["ws2019"], "DSR")
    assert not supports(RELEASES["ws2019-rtm"], "DSR")


@pytest.mark.parametrize("feature", sorted(FEATURES))
def test_a_release_without_a_feature_refuses_it_by_name(feature: str) -> None:
    with pytest.raises(HnsError, match=rf"needs {feature}, which Windows Server 2016 \(HNS 1\.1\)"):
        require(RELEASES["ws2016"], feature, Hr.HCN_E_INVALID_POLICY, "it")


@pytest.mark.parametrize("feature", sorted(FEATURES))
def test_the_newest_release_has_every_feature(feature: str) -> None:
    require(RELEASES["ws2025"], feature, Hr.HCN_E_INVALID_POLICY, "it")


@pytest.mark.parametrize(
    ("name", "packed", "client", "winnat", "v2"),
    [
        ("ws2016", 0x1_0000_0001, False, False, False),
        ("ws2019", 0x9_0000_0005, False, False, True),
        ("win11", 0xF_0000_0000, True, True, True),
        ("ws2025", 0xF_0000_0004, False, True, True),
    ],
)
def test_the_rest_follows_from_the_version(
    name: str,
    packed: int,
    client: bool,  # noqa: FBT001
    winnat: bool,  # noqa: FBT001
    v2: bool,  # noqa: FBT001
) -> None:
    release = RELEASES[name]
    assert release.packed_version == packed
    assert (release.is_client, release.nat_on_winnat, release.speaks_v2) == (client, winnat, v2)


def test_releases_are_named_in_any_case() -> None:
    assert release_named("WS2022") is RELEASES["ws2022"]
    with pytest.raises(HnsError, match="known are ws2016, ws1803") as refusal:
        release_named("ws2030")
    assert refusal.value.hr is Hr.E_INVALIDARG


def test_the_newest_release_is_a_server() -> None:
    assert NEWEST.build == max(release.build for release in RELEASES.values())
    assert not NEWEST.is_client
