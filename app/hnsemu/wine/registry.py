"""What a program reads from the registry about its Windows: the release of the emulated host."""

from collections.abc import Mapping

from hnsemu.domain.releases import Release

# The name of each build as Windows shows it in `ver` and winver. Source: Microsoft's release
# information pages [D].
_DISPLAY_VERSIONS = {
    14393: "1607",
    16299: "1709",
    17134: "1803",
    17763: "1809",
    18362: "1903",
    18363: "1909",
    19041: "2004",
    19042: "20H2",
    19043: "21H1",
    19044: "21H2",
    19045: "22H2",
    20348: "21H2",
    22621: "22H2",
    26100: "24H2",
}
_REVISION = 1  # UBR: HNS' behaviour is emulated by build, not by update
# The branch from which each build was released, and when, as BuildLabEx has it [D].
_BRANCHES = {
    14393: "rs1_release.160715-1616",
    16299: "rs3_release.170928-1534",
    17134: "rs4_release.180410-1804",
    17763: "rs5_release.180914-1434",
    18362: "19h1_release.190318-1202",
    19041: "vb_release.191206-1406",
    20348: "fe_release.210507-1500",
    22621: "ni_release.220506-1250",
    26100: "ge_release.240331-1435",
}
_LAST_RELEASE_ID = "2009"  # what ReleaseId has stayed at since [D]
_FIRST_WITH_DISPLAY_VERSION = 19042

# What Wine would start with every first program and no program here asks for.
_UNUSED_SERVICES = ("Eventlog", "NDIS", "PlugPlay")
_DISABLED = 4

_CURRENT_VERSION = r"HKEY_LOCAL_MACHINE\Software\Microsoft\Windows NT\CurrentVersion"
_PRODUCT_OPTIONS = r"HKEY_LOCAL_MACHINE\System\CurrentControlSet\Control\ProductOptions"
_SERVICES = r"HKEY_LOCAL_MACHINE\System\CurrentControlSet\Services"

# The services that a container host has; dockerd does not start without. They are never run here.
_HOST_SERVICES = {"hns": "Host Network Service", "vmcompute": "Hyper-V Host Compute Service"}


def registry_file(release: Release) -> str:
    """Return the text of a .reg file that makes Wine a host of `release`.

    Wine's RtlGetVersion, on which Go's and hcsshim's branches rest, reads the version, the build
    and the product type there.
    """
    build = str(release.build)
    shown = _of_build(_DISPLAY_VERSIONS, release.build)
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
        "UBR": _REVISION,
        "BuildLabEx": f"{build}.{_REVISION}.amd64fre.{_of_build(_BRANCHES, release.build)}",
    }
    product: dict[str, str | int] = {"ProductType": "WinNT" if release.is_client else "ServerNT"}
    services = {rf"{_SERVICES}\{name}": _service(title) for name, title in _HOST_SERVICES.items()}
    for name in _UNUSED_SERVICES:
        services[rf"{_SERVICES}\{name}"] = {"Start": _DISABLED}
    keys = {_CURRENT_VERSION: values, _PRODUCT_OPTIONS: product, **services}
    parts = ["Windows Registry Editor Version 5.00", ""]
    for key, members in keys.items():
        parts += [f"[{key}]", *(f'"{name}"={_value(value)}' for name, value in members.items()), ""]
    return "\r\n".join(parts)


def _of_build(names: Mapping[int, str], build: int) -> str:
    """Return the name of the build, or of the newest known one before it."""
    known = [number for number in names if number <= build]
    return names[max(known, default=min(names))]


def _product_name(release: Release) -> str:
    product = release.title.removesuffix(" at release").partition(",")[0]
    return f"{product} {'Enterprise' if release.is_client else 'Datacenter'}"


def _service(title: str) -> dict[str, str | int]:
    """Return the values of a service that shares svchost and is started on demand."""
    return {
        "DisplayName": title,
        "ImagePath": r"C:\windows\system32\svchost.exe",
        "ObjectName": "LocalSystem",
        "Start": 3,
        "Type": 0x20,
        "ErrorControl": 1,
    }


def _value(value: str | int) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\") + '"'
    return f"dword:{value:08x}"
