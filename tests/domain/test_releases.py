"""Releases as data: what each has, and what it refuses."""

from typing import Any

import pytest

from hnsemu.domain.releases import (
    FEATURES,
    NEWEST,
    RELEASES,
    Release,
    Version,
    parse_version,
    release_named,
    require,
    supports,
    with_versions,
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
    with pytest.raises(HnsError, match="known are ws2016, ws1709") as refusal:
        release_named("ws2030")
    assert refusal.value.hr is Hr.E_INVALIDARG


def test_the_newest_release_is_a_server() -> None:
    assert NEWEST.build == max(release.build for release in RELEASES.values())
    assert not NEWEST.is_client


@pytest.mark.parametrize(
    ("hns", "changes"), [((15, 4), False), ((15, 5), True), ((16, 0), True)], ids=str
)
def test_load_balancers_are_changed_from_15_5_on(hns: Version, *, changes: bool) -> None:
    release = with_versions(RELEASES["ws2025"], hns=hns)
    assert supports(release, "ModifyLoadbalancer")
    assert release.changes_load_balancers is changes


@pytest.mark.parametrize("release", RELEASES.values(), ids=lambda release: release.name)
def test_no_release_contradicts_the_others(release: Release) -> None:
    assert with_versions(release, build=release.build) is release
    update = with_versions(release, hns=(release.hns[0], release.hns[1] + 1))
    assert (update.name, update.build, update.schema) == (
        release.name,
        release.build,
        release.schema,
    )


def test_a_host_may_have_versions_of_its_own() -> None:
    insider = with_versions(RELEASES["ws2025"], hns=(16, 0), schema=(2, 17), build=27000)
    assert (insider.name, insider.packed_version) == ("ws2025", 16 << 32)
    assert (insider.schema, insider.build) == ((2, 17), 27000)


@pytest.mark.parametrize(
    ("release", "versions", "named"),
    [
        ("ws2025", {"hns": (9, 5)}, "hns_version"),
        ("ws2019", {"hns": (15, 5)}, "hns_version"),
        ("ws2019", {"build": 26100}, "build 26100 is not older than"),
        ("ws2025", {"build": 17763}, "build 17763 is older than"),
        ("ws2022", {"schema": (2, 0)}, "schema_version"),
        ("ws2019", {"schema": (2, 16)}, "schema_version"),
        ("ws2025", {"schema": (3, 0)}, "no schema 3.0"),
        ("ws2022", {"schema": (1, 0)}, "HCN came with"),
        ("ws1803", {"schema": (2, 0)}, "HCN came with"),
    ],
)
def test_versions_that_no_windows_has_together_are_refused(
    release: str, versions: dict[str, Any], named: str
) -> None:
    with pytest.raises(HnsError, match=named) as refusal:
        with_versions(RELEASES[release], **versions)
    assert refusal.value.hr is Hr.E_INVALIDARG


def test_a_version_is_two_numbers() -> None:
    assert parse_version("15.5") == (15, 5)


@pytest.mark.parametrize("text", ["", "15", "15.5.1", "15.", "-1.0", "x.y", "15.5\n", "123456.0"])
def test_anything_else_is_no_version(text: str) -> None:
    with pytest.raises(HnsError, match="two numbers") as refusal:
        parse_version(text)
    assert refusal.value.hr is Hr.E_INVALIDARG
