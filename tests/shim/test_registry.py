"""What programs read from the registry about the Windows they run on."""

from dataclasses import replace

import pytest

from hnsemu.domain.releases import RELEASES, Release
from hnsemu.wine.registry import registry_file


@pytest.mark.parametrize("release", RELEASES.values(), ids=lambda release: release.name)
def test_every_release_has_its_build_and_product(release: Release) -> None:
    text = registry_file(release)
    assert f'"CurrentBuildNumber"="{release.build}"' in text
    assert f'"ProductType"="{"WinNT" if release.is_client else "ServerNT"}"' in text


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("win10-1909", ['"ProductName"="Windows 10 Enterprise"', '"ReleaseId"="1909"']),
        ("win10-22h2", ['"ProductName"="Windows 10 Enterprise"', '"DisplayVersion"="22H2"']),
        ("ws1803", ['"ProductName"="Windows Server Datacenter"', '"ReleaseId"="1803"']),
        ("ws2019-rtm", ['"ProductName"="Windows Server 2019 Datacenter"']),
    ],
)
def test_versions_are_shown_as_windows_shows_them(name: str, lines: list[str]) -> None:
    text = registry_file(RELEASES[name])
    assert [line for line in lines if line not in text] == []


@pytest.mark.parametrize(("build", "shown"), [(26200, "24H2"), (20349, "21H2"), (1, "1607")])
def test_a_build_of_a_host_s_own_has_the_name_of_the_one_before(build: int, shown: str) -> None:
    text = registry_file(replace(RELEASES["ws2025"], build=build))
    assert f'"CurrentBuild"="{build}"' in text
    assert f'="{shown}"' in text
