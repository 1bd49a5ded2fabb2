"""Names of volumes, and which volumes a container uses."""

import pytest

from hnsemu.docker.domain.mounts import mounts_of
from hnsemu.docker.domain.volumes import check_unused, check_volume, normalised, volumes_of
from hnsemu.docker.errors import DockerError


@pytest.mark.parametrize(
    ("name", "driver", "options", "status", "text"),
    [
        ("data", "nfs", None, 404, "create data: error looking up volume plugin nfs"),
        ("d", "", None, 400, "create d: volume name is too short"),
        ("a b", "local", None, 400, 'create a b: "a b" includes invalid characters'),
        ("a" * 256, "local", None, 400, "includes invalid characters"),
        ("data", "local", {"o": "1"}, 400, "options are not supported on this platform"),
    ],
)
def test_a_volume_is_refused(
    name: str, driver: str, options: dict[str, str] | None, status: int, text: str
) -> None:
    with pytest.raises(DockerError) as refusal:
        check_volume(name, driver, options)
    assert refusal.value.status == status
    assert text in refusal.value.message


@pytest.mark.parametrize(("name", "driver"), [("data", "local"), ("a1_.-", ""), ("a" * 64, "")])
def test_a_volume_is_allowed(name: str, driver: str) -> None:
    check_volume(name, driver, {})


def test_a_container_uses_the_volumes_that_are_mounted() -> None:
    host_config = {"Binds": ["Data:C:\\data", r"C:\x:C:\y", r"\\.\pipe\a:\\.\pipe\b"]}
    mounts = mounts_of("id", host_config, {"Volumes": {r"C:\v": {}}})
    anonymous = next(mount.name for mount in mounts if mount.is_anonymous)
    assert volumes_of(mounts) == {"data": False, anonymous: True}


def test_a_volume_in_use_is_kept() -> None:
    check_unused("data", [])
    with pytest.raises(DockerError, match=r"remove data: volume is in use - \[c1, c2\]"):
        check_unused("data", ["c1", "c2"])


def test_names_are_lower_case_on_windows() -> None:
    assert normalised("Data") == "data"
