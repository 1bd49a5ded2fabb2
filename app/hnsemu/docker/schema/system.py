"""/version and /info as the daemon of the host's release prints them.

Source: replies of dockerd 28.5.2 [O]; BuildLabEx of each release [O].
"""

from collections.abc import Collection, Mapping

from hnsemu.docker.domain.census import Census
from hnsemu.docker.domain.daemons import MIN_VERSION, Daemon, dotted
from hnsemu.docker.domain.host_config import LOG_DRIVERS
from hnsemu.docker.domain.limits import PROCESSORS
from hnsemu.docker.domain.times import rfc3339
from hnsemu.domain.releases import Release

_OF_2004 = "19041.1.amd64fre.vb_release.191206-1406"  # what follows is an update of it
_BUILD_LABS = {
    14393: ("1607", "14393.0.amd64fre.rs1_release.160715-1616"),
    16299: ("1709", "16299.15.amd64fre.rs3_release.170928-1534"),
    17134: ("1803", "17134.1.amd64fre.rs4_release.180410-1804"),
    17763: ("1809", "17763.1.amd64fre.rs5_release.180914-1434"),
    18362: ("1903", "18362.1.amd64fre.19h1_release.190318-1202"),
    18363: ("1909", "18362.1.amd64fre.19h1_release.190318-1202"),
    19041: ("2004", _OF_2004),
    19042: ("20H2", _OF_2004),
    19043: ("21H1", _OF_2004),
    19044: ("21H2", _OF_2004),
    19045: ("22H2", _OF_2004),
    20348: ("21H2", "20348.1.amd64fre.fe_release.210507-1500"),
    22621: ("22H2", "22621.1.amd64fre.ni_release.220506-1250"),
    26100: ("24H2", "26100.1.amd64fre.ge_release.240331-1435"),
}
MEMORY = 8 << 30
_NETWORK_DRIVERS = (
    "ics", "internal", "l2bridge", "l2tunnel", "nat", "null", "overlay", "private", "transparent",
)  # fmt: skip
ENGINE_PLUGINS = (
    *({"Type": "Log", "Name": name} for name in LOG_DRIVERS),
    *({"Type": "Network", "Name": name} for name in _NETWORK_DRIVERS),
    {"Type": "Volume", "Name": "local"},
)
"""What a node of a swarm says of its daemon's parts."""


def version_document(daemon: Daemon, release: Release) -> dict[str, object]:
    """Return the reply of /version."""
    shared = {
        "ApiVersion": dotted(daemon.api),
        "MinAPIVersion": dotted(MIN_VERSION),
        "GitCommit": daemon.commit,
        "GoVersion": daemon.go,
        "Os": "windows",
        "Arch": "amd64",
        "KernelVersion": _kernel(release),
        "BuildTime": daemon.build_time,
    }
    details = dict(sorted({**shared, "Experimental": "false"}.items()))
    return {
        "Platform": {"Name": ""},
        "Components": [{"Name": "Engine", "Version": daemon.version, "Details": details}],
        "Version": daemon.version,
        **shared,
    }


def info_document(
    daemon: Daemon,
    release: Release,
    daemon_id: str,
    name: str,
    census: Census,
    now: int,
    swarm: Mapping[str, object],
) -> dict[str, object]:
    """Return the reply of /info.

    name: that of the host. now: a FILETIME. swarm: the member Swarm.
    """
    return {
        "ID": daemon_id,
        "Containers": census.running + census.paused + census.stopped,
        "ContainersRunning": census.running,
        "ContainersPaused": census.paused,
        "ContainersStopped": census.stopped,
        "Images": census.images,
        "Driver": "windowsfilter",
        "DriverStatus": [["Windows", ""]],
        "Plugins": {
            "Volume": ["local"],
            "Network": list(_NETWORK_DRIVERS),
            "Authorization": None,
            "Log": list(LOG_DRIVERS),
        },
        **_limits(),
        "IPv4Forwarding": True,
        "Debug": False,
        "NFd": -1,
        "OomKillDisable": False,
        "NGoroutines": 25,
        "SystemTime": rfc3339(now),
        "LoggingDriver": "json-file",
        "CgroupDriver": "",
        "NEventsListener": 0,
        **_machine(release, name),
        "Labels": [],
        "ExperimentalBuild": False,
        "ServerVersion": daemon.version,
        "Runtimes": None,
        "DefaultRuntime": "",
        "Swarm": swarm,
        "LiveRestoreEnabled": False,
        "Isolation": "hyperv" if release.is_client else "process",
        "InitBinary": "",
        "ContainerdCommit": {"ID": ""},
        "RuncCommit": {"ID": ""},
        "InitCommit": {"ID": ""},
        "SecurityOptions": None,
        "CDISpecDirs": ["/etc/cdi", "/var/run/cdi"],
        "Warnings": None,
    }


def usage_document(
    kinds: Collection[str], images: object, containers: object, volumes: object
) -> dict[str, object]:
    """Return the reply of /system/df; kinds that were not asked for are null."""
    return {
        "LayersSize": 0,
        "Images": images if "image" in kinds else None,
        "Containers": containers if "container" in kinds else None,
        "Volumes": volumes if "volume" in kinds else None,
        "BuildCache": [] if "build-cache" in kinds else None,
    }


def _limits() -> dict[str, object]:
    names = (
        "MemoryLimit", "SwapLimit", "CpuCfsPeriod", "CpuCfsQuota", "CPUShares", "CPUSet",
        "PidsLimit",
    )  # fmt: skip
    return dict.fromkeys(names, False)


def _machine(release: Release, name: str) -> dict[str, object]:
    return {
        "KernelVersion": _kernel(release),
        "OperatingSystem": _operating_system(release),
        "OSVersion": f"10.0.{release.build}",
        "OSType": "windows",
        "Architecture": "x86_64",
        "IndexServerAddress": "https://index.docker.io/v1/",
        "RegistryConfig": {
            "IndexConfigs": {
                "docker.io": {"Mirrors": [], "Name": "docker.io", "Official": True, "Secure": True}
            },
            "InsecureRegistryCIDRs": ["::1/128", "127.0.0.0/8"],
            "Mirrors": None,
        },
        "NCPU": PROCESSORS,
        "MemTotal": MEMORY,
        "GenericResources": None,
        "DockerRootDir": "C:\\ProgramData\\docker",
        "HttpProxy": "",
        "HttpsProxy": "",
        "NoProxy": "",
        "Name": name,
    }


def _kernel(release: Release) -> str:
    return f"10.0 {release.build} ({_lab(release)[1]})"


def _lab(release: Release) -> tuple[str, str]:
    """Return the version and BuildLabEx of the release; those of the next older one of a build."""
    known = [build for build in _BUILD_LABS if build <= release.build] or [min(_BUILD_LABS)]
    return _BUILD_LABS[max(known)]


def _operating_system(release: Release) -> str:
    name = "Microsoft Windows" if release.is_client else "Microsoft Windows Server"
    version, lab = _lab(release)
    revision = lab.split(".")[1]
    return f"{name} Version {version} (OS Build {release.build}.{revision})"
