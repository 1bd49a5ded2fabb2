"""What a program reads from the registry about its Windows: the release of the emulated host."""

from hnsemu.domain.releases import Release

# The name of each build as Windows shows it in `ver` and winver. Source: Microsoft's release
# information pages [D].
_DISPLAY_VERSIONS = {
    14393: "1607",
    17134: "1803",
    17763: "1809",
    18362: "1903",
    19041: "2004",
    20348: "21H2",
    22621: "22H2",
    26100: "24H2",
}
_LAST_RELEASE_ID = "2009"  # what ReleaseId has stayed at since [D]
_FIRST_WITH_DISPLAY_VERSION = 20348

_CURRENT_VERSION = r"HKEY_LOCAL_MACHINE\Software\Microsoft\Windows NT\CurrentVersion"
_PRODUCT_OPTIONS = r"HKEY_LOCAL_MACHINE\System\CurrentControlSet\Control\ProductOptions"


def registry_file(release: Release) -> str:
    """Return the text of a .reg file that makes Wine a host of `release`.

    Wine's RtlGetVersion, on which Go's and hcsshim's branches rest, reads the version, the build
    and the product type there.
    """
    build = str(release.build)
    shown = _DISPLAY_VERSIONS[release.build]
    has_display_version = release.build >= _FIRST_WITH_DISPLAY_VERSION
    values: dict[str, str | int] = {
        "CurrentVersion": "10.0",  # Windows has 6.3 there; Wine takes the whole version from it
        "CurrentBuild": build,
        "CurrentBuildNumber": build,
        "CurrentMajorVersionNumber": 10,
        "CurrentMinorVersionNumber": 0,
        "CSDVersion": "",
        "ProductName": _product_name(release),
        "DisplayVersion": shown if has_display_version else "",
        "ReleaseId": _LAST_RELEASE_ID if has_display_version else shown,
        "InstallationType": "Client" if release.is_client else "Server",
        "EditionID": "Enterprise" if release.is_client else "ServerDatacenter",
    }
    product: dict[str, str | int] = {"ProductType": "WinNT" if release.is_client else "ServerNT"}
    keys = {_CURRENT_VERSION: values, _PRODUCT_OPTIONS: product}
    parts = ["Windows Registry Editor Version 5.00", ""]
    for key, members in keys.items():
        parts += [f"[{key}]", *(f'"{name}"={_value(value)}' for name, value in members.items()), ""]
    return "\r\n".join(parts)


def _product_name(release: Release) -> str:
    if release.is_client:
        return f"{release.title} Enterprise"
    year = release.title.removesuffix(" at release")
    return f"{year} Datacenter"


def _value(value: str | int) -> str:
    return f'"{value}"' if isinstance(value, str) else f"dword:{value:08x}"
