"""What is mounted into a container, as it was asked for in each of three ways."""

from typing import Any

import pytest

from hnsemu.docker.domain.mounts import (
    Mount,
    check_mounts,
    mount_point,
    mounts_of,
    read_volumes_from,
    taken_from,
)
from hnsemu.docker.errors import DockerError


def volume(name: str, target: str, *, is_writable: bool = True) -> Mount:
    return Mount("volume", name, mount_point(name), target, is_writable)


@pytest.mark.parametrize(
    ("bind", "mount"),
    [
        (r"C:\Data:C:\App", Mount("bind", "", r"c:\data", r"c:\app")),
        (r"C:\Data\:C:\App\:ro", Mount("bind", "", r"c:\data", r"c:\app", is_writable=False)),
        ("c:/data:c:/app", Mount("bind", "", r"c:\data", r"c:\app")),
        (r"C:\:D:", Mount("bind", "", "c:\\", "d:")),
        (r"Logs:C:\logs:ro", volume("logs", r"c:\logs", is_writable=False)),
        (r"data:C:\x", volume("data", r"c:\x")),
        (
            r"\\.\pipe\docker:\\.\pipe\docker",
            Mount("npipe", "", r"\\.\pipe\docker", r"\\.\pipe\docker"),
        ),
        (r"pipes:\\.\pipe\x", volume("pipes", r"\\.\pipe\x")),
    ],
)
def test_a_bind_is_read_in_lower_case(bind: str, mount: Mount) -> None:
    assert mounts_of("id", {"Binds": [bind]}, {}) == (mount,)


@pytest.mark.parametrize(
    ("document", "mount"),
    [
        (
            {"Type": "bind", "Source": r"C:\Data", "Target": r"C:\App", "ReadOnly": True},
            Mount("bind", "", r"C:\Data", r"C:\App", is_writable=False),
        ),
        ({"Type": "volume", "Source": "Data", "Target": "C:/x"}, volume("data", r"C:\x")),
        (
            {"Type": "npipe", "Source": r"\\.\pipe\a", "Target": r"\\.\pipe\a"},
            Mount("npipe", "", r"\\.\pipe\a", r"\\.\pipe\a"),
        ),
    ],
)
def test_a_mount_keeps_its_case(document: dict[str, Any], mount: Mount) -> None:
    assert mounts_of("id", {"Mounts": [document]}, {}) == (mount,)


def test_a_volume_that_nobody_named_has_a_name_of_its_own() -> None:
    config: dict[str, Any] = {"Volumes": {r"C:\x": {}}}
    [mount] = mounts_of("id", {}, config)
    [again] = mounts_of("id", {}, config)
    [other] = mounts_of("other", {}, config)
    assert (mount.is_anonymous, len(mount.name), mount.target) == (True, 64, r"c:\x")
    assert mount == again != other


def test_one_thing_is_mounted_on_each_target() -> None:
    host_config = {"Binds": [r"data:C:\x"]}
    mounts = mounts_of("id", host_config, {"Volumes": {r"C:\X": {}, r"C:\y": {}}})
    assert [(mount.target, mount.is_anonymous) for mount in mounts] == [
        (r"c:\x", False),
        (r"c:\y", True),
    ]


@pytest.mark.parametrize("bind", ["/data:/app", "data", "C:\\x:app", "", "a:b:c:d", r"C:\x:C:\y:z"])
def test_a_bind_that_windows_cannot_read_is_refused(bind: str) -> None:
    with pytest.raises(DockerError) as refusal:
        check_mounts({"Binds": [bind]}, {})
    expected = f"invalid volume specification: '{bind}'"
    assert (refusal.value.status, refusal.value.message) == (500, expected)
    assert mounts_of("id", {"Binds": [bind]}, {}) == ()


def test_a_long_bind_is_read_once() -> None:
    with pytest.raises(DockerError, match="invalid volume specification"):
        check_mounts({"Binds": ["C:\\" + "x" * 100_000 + "?:C:\\"]}, {})


def test_binds_that_windows_can_read_are_taken() -> None:
    check_mounts({"Binds": None, "Mounts": None}, {"Volumes": None})
    pipe = r"\\.\pipe\docker_engine"
    check_mounts({"Mounts": [{"Type": "npipe", "Source": pipe, "Target": pipe}]}, {})
    check_mounts({"Mounts": [{"Type": "volume", "Target": "C:\\x", "ReadOnly": False}]}, {})


REFUSED: dict[str, dict[str, Any]] = {
    "field Target must not be empty": {"Type": "tmpfs"},
    "mount type unknown": {"Type": "tmpfs", "Target": "C:\\x"},
    "field Source must not be empty": {"Type": "bind", "Target": "C:\\x"},
    "field VolumeOptions must not be specified": {
        "Type": "bind", "Source": "C:\\a", "Target": "C:\\x", "VolumeOptions": {}
    },
    "field BindOptions must not be specified": {
        "Type": "volume", "Source": "a", "Target": "C:\\x", "BindOptions": {}
    },
    "must not set ReadOnly mode when using anonymous volumes": {
        "Type": "volume", "Target": "C:\\x", "ReadOnly": True
    },
    "field ReadOnly must not be specified": {
        "Type": "npipe", "Source": r"\\.\pipe\a", "Target": r"\\.\pipe\a", "ReadOnly": True
    },
    r"'C:\a' is not a valid pipe path": {
        "Type": "npipe", "Source": r"C:\a", "Target": r"\\.\pipe\a"
    },
}  # fmt: skip


@pytest.mark.parametrize("why", REFUSED)
def test_what_no_mount_of_windows_can_be_is_refused(why: str) -> None:
    mount = REFUSED[why]
    with pytest.raises(DockerError) as refused:
        check_mounts({"Mounts": [mount]}, {})
    expected = f'invalid mount config for type "{mount["Type"]}": {why}'
    assert (refused.value.status, str(refused.value)) == (400, expected)


def test_what_is_taken_of_others_stands_between_own_binds_and_own_volumes() -> None:
    taken = [volume("theirs", target) for target in (r"c:\bind", r"c:\volume", r"c:\taken")]
    mounts = mounts_of("id", {"Binds": [r"own:C:\bind"]}, {"Volumes": {r"C:\volume": {}}}, taken)
    assert {mount.target: mount.name for mount in mounts} == {
        r"c:\bind": "own",
        r"c:\volume": "theirs",
        r"c:\taken": "theirs",
    }


def test_of_several_others_the_last_one_wins() -> None:
    first = [volume("a", r"c:\x"), volume("a", r"c:\y", is_writable=False)]
    taken = taken_from([(first, True), ([volume("b", r"c:\x")], False)])
    assert taken == (
        volume("b", r"c:\x", is_writable=False),
        volume("a", r"c:\y", is_writable=False),
    )


@pytest.mark.parametrize(
    ("text", "container", "is_writable"),
    [("web", "web", True), ("web:RO", "web", False), ("web:rw", "web", True), (":ro", "", False)],
)
def test_an_entry_of_volumes_from_is_read(text: str, container: str, *, is_writable: bool) -> None:
    assert read_volumes_from(text) == (container, is_writable)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "volumes-from specification cannot be an empty string"),
        ("web:z", "invalid mode: z"),
        ("web:ro,nocopy", "invalid mode: ro,nocopy"),
    ],
)
def test_an_entry_of_volumes_from_that_is_none_is_refused(text: str, says: str) -> None:
    with pytest.raises(DockerError) as refused:
        read_volumes_from(text)
    assert (refused.value.status, refused.value.message) == (400, says)
